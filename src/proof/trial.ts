import type { Outcome } from '../contracts/words/outcomes.js';
import type { Behaviour } from '../rebuild/behaviours.js';
import { outcomeOf } from '../verdict/model/outcome.js';
import type { ConnectionFate, Verdict } from '../verdict/model/verdict.js';

/** The ends of connections as they were at last, by the states that most of them had. */
export interface EndStates {
  readonly client: string;
  readonly realserver: string;
}

/** What connections to one service came to that were used and ended in one way, in one lab. */
export interface Trial {
  readonly behaviour: Behaviour;
  /** The kernel that was asked for, or had; undefined: nobody knows. */
  readonly kernel: string | undefined;
  /** Undefined: `doubts` say why. */
  readonly outcome: Outcome | undefined;
  /** Undefined: nothing is known, or they are of UDP. */
  readonly ends: EndStates | undefined;
  readonly connections: number;
  readonly doubts: readonly string[];
  /** Where its evidence is. */
  readonly directory: string;
}

/** What a job of a run came to, as far as a trial is concerned. */
export type JobEnd = Pick<Trial, 'behaviour' | 'kernel' | 'directory'> & {
  /** Undefined: `problem` says what broke. */
  readonly verdict: Verdict | undefined;
  readonly problem: string | undefined;
  /** The port of the service that each connection went to, by the client's end. */
  readonly ports: ReadonlyMap<string, number>;
};

/** The trial of the service on a port. */
export function trialOf({ verdict, problem, ports, ...about }: JobEnd, port: number): Trial {
  const all = verdict?.measured?.connections ?? [];
  const own = all.filter(({ client }) => ports.get(client) === port);
  const outcome = outcomeOf(countsOf(own));
  const doubts =
    verdict === undefined
      ? [problem ?? 'it was not run']
      : verdict.result === 'inconclusive'
        ? verdict.reasons
        : outcome === undefined
          ? ['no connection to it has a fate that is known']
          : [];
  const isKnown = doubts.length === 0;
  // Sockets of UDP have no states that tell of an end.
  const hasEnds = isKnown && about.behaviour.protocol === 'tcp';
  return {
    ...about,
    outcome: isKnown ? outcome : undefined,
    ends: hasEnds ? endsOf(own.filter(({ fate }) => fate === outcome)) : undefined,
    connections: own.length,
    doubts,
  };
}

function countsOf(connections: readonly ConnectionFate[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { fate } of connections) counts[fate] = (counts[fate] ?? 0) + 1;
  return counts;
}

function endsOf(connections: readonly ConnectionFate[]): EndStates | undefined {
  const pairs = new Map<string, { readonly states: EndStates; count: number }>();
  for (const { clientState: client, realserverState: realserver } of connections) {
    const known = pairs.get(`${client} ${realserver}`);
    if (known === undefined)
      pairs.set(`${client} ${realserver}`, { states: { client, realserver }, count: 1 });
    else known.count += 1;
  }
  return [...pairs.values()].sort((one, other) => other.count - one.count)[0]?.states;
}
