import type { RecordedFlows } from '../model/recordedPlan.js';
import { readFlowLine } from '../streams/flowLines.js';
import type { FlowEvidence, FlowReport, FlowSecond } from '../model/flowTypes.js';
import type { NodeFlows } from './readNodeFlows.js';
import { messageOf } from '../../support/errors.js';

interface FlowLines {
  readonly seconds: readonly FlowSecond[];
  readonly report: FlowReport | undefined;
}

/** Reads a `flows.jsonl`. Lines that cannot be read, and a missing report, are noted as problems; a last line that was cut short is left out. */
export function readFlowLines(text: string, note: (problem: string) => void): FlowLines {
  const seconds: FlowSecond[] = [];
  let report: FlowReport | undefined;
  const unreadable: string[] = [];
  for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
    try {
      const read = readFlowLine(line);
      if (read.report === undefined) seconds.push(read.second);
      else report = read.report;
    } catch (error) {
      unreadable.push(`line ${index + 1}: ${messageOf(error)}`);
    }
  }
  const [first, ...others] = unreadable;
  if (first !== undefined) {
    const more = others.length === 0 ? '' : ` (and ${others.length} more such lines)`;
    note(`flows.jsonl: ${first}${more}`);
  }
  if (report === undefined) note('flows.jsonl: it ends without a report');
  return { seconds, report };
}

/** Combines what the agent and the nodes report of the raw-socket load. */
export function flowEvidence(
  {
    way,
    profile: {
      sources,
      flows: { count, rate, ramp },
    },
  }: { readonly way: FlowEvidence['way']; readonly profile: RecordedFlows },
  lines: FlowLines | undefined,
  nodes: readonly (readonly [node: string, NodeFlows])[],
): FlowEvidence {
  /** The value of each node that has one, by the node's name. */
  const each = <T>(value: (flows: NodeFlows) => T | undefined): Record<string, T> =>
    Object.fromEntries(
      nodes.flatMap(([node, flows]) => {
        const known = value(flows);
        return known === undefined ? [] : [[node, known] as const];
      }),
    );
  return {
    sources,
    asked: { count, rate, ramp },
    seconds: lines?.seconds ?? [],
    report: lines?.report,
    sockets: each(({ sockets }) => sockets),
    ipvs: each(({ ipvs }) => ipvs),
    ipvsStats: each(({ ipvsStats }) => ipvsStats),
    captureDrops: each(({ captureDrops }) => captureDrops),
    links: each(({ links }) => links),
    queueDrops: each(({ queueDrops }) => queueDrops),
    way,
    backlogDrops: nodes.find(([, { backlogDrops }]) => backlogDrops !== undefined)?.[1].backlogDrops,
  };
}
