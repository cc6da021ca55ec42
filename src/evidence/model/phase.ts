import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import { phases, starts } from '../../contracts/words/phases.js';

/** ISO 8601, by the clock of the machine that ran the lab. */
const moment = z.string();

const start = z.object({
  is: z.enum(starts),
  /** Of a cold start: node name -> what it still knew after it had been emptied, a line each; nodes that knew nothing are not in it. */
  known: z.record(z.string(), z.array(z.string())).optional(),
});

/** How the sockets came to rest: all of them closed, or unchanged for a while. */
const waysToSettle = ['closed-down', 'unchanged'] as const;
export type WayToSettle = (typeof waysToSettle)[number];

const event = z.object({ what: z.string(), startedAt: moment, finishedAt: moment });

const flows = z.object({
  startedAt: moment,
  /** When all had been opened. */
  openedAt: moment,
  /** Whether they came to rest in time, and whether the nodes counted once more what they left. */
  atRest: z.boolean(),
  counted: z.boolean(),
  stoppedAt: moment,
});

/** What phase.json holds: how a phase went. */
export const phaseSchema = z.object({
  phase: z.enum(phases),
  /** Left out of the control run, and where nobody looked. */
  start: start.optional(),
  /** Whether the sockets stopped changing before the deadline; `how` they did, or `why` they are taken not to have. */
  settled: z.boolean(),
  how: z.enum(waysToSettle).optional(),
  why: z.string().optional(),
  /** What was done in the middle of it; left out: nothing. */
  events: z.array(event).optional(),
  /** Of the raw-socket load; left out: there was none. */
  flows: flows.optional(),
  startedAt: moment,
  finishedAt: moment,
});

export type PhaseRecord = Immutable<z.infer<typeof phaseSchema>>;
/** How the measured phase began. */
export type PhaseStart = Immutable<z.infer<typeof start>>;
/** An event as it happened. */
export type EventRecord = Immutable<z.infer<typeof event>>;
/** How the raw-socket load of a phase went. */
export type FlowsRecord = Immutable<z.infer<typeof flows>>;
