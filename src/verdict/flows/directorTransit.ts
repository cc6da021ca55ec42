import { serviceTrafficOf, type Service } from '../../evidence/model/connectionKey.js';
import type { CapturedSegment } from '../../evidence/model/types.js';
import type { LabNodes } from '../captures/labNodes.js';
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
  lab: LabNodes,
  service: Service,
  sources: ReadonlySet<string>,
  witnesses: readonly SeenConnection[],
): DirectorTransit | undefined {
  const { directors, serving } = lab;
  const mayEnd = directors.some((node) => serving.includes(node)) || destinationRemoved(witnesses);
  if (mayEnd || directors.every(({ capture }) => capture === undefined)) return undefined;
  const closing = { arrived: 0, forwarded: 0 };
  const ofWitnesses = { arrived: 0, forwarded: 0 };
  const resets = { arrived: new Set<string>(), forwarded: new Set<string>() };
  let resetsArrived = 0;
  for (const { macs, capture } of directors) {
    for (const segment of capture?.segments ?? []) {
      const flow = serviceTrafficOf(segment, service);
      const passage = flow?.fromClient === true ? passageOf(lab, macs, segment) : undefined;
      if (flow === undefined || passage === undefined) continue;
      if (!sources.has(segment.source)) {
        ofWitnesses[passage] += 1;
      } else if (closes(segment)) {
        closing[passage] += 1;
        if (!segment.flags.rst) continue;
        resets[passage].add(flow.key);
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

function closes({ flags }: CapturedSegment): boolean {
  return flags.fin || flags.rst;
}
