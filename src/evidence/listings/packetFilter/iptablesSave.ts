import { EvidenceError } from '../../text/error.js';
import { nonEmptyLines } from '../../text/lines.js';
import type { RuleCount } from '../../model/ruleCount.js';

/**
 * Parses `iptables-save -c` (family `ip`) or `ip6tables-save -c` (`ip6`): the rules in order, each with its packet counter. The policy of a
 * built-in chain becomes the rule `-P CHAIN POLICY`. (iptables-nft also prints 0 for a policy that nf_tables does not count.)
 * Throws EvidenceError that quotes a line it cannot read.
 */
export function parseIptablesSave(text: string, family: 'ip' | 'ip6'): RuleCount[] {
  const rules: RuleCount[] = [];
  let table: string | undefined;
  for (const line of nonEmptyLines(text)) {
    if (line.startsWith('#')) continue;
    if (line.startsWith('*')) {
      table = line.slice(1);
    } else if (line === 'COMMIT') {
      table = undefined;
    } else {
      const rule = table === undefined ? undefined : parseLine(line, table);
      if (rule === undefined) throw notARule(line);
      if (!rule.rule.endsWith(' -')) rules.push({ family, ...rule });
    }
  }
  return rules;
}

function parseLine(line: string, table: string): Omit<RuleCount, 'family'> | undefined {
  const policy = /^:(\S+) (\S+) \[(\d+):\d+\]$/.exec(line);
  if (policy !== null) {
    const [, chain = '', target = '', packets] = policy;
    return { table, chain, rule: `-P ${chain} ${target}`, packets: Number(packets) };
  }
  const rule = /^\[(\d+):\d+\] (-A (\S+).*)$/.exec(line);
  if (rule === null) return undefined;
  const [, packets, text = '', chain = ''] = rule;
  return { table, chain, rule: text, packets: Number(packets) };
}

function notARule(line: string): EvidenceError {
  return new EvidenceError(
    `Expected a line of iptables-save -c (a table, a chain or a rule with its counters), found ${JSON.stringify(line)}.`,
  );
}
