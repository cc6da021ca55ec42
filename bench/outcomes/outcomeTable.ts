import { markdownTable } from '../../src/report/text/markdownTable.js';
import type { ToolOutcome } from './toolOutcome.js';

/** A row for each outcome, in Markdown. */
export function outcomeTable(outcomes: readonly ToolOutcome[]): string {
  const head = [
    'tool',
    'work',
    'connections/s',
    'packets/s',
    'CPU/connection',
    'CPU/packet',
    'memory',
    'remarks',
  ];
  const rows = outcomes.map((outcome) => [
    outcome.tool,
    outcome.kind,
    wholeText(outcome.connectionsPerSecond),
    wholeText(outcome.packetsPerSecond),
    microsecondsText(outcome.cpuMicrosecondsPerConnection),
    microsecondsText(outcome.cpuMicrosecondsPerPacket),
    `${(outcome.residentBytes / 1e6).toFixed(1)} MB`,
    outcome.remarks.join('; '),
  ]);
  return markdownTable(head, rows);
}

function wholeText(value: number | undefined): string {
  return value === undefined ? '' : Math.round(value).toLocaleString('en');
}

function microsecondsText(value: number | undefined): string {
  return value === undefined ? '' : `${value.toFixed(1)} us`;
}
