import type { EventRecord } from '../../evidence/model/phase.js';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PlannedEvent } from '../../scenario/model/planTypes.js';
import { runCommand } from '../nodes/runCommand.js';
import { nodeNamed, type PlannedLab } from '../lab/plannedLab.js';
import { isOwnCommand, loadNodeRules, runOwnCommand } from '../nodes/nodeRules.js';

const stepSeconds = 120;

/** Plays the events at `connected` and later, in the order of their times, each at its time. */
export async function runTimedEvents(lab: PlannedLab, signal: AbortSignal): Promise<EventRecord[]> {
  const start = performance.now();
  const timed = lab.plan.events
    .filter(({ at }) => at !== 'settled')
    .map((event) => ({ event, after: typeof event.at === 'number' ? event.at : 0 }))
    .sort((one, other) => one.after - other.after);
  const records: EventRecord[] = [];
  for (const { event, after } of timed) {
    const left = start + after * 1000 - performance.now();
    if (left > 0) await sleep(left, undefined, { signal });
    records.push(await runEvent(lab, event));
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
