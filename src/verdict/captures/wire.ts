import type { Sender } from '../../contracts/words/nodes.js';
import { clientKey, serviceTrafficOf, type Service } from '../../evidence/model/connectionKey.js';
import type { CapturedIcmp, CapturedSegment } from '../../evidence/model/types.js';
import type { LabNodes } from './labNodes.js';
import { addReceived, addSent, emptyClientView, type ClientView } from './clientView.js';
import { directorViewsOf, emptyDirectorView, type DirectorView } from './directorView.js';
import { originsOf, type Origins } from './origin.js';
import type { PortUse, PortUses } from './portUse.js';
import { addMisaddressed, noteReset } from './misaddressed.js';

/** An ICMP error that quotes a segment of the connection. */
export interface ReceivedError {
  readonly type: number;
  readonly code: number;
  readonly from: Sender;
  readonly flags: CapturedSegment['flags'] | undefined;
}

/** What the captures say of one connection; a side is undefined when no such node has a capture. */
export interface Wire {
  readonly client: ClientView | undefined;
  readonly director: DirectorView | undefined;
  readonly errors: readonly ReceivedError[];
  /** Nodes other than a director that its SYNs were sent to where a director was meant; undefined: the SYNs went nowhere else. */
  readonly past: string | undefined;
  /** There was an earlier connection from the same port, by the load's report or by the client's capture. */
  readonly portWasUsed: boolean;
}

/** The service, and the one of its addresses that clients connect to. */
type SeenService = Service & { readonly vip: string };

/** Looks up the captured side of a connection. */
export type WireLookup = (use: PortUse) => Wire;

/** Sorts the captures of client and directors by connection. */
export function wireOf(lab: LabNodes, service: SeenService, uses: PortUses): WireLookup {
  const origins = originsOf(lab, service, uses);
  const client = clientViewsOf(lab, service, uses, origins);
  const directorViews = directorViewsOf(lab, service, uses);
  const errors = errorsOf(lab, service, uses, origins);
  const past = pastDirector(lab, service, uses);
  return (use) => ({
    client: client && (client.views.get(use) ?? emptyClientView()),
    director: directorViews && (directorViews.get(use) ?? emptyDirectorView()),
    errors: errors.get(use) ?? [],
    past: past.get(use),
    portWasUsed: !uses.isFirst(use) || client?.usedBefore.has(use.key) === true,
  });
}

/** Connections of which the last hop before the directors, client or router, sent the SYNs to another node of the lab. */
function pastDirector(lab: LabNodes, service: Service, uses: PortUses): Map<PortUse, string> {
  const hop = lab.router ?? lab.client;
  const past = new Map<PortUse, string>();
  for (const segment of hop?.capture?.segments ?? []) {
    if (!segment.flags.syn || segment.flags.ack || hop?.macs.includes(segment.sourceMac) !== true) continue;
    const flow = serviceTrafficOf(segment, service);
    const use = flow?.fromClient === true ? uses.at(flow.key, segment.time) : undefined;
    const receiver = lab.byMac.get(segment.destinationMac);
    if (use !== undefined && receiver?.role === 'realserver') past.set(use, receiver.name);
  }
  return past;
}

interface ClientViews {
  readonly views: Map<PortUse, ClientView>;
  /** Ports with segments from before their first connection of the load. */
  readonly usedBefore: Set<string>;
}

function clientViewsOf(
  lab: LabNodes,
  { vip, ports }: SeenService,
  uses: PortUses,
  origins: Origins,
): ClientViews | undefined {
  const { client } = lab;
  if (client?.capture === undefined) return undefined;
  const service = { servers: [vip], ports };
  const views = new Map<PortUse, ClientView>();
  const usedBefore = new Set<string>();
  /** A segment between one of the connections' ports and somewhere else than the VIP. */
  const addIfStray = (segment: CapturedSegment): void => {
    const { source, sourcePort, destination, destinationPort, time } = segment;
    if (client.macs.includes(segment.destinationMac)) {
      const use = uses.at(clientKey(destination, destinationPort), time);
      if (use !== undefined)
        addMisaddressed(getOrAdd(views, use, emptyClientView).misaddressed, segment, lab);
    } else if (segment.flags.rst && client.macs.includes(segment.sourceMac)) {
      const use = uses.at(clientKey(source, sourcePort), time);
      const view = use && views.get(use);
      if (view !== undefined) noteReset(view.misaddressed, segment);
    }
  };
  for (const segment of client.capture.segments) {
    const flow = serviceTrafficOf(segment, service);
    if (flow === undefined) {
      addIfStray(segment);
      continue;
    }
    // A bridge floods frames it has no port for: what is not the client's own is somebody else's copy.
    if (!client.macs.includes(flow.fromClient ? segment.sourceMac : segment.destinationMac)) continue;
    const use = uses.at(flow.key, segment.time);
    if (use === undefined) {
      usedBefore.add(flow.key);
      continue;
    }
    const view = getOrAdd(views, use, emptyClientView);
    if (flow.fromClient) addSent(view, segment);
    else addReceived(view, segment, () => origins.ofReset(segment, flow.key));
  }
  return { views, usedBefore };
}

/** The errors in the client's capture, which has every one that reached or left the client, once. */
function errorsOf(
  { client }: LabNodes,
  service: Service,
  uses: PortUses,
  origins: Origins,
): Map<PortUse, ReceivedError[]> {
  const errors = new Map<PortUse, ReceivedError[]>();
  for (const message of client?.capture?.icmp ?? []) {
    const flow = message.quoted && serviceTrafficOf(message.quoted, service);
    const use = flow && uses.at(flow.key, message.time);
    if (use === undefined || isRedirect(message)) continue;
    getOrAdd(errors, use, () => []).push({
      type: message.type,
      code: message.code,
      from: origins.ofError(message, use.key),
      flags: message.quoted?.flags,
    });
  }
  return errors;
}

/** A redirect is advice about the route: the packet it quotes was delivered. ICMPv6's is not among the errors. */
function isRedirect({ family, type }: CapturedIcmp): boolean {
  return family === 'ipv4' && type === 5;
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
