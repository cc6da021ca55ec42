import { z } from 'zod';
import { phases } from '../../contracts/words/phases.js';
import type { Immutable } from '../../contracts/immutable.js';
import { engineEventSchemas } from '../../engine/port/engineEvents.js';
import { flowSecondSchema } from '../../evidence/model/flowTypes.js';
import { verdictSchema } from '../../verdict/model/verdictSchema.js';

const stages = [
  'topology',
  'configure',
  'ready',
  'control',
  'fresh',
  'rules',
  'measured',
  'judge',
  'trace',
  'traced',
] as const;
export type Stage = (typeof stages)[number];

const text = z.string();
const texts = z.array(text);
const seconds = z.number();

/**
 * Scenarios that were selected without being named and are not run. `takes-minutes`: they have raw-socket load, and nobody said which
 * scenarios to run. `kernel-ports`: `--flows` is given, but they are about the kernel's local ports, which raw sockets do not have.
 */
const skipped = z.object({
  why: z.enum(['takes-minutes', 'kernel-ports']),
  /** The ids of the scenarios; at least one. */
  scenarios: texts,
});
export type SkippedScenarios = Immutable<z.infer<typeof skipped>>;

/** How much a run has to do, and how long that will probably take. */
const estimate = z.object({
  scenarios: z.number(),
  jobs: z.number(),
  /** How many of the jobs have never been run on this machine. */
  unknown: z.number(),
  /** Left out: none of them has. */
  seconds: z.number().optional(),
});
export type Estimate = Immutable<z.infer<typeof estimate>>;

/**
 * Everything that happens, in order. Concurrent scenarios are told apart by `scenario`, the job's name. The core emits
 * these events; renderers handle every type. `error` is the schema of an error: what reads events of another process makes it one again.
 */
export function labEventSchema<E extends z.ZodType<Error>>(error: E) {
  return z.discriminatedUnion('type', [
    ...engineEventSchemas,
    z.object({
      type: z.literal('run-started'),
      runId: text,
      directory: text,
      scenarios: texts,
      /** How many labs may exist at the same time. */
      lanes: z.number(),
    }),
    skipped.extend({ type: z.literal('left-out') }),
    estimate.extend({ type: z.literal('estimated') }),
    /** Ids of scenarios that are about a flavour of iptables themselves: each runs once, as its file says, whatever was asked for. */
    z.object({ type: z.literal('own-flavour'), scenarios: texts }),
    z.object({ type: z.literal('scenario-started'), scenario: text, title: text }),
    z.object({ type: z.literal('stage-started'), scenario: text, stage: z.enum(stages) }),
    z.object({ type: z.literal('stage-finished'), scenario: text, stage: z.enum(stages), seconds }),
    /** The state of a raw-socket load, about once a second. */
    z.object({
      type: z.literal('flows'),
      scenario: text,
      phase: z.enum(phases),
      /** How many flows are to be opened. */
      requested: z.number(),
      second: flowSecondSchema,
    }),
    /** A control run that was made before, on the very state that the lab begins with, is this scenario's. */
    z.object({ type: z.literal('control-kept'), scenario: text }),
    z.object({
      type: z.literal('scenario-finished'),
      scenario: text,
      verdict: verdictSchema,
      directory: text,
      seconds,
    }),
    /** The lab broke during this scenario, or its file was refused (a RulesError). There is no verdict. */
    z.object({ type: z.literal('scenario-broke'), scenario: text, error, directory: text, seconds }),
    z.object({ type: z.literal('cleanup-problem'), what: text, error }),
    z.object({ type: z.literal('run-finished'), runId: text, directory: text, seconds }),
  ]);
}

export type LabEvent = Immutable<z.infer<ReturnType<typeof labEventSchema<z.ZodType<Error>>>>>;

export type Emit = (event: LabEvent) => void;
