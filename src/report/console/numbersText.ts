import { flagNames } from '../phrases/flagNames.js';
import { fateCountsText, icmpText } from '../../verdict/model/expectationText.js';
import type { PhaseNumbers, MedianAndMax } from '../../verdict/model/verdict.js';
import type { Paint } from '../text/colour.js';
import { culpritTables } from '../results/blockingRules.js';
import { flowsText } from './flowsText.js';
import { idleRulesLines } from './idleRulesText.js';
import { socketTable } from './socketTable.js';
import { table, type Entry } from '../text/textTable.js';
import { durationText } from '../../support/duration.js';

/** The numbers behind a phase's finding, in tables that answer one question each, separated by empty lines. */
export function numbersText(numbers: PhaseNumbers, paint: Paint): string {
  return [
    `  ${fatesText(numbers)}`,
    socketTable('sockets at the end', numbers.sockets, paint),
    icmpTable(numbers, paint),
    ...culpritTables(numbers, paint),
    ...idleRulesLines(numbers),
    ipvsTable(numbers, paint),
    `  closing segments at the director: ${numbers.closingSegments.fin} FIN, ${numbers.closingSegments.rst} RST`,
    ...timesLines(numbers),
    ...lateEventLines(numbers),
    ...followedLines(numbers),
    ...(numbers.flows === undefined ? [] : flowsText(numbers.flows, paint)),
  ].join('\n\n');
}

/** How many connections there were and what became of them: `all 10 connections healthy`. */
export function fatesText({ fates, connections }: PhaseNumbers): string {
  return fateCountsText(Object.fromEntries(Object.entries(fates).filter(([, n]) => n > 0)), connections);
}

function icmpTable({ icmp }: PhaseNumbers, paint: Paint): string {
  if (icmp.length === 0) return '  ICMP errors: none';
  const rows = icmp.map(({ type, code, from, quoting, count }): Entry[] => [
    icmpText(type, code),
    from,
    flagNames(quoting),
    count,
  ]);
  return table(['ICMP errors', 'from', 'quoting', 'messages'], rows, paint);
}

/** The table of IPVS connections. It says `none` only when the last listings were complete and had none. */
function ipvsTable({ ipvs, ipvsUnknown }: PhaseNumbers, paint: Paint): string {
  const rows = Object.entries(ipvs).map(([state, n]): Entry[] => [state, n]);
  if (rows.length === 0) {
    return `  IPVS connections: ${ipvsUnknown === undefined ? 'none' : `unknown, because ${ipvsUnknown}`}`;
  }
  const entries = table(['IPVS connections', 'entries'], rows, paint);
  return ipvsUnknown === undefined ? entries : `${entries}\n  there may be more: ${ipvsUnknown}`;
}

/** How long clients waited; empty when none got that far. */
function timesLines({ connect, firstByte }: PhaseNumbers): string[] {
  const times = [
    ...(connect === undefined ? [] : [`connect() ${timeText(connect)}`]),
    ...(firstByte === undefined ? [] : [`first byte of the reply ${timeText(firstByte)}`]),
  ];
  return times.length === 0 ? [] : [`  time the client waited: ${times.join('; ')}`];
}

/** Events that began late and were no reason for a doubt, or were one. */
function lateEventLines({ lateEvents = [] }: PhaseNumbers): string[] {
  return lateEvents.map(
    ({ what, asked, begun }) =>
      `  late event: \`${what}\` began ${durationText(begun, 'short')} after all connections were open, and was asked for at ${durationText(asked, 'short')}`,
  );
}

/** How many connections were followed on the wire; empty for evidence recorded before this existed. */
function followedLines({ followed, connections, flows }: PhaseNumbers): string[] {
  if (followed === undefined) return [];
  const ofFlows = flows === undefined ? '' : `, ${followed.flows ?? 0} of ${flows.opened} flows`;
  return [
    `  compared on the wire with what the scenario asks for: ${followed.connections} of ${connections} connections${ofFlows}`,
  ];
}

function timeText({ median, max }: MedianAndMax): string {
  return `median ${durationText(median, 'short')}, longest ${durationText(max, 'short')}`;
}
