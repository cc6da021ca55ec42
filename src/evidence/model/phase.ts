import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import { phases, starts } from '../../contracts/words/phases.js';

/** A time in ISO 8601, by the clock of the machine that ran the lab. */
const moment = z.string();

const start = z.object({
  is: z.enum(starts),
  /** After a cold start, what each node still knew although it had been cleared, a line each. Nodes that knew nothing are left out. */
  known: z.record(z.string(), z.array(z.string())).optional(),
});

/** How the sockets settled: all of them closed, or none changed for a while. */
const waysToSettle = ['closed-down', 'unchanged'] as const;
export type SettlementKind = (typeof waysToSettle)[number];

/** Seconds since the epoch by the nodes' clock, which captures and the load's report use too. */
const nodesMoment = z.number();

const event = z.object({
  what: z.string(),
  startedAt: moment,
  finishedAt: moment,
  /** When all connections were open, when the event was due, and when it had begun and was over. Left out by earlier versions, and where it waits for the sockets to settle. */
  timing: z
    .object({ connected: nodesMoment, due: nodesMoment, begun: nodesMoment, over: nodesMoment })
    .optional(),
});

const flows = z.object({
  startedAt: moment,
  /** When all flows had been opened. */
  openedAt: moment,
  /** Whether the flows came to rest in time, and whether the nodes counted once more what they left. */
  atRest: z.boolean(),
  counted: z.boolean(),
  stoppedAt: moment,
});

/** The contents of phase.json: how a phase went. */
export const phaseSchema = z.object({
  phase: z.enum(phases),
  /** How the measured phase began; left out for the control run, and when nobody looked. */
  start: start.optional(),
  /** Whether the sockets stopped changing before the deadline. `how` says in which way they did, `why` for what reason they count as not settled. */
  settled: z.boolean(),
  how: z.enum(waysToSettle).optional(),
  why: z.string().optional(),
  /** The events that happened during the phase; left out: there were none. */
  events: z.array(event).optional(),
  /** How the raw-socket load went; left out: there was none. */
  flows: flows.optional(),
  startedAt: moment,
  finishedAt: moment,
});

export type PhaseRecord = Immutable<z.infer<typeof phaseSchema>>;
/** How the measured phase began. */
export type PhaseStart = Immutable<z.infer<typeof start>>;
/** An event, as it happened. */
export type EventRecord = Immutable<z.infer<typeof event>>;
/** When an event was due, and when it happened. */
export type EventTiming = NonNullable<EventRecord['timing']>;
/** How the raw-socket load of a phase went. */
export type FlowsRecord = Immutable<z.infer<typeof flows>>;
