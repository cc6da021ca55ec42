import type { Load } from '../../contracts/agents/load.js';
import type { PhaseEvidence } from '../../evidence/model/evidence.js';
import type { ClientConnection } from '../../evidence/model/loadReport.js';
import { durationText } from '../../support/duration.js';
import type { Fault } from './fault.js';
import { tolerance } from './tolerance.js';

/** An end of the service that clients connect to. */
export type Target = NonNullable<PhaseEvidence['targets']>[number];

/** Connections take the service's ends in turn. */
export function* inTurn(targets: readonly Target[]): Generator<Target, undefined> {
  while (targets.length > 0) yield* targets;
}

/** Set when a connection went to another end of the service than its turn was. */
export function targetFault(
  { address, port }: ClientConnection,
  wanted: Target | undefined,
): Fault | undefined {
  if (port !== wanted?.port)
    return { asked: `port ${wanted?.port ?? '?'} of the service`, seen: `it was another`, detail: `${port}` };
  if (address === undefined || address === wanted.address) return undefined;
  return { asked: `${wanted.address} as the service's address`, seen: 'it was another', detail: address };
}

/** Connections are to be opened `every` so many seconds: later is allowed, sooner is not. `openedAt` says when the first packet of each left. */
export function paceComplaints(
  { every }: Pick<Load, 'every'>,
  startedAt: number,
  openedAt: readonly number[],
): string[] {
  if (every === 0) return [];
  const tooEarly = [...openedAt]
    .sort((one, other) => one - other)
    .filter((time, index) => time < startedAt + index * every - tolerance);
  if (tooEarly.length === 0) return [];
  return [
    `${tooEarly.length} of ${openedAt.length} connections were opened sooner on the wire than the scenario says, which is one every ${durationText(every, 'set')}.`,
  ];
}

/** Those that are to be opened later come no sooner than so long after the last of the others. Times are of each connection's first packet. */
export function laterComplaints(
  { later }: Pick<Load, 'later'>,
  first: readonly number[],
  afterwards: readonly number[],
): string[] {
  if (later === undefined) return [];
  const due = Math.max(...first) + later.after - tolerance;
  const tooEarly = afterwards.filter((time) => time < due);
  if (tooEarly.length === 0) return [];
  return [
    `${tooEarly.length} of ${afterwards.length} connections were opened sooner on the wire than the scenario says, which is ${durationText(later.after, 'set')} after the others are open.`,
  ];
}
