import type { Latency } from '../../evidence/model/flowTypes.js';
import { flowFatesText } from '../../verdict/flows/flowFatesText.js';
import { stuckOf } from '../../verdict/flows/stuck.js';
import { icmpText } from '../../verdict/model/expectationText.js';
import type { FlowNumbers } from '../../verdict/model/verdict.js';
import type { Paint } from '../text/colour.js';
import { bytesText } from '../text/countText.js';
import { socketTable } from './socketTable.js';
import { table, type Entry } from '../text/textTable.js';
import { durationText } from '../../support/duration.js';

/** The results of a raw-socket load, in blocks that answer one question each. */
export function flowsText(flows: FlowNumbers, paint: Paint): string[] {
  return [
    [
      `  flows: ${flows.opened} opened, ${rateText(flows)}; ${flowFatesText(flows)}`,
      `  ${accountText(flows)}`,
    ].join('\n'),
    ...(isOfDatagrams(flows) ? [] : [socketTable('most sockets of flows at once', flows.peaks, paint)]),
    ipvsText(flows, paint),
    `  the control run's flows are among these ${isOfDatagrams(flows) ? '' : 'sockets and '}entries for as long as the nodes remember them`,
    latencyTable(flows, paint),
    trafficText(flows, paint),
    ...balances(flows),
    listText('  packets and sockets lost', flows.losses),
    ...(flows.icmpLimits.length === 0 ? [] : [listText('  ICMP errors held back', flows.icmpLimits)]),
  ];
}

/** Whether the flows are of UDP, which have neither sockets that could be counted nor closing segments. */
function isOfDatagrams({ answeredStale }: FlowNumbers): boolean {
  return answeredStale !== undefined;
}

function balances(flows: FlowNumbers): string[] {
  const lines = [
    ...(isOfDatagrams(flows) ? [] : [`  closing segments of flows: ${closingText(flows)}`]),
    ...ipvsPacketsLines(flows),
  ];
  return lines.length === 0 ? [] : [lines.join('\n')];
}

/** How fast flows were opened: `710 a second of 880 asked for`. */
function rateText({ openedPerSecond, askedPerSecond }: FlowNumbers): string {
  return `${Math.round(openedPerSecond)} a second of ${Math.round(askedPerSecond)} asked for`;
}

/**
 * What became of the flows: `40000 opened = 0 closed + 40000 stuck + ...`. Unexplained flows are subtracted from the fate that they seemed
 * to have.
 */
function accountText(flows: FlowNumbers): string {
  const { opened, fates, unexplained } = flows;
  const { closed, reset, refused, held, answered, unanswered, unfinished } = fates;
  const seeming = unexplained - unfinished;
  const parts = isOfDatagrams(flows)
    ? { answered, unanswered: unanswered - seeming, unexplained }
    : { closed, stuck: stuckOf(fates) - seeming, reset, refused, held, unexplained };
  const sum = Object.entries(parts).map(([name, count]) => `${count} ${name}`);
  return `${opened} opened = ${sum.join(' + ')}`;
}

function ipvsText({ ipvs, ipvsBytes }: FlowNumbers, paint: Paint): string {
  const rows = Object.entries(ipvs).map(([state, n]): Entry[] => [state, n]);
  const title = 'most IPVS entries of flows at once';
  const entries = rows.length === 0 ? `  ${title}: none` : table([title, 'entries'], rows, paint);
  const memory = ipvsBytes === undefined ? [] : [`  memory of the IPVS table: ${bytesText(ipvsBytes)}`];
  return [entries, ...memory].join('\n');
}

function latencyTable({ latencies: { connect, firstByte, close } }: FlowNumbers, paint: Paint): string {
  const rows = [
    ...latencyRow('connect', connect),
    ...latencyRow('first byte of the reply', firstByte),
    ...latencyRow('close', close),
  ];
  if (rows.length === 0) return '  time that flows took: none got that far';
  return table(['time that flows took', 'flows', 'p50', 'p90', 'p99', 'p99.9', 'longest'], rows, paint);
}

function latencyRow(what: string, latency: Latency | undefined): Entry[][] {
  if (latency === undefined) return [];
  const { count, p50, p90, p99, p999, max } = latency;
  return [
    [
      what,
      count,
      durationText(p50, 'short'),
      durationText(p90, 'short'),
      durationText(p99, 'short'),
      durationText(p999, 'short'),
      durationText(max, 'short'),
    ],
  ];
}

function trafficText(flows: FlowNumbers, paint: Paint): string {
  const { traffic } = flows;
  const { sent, received, retransmitted, finsSent, rstsSent, icmp } = traffic;
  const kinds = isOfDatagrams(flows)
    ? ''
    : ` (${retransmitted} of them again, ${finsSent} FIN, ${rstsSent} RST)`;
  const errors = Object.entries(icmp).map(([name, count]): Entry[] => {
    const [type = 0, code = 0] = name.split('/').map(Number);
    return [icmpText(type, code), count];
  });
  return [
    `  packets of flows: ${sent} sent${kinds}, ${received} received`,
    errors.length === 0
      ? '  ICMP errors for flows: none'
      : table(['ICMP errors for flows', 'messages'], errors, paint),
  ].join('\n');
}

function closingText({ closingSegments }: FlowNumbers): string {
  if (closingSegments === undefined)
    return 'not followed, for a director may keep some without counting them';
  const { sent, arrived, forwarded, turnedAway, lostOnLinks, missing } = closingSegments;
  const parts = `forwarded ${forwarded} + turned away ${turnedAway}${linksText(lostOnLinks)} + missing ${missing}`;
  return sent === arrived
    ? `sent ${sent} = arrived ${arrived} = ${parts}`
    : `sent ${sent} = ${parts}; arrived ${arrived}`;
}

function ipvsPacketsLines({ ipvsPackets }: FlowNumbers): string[] {
  if (ipvsPackets === undefined) return [];
  const { sent, passed, turnedAway, lostOnLinks, missing } = ipvsPackets;
  return [
    `  packets of all clients: sent ${sent} = counted by IPVS ${passed} + turned away ${turnedAway}${linksText(lostOnLinks)} + missing ${missing}`,
  ];
}

function linksText(lostOnLinks: number): string {
  return lostOnLinks === 0 ? '' : ` + lost on links ${lostOnLinks}`;
}

function listText(title: string, sentences: readonly string[]): string {
  if (sentences.length === 0) return `${title}: none counted`;
  return [`${title}:`, ...sentences.map((sentence) => `  - ${sentence}`)].join('\n');
}
