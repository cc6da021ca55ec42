import type { PhaseNumbers, TraceFinding, Verdict } from '../../verdict/model/verdict.js';
import type { Paint } from '../text/colour.js';
import { countText } from '../text/countText.js';
import { table, type Entry } from '../text/textTable.js';

/** How many rules of a list are shown; verdict.json has all. */
const mostShown = 12;

/** Tables of what rejected packets, or may have: rules that counted, rules that have no counter, counters that rose, and takeovers. */
export function culpritTables(numbers: PhaseNumbers, paint: Paint): string[] {
  const { taken = [], uncounted = [], counters = [] } = numbers;
  return [
    rejectedTable(numbers, paint),
    ...listed(
      ['given another way before IPVS by', 'on', 'packets'],
      taken.map(({ rule, node, packets }) => [rule, node, packets]),
      paint,
    ),
    ...listed(
      ['rules that do not count what they turn away', 'on'],
      uncounted.map(({ rule, node }) => [rule, node]),
      paint,
    ),
    ...listed(
      ['counters that moved', 'on', 'by'],
      counters.map(({ counter, node, increment }) => [counter, node, increment]),
      paint,
    ),
    ...takeoverLines(numbers).map((line) => `  ${line}`),
  ];
}

/** The table of what a trace says about the culprits. */
export function traceTable(trace: TraceFinding, paint: Paint): string {
  const { culprits, problems } = trace;
  const rows = culprits.map(({ rule, node, packet, packets }): Entry[] => [rule, node, packet, packets]);
  const head = `  ${traceText(trace)}`;
  return [
    rows.length === 0 ? head : `${head}:`,
    ...listed(['turned away, by the trace, by', 'on', 'which', 'packets'], rows, paint),
    ...problems.map((problem) => `  - the trace is not whole: ${problem}`),
  ].join('\n');
}

/** The same facts as lines, for reports without tables. */
export function culpritLines({ measured, trace }: Verdict): string[] {
  if (measured === undefined) return [];
  const { numbers } = measured;
  const { rejected, taken = [], uncounted = [], counters = [] } = numbers;
  return [
    ...rejected.map(
      ({ node, rule, packets }) =>
        `${countText(packets, 'packet')} rejected or dropped on ${node} by: ${rule}`,
    ),
    ...taken.map(
      ({ node, rule, packets }) => `${countText(packets, 'packet')} given another way on ${node} by: ${rule}`,
    ),
    ...shortened(
      uncounted.map(({ node, rule }) => `on ${node} a rule does not count what it turns away: ${rule}`),
    ),
    ...counters.map(({ node, counter, increment }) => `on ${node} ${counter} rose by ${String(increment)}`),
    ...takeoverLines(numbers),
    ...(trace === undefined ? [] : traceLines(trace)),
  ];
}

function traceLines(trace: TraceFinding): string[] {
  return [
    traceText(trace),
    ...trace.culprits.map(
      ({ node, rule, packet, packets }) =>
        `by the trace, ${countText(packets, 'packet')} (${packet}) turned away on ${node} by: ${rule}`,
    ),
    ...trace.problems.map((problem) => `the trace is not whole: ${problem}`),
  ];
}

function traceText({ connections, lost = 0, untilDrop, nodes, culprits }: TraceFinding): string {
  const made = `${countText(connections, 'connection')} made after the measured ones and traced on ${nodes.join(' and ') || 'no node'}`;
  if (culprits.length === 0) return `${made}: no rule there turned a packet away`;
  const seen =
    lost === 0 ? `${made} show which rules turn packets away` : `of ${made}, ${String(lost)} lost packets`;
  return untilDrop === true
    ? `${seen}; the trace ended when the load was over and a packet had been dropped, so later ones are not in it`
    : seen;
}

function rejectedTable({ rejected, uncounted = [] }: PhaseNumbers, paint: Paint): string {
  if (rejected.length === 0) {
    return `  packets rejected or dropped by a rule: none${uncounted.length === 0 ? '' : ' counted'}`;
  }
  const rows = rejected.map(({ rule, node, packets }): Entry[] => [rule, node, packets]);
  return table(['packets rejected or dropped by', 'on', 'packets'], rows, paint);
}

function takeoverLines({ takeovers = [] }: PhaseNumbers): string[] {
  return takeovers.map(({ from, to, connections, known, unknown, syncPackets }) => {
    const later = connections - known - unknown;
    const parts = [
      ...(unknown === 0 ? [] : [`its IPVS never had an entry of ${String(unknown)} of them`]),
      ...(known === 0 ? [] : [`its IPVS knew ${String(known)} of them already`]),
      ...(later === 0 ? [] : [`it was seen to know ${String(later)} of them only later`]),
    ];
    const sync = syncPackets === 0 ? 'no packet' : countText(syncPackets, 'packet');
    return `${to} took over ${countText(connections, 'connection')} from ${from}: ${parts.join(', ')}; ${sync} of connection sync (8848/udp) reached it`;
  });
}

function listed(head: readonly string[], rows: readonly (readonly Entry[])[], paint: Paint): string[] {
  if (rows.length === 0) return [];
  const shown = table(head, rows.slice(0, mostShown), paint);
  return [rows.length <= mostShown ? shown : `${shown}\n  ${more(rows.length)}`];
}

function shortened(lines: readonly string[]): string[] {
  return lines.length <= mostShown ? [...lines] : [...lines.slice(0, mostShown), more(lines.length)];
}

function more(all: number): string {
  return `and ${String(all - mostShown)} more, in verdict.json`;
}
