import type { JudgedPhase } from '../fates/judgedPhase.js';
import { passageOf } from '../captures/directorView.js';
import type { SeenConnection } from '../connections/seenConnection.js';

/** What came from the client's side to the directors, and what left them, by their captures; two directors are one sum. */
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
 * Undefined where no director has a capture, and where segments may rightly end at a director without being counted: it serves
 * connections itself, or IPVS drops without a word what has no destination any more.
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
      const passage = passageOf(seen);
      if (passage === undefined) continue;
      const { kind, client, segment } = seen;
      if (!sources.has(segment.source)) {
        ofWitnesses[passage] += 1;
      } else if (kind === 'fin' || kind === 'rst') {
        closing[passage] += 1;
        if (kind === 'fin' || client === undefined) continue;
        resets[passage].add(client);
        if (passage === 'arrived') resetsArrived += 1;
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

/** IPVS drops what goes to such a destination, and counts none of it. */
export function destinationRemoved(witnesses: readonly SeenConnection[]): boolean {
  return witnesses.some(({ ipvs }) => ipvs?.destinationRemoved === true);
}
