import { EvidenceError } from '../../text/error.js';
import { nonEmptyLines } from '../../text/lines.js';
import type { RuleCount } from '../../model/ruleCount.js';

interface Table {
  readonly family: string;
  readonly name: string;
}

/** A table's maps and counters, which rules refer to by name. */
interface Named {
  /** For each `FAMILY TABLE NAME`, the map's elements as listed. */
  readonly maps: Map<string, string>;
  /** For each `FAMILY TABLE NAME`, the counter's packets. Rules that share one cannot be told apart by it. */
  readonly counters: Map<string, number>;
}

/**
 * Parses the text of `nft list ruleset`: the rules of all tables in order, including those of iptables-nft, each with its counter. The policy
 * of a base chain becomes the rule `-P CHAIN POLICY`, whose count nft does not print. It is the text and not `nft -j` because the JSON has
 * no words of a rule, which reports quote, and of iptables-nft's matches the names without their options, and because runs that were recorded
 * have the text. Throws EvidenceError that quotes a line outside of any table.
 */
export function parseNftRuleset(text: string): RuleCount[] {
  const listed = statements(text).map(({ path, line }) => ({ ...placeOf(path, line), line }));
  const named: Named = { maps: new Map(), counters: new Map() };
  for (const { table, kind, name, line } of listed) {
    const key = `${table.family} ${table.name} ${name}`;
    const elements = /^elements = \{(.*)\}$/.exec(line)?.[1]?.trim();
    const packets = /^packets (\d+) bytes \d+$/.exec(line)?.[1];
    if (kind === 'map' && elements !== undefined) named.maps.set(key, elements);
    if (kind === 'counter' && packets !== undefined) named.counters.set(key, Number(packets));
  }
  const inChains = listed.filter(({ kind }) => kind === 'chain');
  const uses = inChains.flatMap(({ table, line }) => counterNamed(table, line) ?? []);
  return inChains.flatMap((statement) => {
    const shared = counterNamed(statement.table, statement.line);
    const isOwn = shared !== undefined && uses.filter((use) => use === shared).length === 1;
    return readStatement(statement, named, isOwn ? named.counters.get(shared) : undefined);
  });
}

function placeOf(
  [head, block, ...deeper]: readonly string[],
  line: string,
): { readonly table: Table; readonly kind: string | undefined; readonly name: string } {
  if (head === undefined) throw notARuleset(line);
  const match = /^table (\S+) (\S+)$/.exec(head);
  if (match === null) throw notARuleset(head);
  const inside = block === undefined || deeper.length > 0 ? null : /^(\w+) (\S+)$/.exec(block);
  return {
    table: { family: match[1] ?? '', name: match[2] ?? '' },
    kind: inside?.[1],
    name: inside?.[2] ?? '',
  };
}

/** The full name of the counter object that a rule uses; undefined: it uses none. */
function counterNamed({ family, name }: Table, line: string): string | undefined {
  const counter = /\bcounter name "?([^\s"]+)"?/.exec(
    line.replaceAll(/\b(?:comment|prefix) "[^"]*"/g, ''),
  )?.[1];
  return counter === undefined ? undefined : `${family} ${name} ${counter}`;
}

function readStatement(
  { table, name: chain, line }: { readonly table: Table; readonly name: string; readonly line: string },
  { maps }: Named,
  namedPackets: number | undefined,
): RuleCount[] {
  const place = { family: table.family, table: table.name, chain };
  if (/^type \S+ hook /.test(line)) {
    const policy = /policy (\w+);/.exec(line)?.[1];
    return policy === undefined
      ? []
      : [{ ...place, rule: `-P ${chain} ${policy.toUpperCase()}`, packets: undefined }];
  }
  // A chain may have a comment, which stands where rules do.
  if (/^comment "[^"]*"$/.test(line)) return [];
  const counter = ownCounter(line);
  const map = /\bvmap @(\S+)/.exec(line)?.[1];
  const elements = map === undefined ? undefined : (maps.get(`${table.family} ${table.name} ${map}`) ?? '');
  return [
    {
      ...place,
      rule: counter === undefined ? line : counter.without,
      packets: counter?.packets ?? namedPackets,
      ...(elements === undefined ? {} : { elements }),
    },
  ];
}

/** A rule's own counter, and the rule without it. A counter of an element between braces is not the rule's own. */
export function ownCounter(line: string): { readonly packets: number; readonly without: string } | undefined {
  for (const match of line.matchAll(/\bcounter packets (\d+) bytes \d+ ?/g)) {
    if (openBraces(line.slice(0, match.index)) > 0) continue;
    const without = line.slice(0, match.index) + line.slice(match.index + match[0].length);
    return { packets: Number(match[1]), without: without.trim() };
  }
  return undefined;
}

interface Statement {
  /** Headings of the blocks around the statement, outermost first. */
  readonly path: readonly string[];
  readonly line: string;
}

/** The listing's statements. Those that nft breaks over several lines, inside the braces of a set, are joined again. */
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

/** Whether a line opens a block. Only tables and the things directly in them have blocks; a brace further inside opens a set. */
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
