import type { EventRecord } from '../../evidence/model/phase.js';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlannedEvent } from '../../scenario/model/planTypes.js';
import type { NodesClock } from '../recording/nodesClock.js';
import { runCommand } from '../nodes/runCommand.js';
import { nodeNamed, type PlannedLab } from '../lab/plannedLab.js';
import { isOwnCommand, loadNodeRules, runOwnCommand } from '../nodes/nodeRules.js';

const stepSeconds = 120;

/** When the connections of a load were all open, and the clock which tells it: the nodes'. */
export interface Connected {
  /** Seconds since the epoch. */
  readonly at: number;
  readonly clock: Pick<NodesClock, 'seconds'>;
}

/**
 * Plays the events at `connected` and later, in the order of their times, each at its time, or at once where that is over: a busy machine hears late that the
 * connections are open. Each record says when the event was due.
 */
export async function runTimedEvents(
  lab: PlannedLab,
  { at, clock }: Connected,
  signal: AbortSignal,
): Promise<EventRecord[]> {
  const timed = lab.plan.events
    .filter(({ at }) => at !== 'settled')
    .map((event) => ({ event, after: typeof event.at === 'number' ? event.at : 0 }))
    .sort((one, other) => one.after - other.after);
  const records: EventRecord[] = [];
  for (const { event, after } of timed) {
    const due = at + after;
    const left = due - clock.seconds();
    if (left > 0) await sleep(left * 1000, undefined, { signal });
    const begun = clock.seconds();
    const record = await runEvent(lab, event);
    records.push({ ...record, timing: { connected: at, due, begun, over: clock.seconds() } });
  }
  return records;
}

/** Plays the events at `settled`. */
export async function runSettledEvents(lab: PlannedLab): Promise<EventRecord[]> {
  const records: EventRecord[] = [];
  for (const event of lab.plan.events) if (event.at === 'settled') records.push(await runEvent(lab, event));
  return records;
}

async function runEvent(lab: PlannedLab, event: PlannedEvent): Promise<EventRecord> {
  const startedAt = new Date().toISOString();
  const part = `events.${lab.plan.events.indexOf(event)}`;
  for (const { node: name, command, rules } of event.steps) {
    const { node } = nodeNamed(lab, name);
    const source = { ...lab.source, part, of: `an event on ${name}` };
    if (rules !== undefined) await loadNodeRules(node, rules, source);
    else if (isOwnCommand(source)) await runOwnCommand(node, command, source);
    else await runCommand(node, command, stepSeconds);
  }
  return { what: event.what, startedAt, finishedAt: new Date().toISOString() };
}
