import { EvidenceError } from './error.js';
import { nonEmptyLines } from './lines.js';
import type { RuleCount } from './types.js';

/** Tables that iptables-nft keeps, and `iptables-save` lists: listed here a second time, in another language. */
const iptablesTables: ReadonlySet<string> = new Set(['filter', 'nat', 'mangle', 'raw', 'security']);

interface Table {
  readonly family: string;
  readonly name: string;
}

/**
 * Parses `nft list ruleset`: the rules of native tables in order, each with what its counter says, and the policy of a base chain
 * as the rule `-P CHAIN POLICY`, which nftables never counts. With `all`, those of the tables that iptables-nft keeps too. Throws EvidenceError quoting a line that is outside of any table.
 */
export function parseNftRuleset(text: string, which: 'native' | 'all' = 'native'): RuleCount[] {
  const rules: RuleCount[] = [];
  let table: Table | undefined;
  for (const { path, line } of statements(text)) {
    const [head, block, ...deeper] = path;
    if (head === undefined) throw notARuleset(line);
    const match = /^table (\S+) (\S+)$/.exec(head);
    if (match === null) throw notARuleset(head);
    table = { family: match[1] ?? '', name: match[2] ?? '' };
    const chain = block === undefined || deeper.length > 0 ? null : /^chain (\S+)$/.exec(block);
    if (chain === null || (which === 'native' && isOfIptables(table))) continue;
    rules.push(...readStatement(table, chain[1] ?? '', line));
  }
  return rules;
}

function isOfIptables({ family, name }: Table): boolean {
  return (family === 'ip' || family === 'ip6') && iptablesTables.has(name);
}

function readStatement(table: Table, chain: string, line: string): RuleCount[] {
  const place = { family: table.family, table: table.name, chain };
  if (/^type \S+ hook /.test(line)) {
    const policy = /policy (\w+);/.exec(line)?.[1];
    return policy === undefined
      ? []
      : [{ ...place, rule: `-P ${chain} ${policy.toUpperCase()}`, packets: undefined }];
  }
  // A chain may have a comment, which stands where rules do.
  if (/^comment "[^"]*"$/.test(line)) return [];
  const packets = /\bcounter packets (\d+) bytes \d+/.exec(line)?.[1];
  return [
    {
      ...place,
      rule: line.replace(/\bcounter packets \d+ bytes \d+ ?/, '').trim(),
      packets: packets === undefined ? undefined : Number(packets),
    },
  ];
}

interface Statement {
  /** Headings of the blocks around it, outermost first. */
  readonly path: readonly string[];
  readonly line: string;
}

/** The listing's statements, with those that nft breaks over several lines, inside the braces of a set, joined again. */
function statements(text: string): Statement[] {
  const found: Statement[] = [];
  const path: string[] = [];
  let begun = '';
  for (const raw of nonEmptyLines(text)) {
    const line = `${begun} ${raw.trim()}`.trim();
    begun = '';
    if (line.startsWith('#')) continue;
    const open = openBraces(line);
    if (open === 0) found.push({ path: [...path], line });
    else if (line === '}') path.pop();
    else if (isHeading(line, path.length)) path.push(line.replace(/ *\{$/, ''));
    else begun = line;
  }
  return found;
}

/** Only tables and what is directly in them have blocks of their own; a brace further in opens a set. */
function isHeading(line: string, depth: number): boolean {
  return depth < 2 && /^\w[^{]*\{$/.test(line);
}

function openBraces(line: string): number {
  const bare = line.replace(/"[^"]*"/g, '');
  return bare.split('{').length - bare.split('}').length;
}

function notARuleset(line: string): EvidenceError {
  return new EvidenceError(
    `Expected a line of nft list ruleset (a table with its chains), found ${JSON.stringify(line)}.`,
  );
}
