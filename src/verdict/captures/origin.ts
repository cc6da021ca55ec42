import type { Sender } from '../../contracts/words/nodes.js';
import { serviceTrafficOf, type Service } from '../../evidence/model/connectionKey.js';
import type { CapturedIcmp, CapturedSegment } from '../../evidence/model/types.js';
import { roleOf, type LabNodes } from './labNodes.js';
import type { PortUses } from './portUse.js';

/** Says who made the RSTs and ICMP errors that the client received. */
export interface Origins {
  ofReset(segment: CapturedSegment, key: string): Sender;
  ofError(message: CapturedIcmp, key: string): Sender;
}

/**
 * Servers and directors speak with the VIP's address, so the MAC at the client tells who it was. Where that is the router's or a
 * director's, they may only have passed it on: the captures there show who handed it to them.
 */
export function originsOf(lab: LabNodes, service: Service, uses: PortUses): Origins {
  const handovers = handoversOf(lab, service, uses);
  const sender = ({ sourceMac, time }: CapturedIcmp | CapturedSegment, name: string): Sender => {
    const role = roleOf(lab, sourceMac);
    if (role !== 'router' && role !== 'director') return role ?? 'unknown';
    const { toDirector = Infinity, fromDirector = Infinity, toRouter = Infinity } = handovers.get(name) ?? {};
    if (toDirector <= time) return 'realserver';
    if (role === 'director' || fromDirector <= time) return 'director';
    if (toRouter <= time) return 'realserver';
    return lab.router?.capture === undefined ? 'unknown' : 'router';
  };
  return {
    ofReset: (segment, key) => sender(segment, resetName(key)),
    ofError: (message, key) => sender(message, errorName(message, key)),
  };
}

/** When a message was first seen on its way. */
interface Handovers {
  /** From a realserver to a director. */
  toDirector?: number;
  /** Leaving a director. */
  fromDirector?: number;
  /** From a realserver to the router. */
  toRouter?: number;
}

function handoversOf(lab: LabNodes, service: Service, uses: PortUses): Map<string, Handovers> {
  const all = new Map<string, Handovers>();
  /** On the way of a translated connection it has another name. */
  const named = (key: string, time: number): string => uses.at(key, time)?.key ?? key;
  const note = (message: CapturedSegment | CapturedIcmp, name: string): void => {
    const way = handoverOf(lab, message);
    if (way === undefined) return;
    const known = all.get(name) ?? {};
    known[way] = Math.min(known[way] ?? Infinity, message.time);
    all.set(name, known);
  };
  for (const node of [...lab.directors, ...(lab.router === undefined ? [] : [lab.router])]) {
    for (const segment of node.capture?.segments ?? []) {
      const flow = segment.flags.rst ? serviceTrafficOf(segment, service) : undefined;
      if (flow?.fromClient === false) note(segment, resetName(named(flow.key, segment.time)));
    }
    for (const message of node.capture?.icmp ?? []) {
      const flow = message.quoted && serviceTrafficOf(message.quoted, service);
      if (flow !== undefined) note(message, errorName(message, named(flow.key, message.time)));
    }
  }
  return all;
}

function handoverOf(
  lab: LabNodes,
  { sourceMac, destinationMac }: CapturedSegment | CapturedIcmp,
): keyof Handovers | undefined {
  const from = roleOf(lab, sourceMac);
  const to = roleOf(lab, destinationMac);
  if (from === 'director') return 'fromDirector';
  if (from !== 'realserver') return undefined;
  return to === 'director' ? 'toDirector' : to === 'router' ? 'toRouter' : undefined;
}

function resetName(key: string): string {
  return `RST ${key}`;
}

function errorName({ type, code }: CapturedIcmp, key: string): string {
  return `ICMP ${type}/${code} ${key}`;
}
