import type { JudgedPhase } from '../../fates/judgedPhase.js';
import { transitOf } from '../../captures/directorView.js';
import type { SeenConnection } from '../../connections/seenConnection.js';

/** How many segments from the clients came to the directors, and how many left them, by the captures of all directors together. */
export interface DirectorTransit {
  /** The flows' segments with FIN or RST, and among them those with RST. */
  readonly arrived: number;
  readonly forwarded: number;
  readonly resetsArrived: number;
  /** Flows whose RST came to a director, and none of whose RSTs left it. */
  readonly resetFlowsStopped: number;
  /** Witnesses' segments of any kind that came to a director. */
  readonly witnessesArrived: number;
  /** Those that did not leave it. */
  readonly witnessesStopped: number;
}

/**
 * Counts the segments. Undefined where no director has a capture, and where segments may end at a director without being counted:
 * when it serves connections itself, or when IPVS has lost a destination and drops what goes there.
 */
export function directorTransitOf(
  { lab, captures, connections: witnesses }: JudgedPhase,
  sources: ReadonlySet<string>,
): DirectorTransit | undefined {
  const { directors, serving } = lab;
  const mayEnd = directors.some((node) => serving.includes(node)) || destinationRemoved(witnesses);
  if (mayEnd || captures.directors.length === 0) return undefined;
  const closing = { arrived: 0, forwarded: 0 };
  const ofWitnesses = { arrived: 0, forwarded: 0 };
  const resets = { arrived: new Set<string>(), forwarded: new Set<string>() };
  let resetsArrived = 0;
  for (const { segments } of captures.directors) {
    for (const seen of segments) {
      const transit = transitOf(seen);
      if (transit === undefined) continue;
      const { kind, client, segment } = seen;
      if (!sources.has(segment.source)) {
        ofWitnesses[transit] += 1;
      } else if (kind === 'fin' || kind === 'rst') {
        closing[transit] += 1;
        if (kind === 'fin' || client === undefined) continue;
        resets[transit].add(client);
        if (transit === 'arrived') resetsArrived += 1;
      }
    }
  }
  return {
    ...closing,
    resetsArrived,
    resetFlowsStopped: [...resets.arrived].filter((key) => !resets.forwarded.has(key)).length,
    witnessesArrived: ofWitnesses.arrived,
    witnessesStopped: Math.max(0, ofWitnesses.arrived - ofWitnesses.forwarded),
  };
}

/** Whether IPVS lost a destination that has connections. It drops what goes there, and counts none of it. */
export function destinationRemoved(witnesses: readonly SeenConnection[]): boolean {
  return witnesses.some(({ ipvs }) => ipvs?.destinationRemoved === true);
}
