import { flowOf, type Service } from '../evidence/flow.js';
import type { CapturedIcmp, CapturedSegment, NodeEvidence } from '../evidence/types.js';
import type { Sender } from '../scenario/expectation.js';
import { senderOf, type Cast } from './cast.js';
import { addToClientView, emptyClientView, type ClientView } from './clientView.js';
import { countSegment, noSegments, type SegmentCounts } from './segmentCounts.js';

/** A redirect is advice about the route: the packet it quotes was delivered. */
const redirect = 5;

/** The client's segments of one connection as the director's capture has them. */
export interface DirectorView {
  readonly arrived: SegmentCounts;
  readonly forwarded: SegmentCounts;
}

/** An ICMP error that quotes a segment of the connection. */
export interface FlowError {
  readonly type: number;
  readonly code: number;
  readonly from: Sender;
  readonly flags: CapturedSegment['flags'] | undefined;
}

/** What the captures say of one connection; a side is undefined when that node has no capture. */
export interface Wire {
  readonly client: ClientView | undefined;
  readonly director: DirectorView | undefined;
  readonly errors: readonly FlowError[];
}

/** Looks up the captured side of a connection by its client's `address:port`. */
export type WireLookup = (key: string) => Wire;

/** Sorts the captures of client and director by connection. */
export function wireOf(cast: Cast, service: Service): WireLookup {
  const clientViews = clientViewsOf(cast, service);
  const directorViews = directorViewsOf(cast, service);
  const errors = errorsOf(cast, service);
  return (key) => ({
    client: clientViews && (clientViews.get(key) ?? emptyClientView()),
    director: directorViews && (directorViews.get(key) ?? emptyDirectorView()),
    errors: errors.get(key) ?? [],
  });
}

function clientViewsOf(cast: Cast, service: Service): Map<string, ClientView> | undefined {
  const { client } = cast;
  if (client?.capture === undefined) return undefined;
  const views = new Map<string, ClientView>();
  for (const segment of client.capture.segments) {
    const flow = flowOf(segment, service);
    // A bridge floods frames it has no port for: what is not the client's own is somebody else's copy.
    const mac = flow?.fromClient === true ? segment.sourceMac : segment.destinationMac;
    if (flow === undefined || mac !== client.mac) continue;
    const view = getOrAdd(views, flow.key, emptyClientView);
    addToClientView(view, segment, flow.fromClient, senderOf(cast, segment.sourceMac));
  }
  return views;
}

function directorViewsOf(cast: Cast, service: Service): Map<string, DirectorView> | undefined {
  const { director, client } = cast;
  if (director?.capture === undefined) return undefined;
  const views = new Map<string, DirectorView>();
  for (const segment of director.capture.segments) {
    const flow = flowOf(segment, service);
    if (flow?.fromClient !== true) continue;
    const view = getOrAdd(views, flow.key, emptyDirectorView);
    // A DR packet passes the director's interface twice, and only the MAC addresses differ.
    if (segment.sourceMac === director.mac) countSegment(view.forwarded, segment);
    else if (segment.sourceMac === client?.mac && segment.destinationMac === director.mac) {
      countSegment(view.arrived, segment);
    }
  }
  return views;
}

function errorsOf(cast: Cast, service: Service): Map<string, FlowError[]> {
  const errors = new Map<string, FlowError[]>();
  for (const message of capturedIcmp(cast)) {
    const flow = message.quoted && flowOf(message.quoted, service);
    if (flow === undefined || message.type === redirect) continue;
    getOrAdd(errors, flow.key, () => []).push({
      type: message.type,
      code: message.code,
      from: senderOf(cast, message.sourceMac),
      flags: message.quoted?.flags,
    });
  }
  return errors;
}

/** The client's capture has every error that reached or left the client, once; the director's stands in where there is none. */
function capturedIcmp(cast: Cast): readonly CapturedIcmp[] {
  const nodes: (NodeEvidence | undefined)[] = [cast.client, cast.director];
  return nodes.find((node) => node?.capture !== undefined)?.capture?.icmp ?? [];
}

function emptyDirectorView(): DirectorView {
  return { arrived: noSegments(), forwarded: noSegments() };
}

function getOrAdd<V>(map: Map<string, V>, key: string, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
