import type { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import type { verdictSchema } from './verdictSchema.js';

/** A scenario's verdict with its reasons, as verdict.json holds it; undefined fields are left out there. */
export type Verdict = Immutable<z.infer<typeof verdictSchema>>;

/** What one phase came to. */
export type PhaseFinding = NonNullable<Verdict['measured']>;

/** What became of one connection. */
export type ConnectionFate = PhaseFinding['connections'][number];

/** The numbers behind a verdict: what the console prints. */
export type PhaseNumbers = PhaseFinding['numbers'];

/** What the raw-socket load came to. */
export type FlowNumbers = NonNullable<PhaseNumbers['flows']>;

/** Of a time in seconds. */
export type MedianAndMax = NonNullable<PhaseNumbers['connect']>;

/** A counter of a node's kernel that moved in the phase, and is of the kind that can explain a loss. */
export type MovedCounter = NonNullable<PhaseNumbers['counters']>[number];

/** One director that took connections over from another in mid-course. */
export type Takeover = NonNullable<PhaseNumbers['takeovers']>[number];

/** A rule that counted nothing, though packets came to its chain. */
export type IdleRule = NonNullable<PhaseNumbers['idle']>[number];

/** An event that began later than it was due. */
export type LateEvent = NonNullable<PhaseNumbers['lateEvents']>[number];

/** Who turned packets away, by a trace of a few connections that were made after the measured ones. */
export type TraceFinding = NonNullable<Verdict['trace']>;

/** What is to blame, by packets that were followed in a run of its own. */
export type Explanation = NonNullable<Verdict['explanation']>;

/** What is to blame. */
export type Blame = NonNullable<Explanation['blame']>;

/** One fact of those that led to a connection's fate. */
export type Fact = Explanation['connections'][number]['facts'][number];
