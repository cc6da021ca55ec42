import { clientKey } from '../../evidence/model/connectionKey.js';
import type { ClassifiedSegment } from './classifiedCaptures.js';
import type { LabNodes } from './labNodes.js';

/**
 * What came to a connection's port at the client from another address than the one it had connected to: a realserver's answers that
 * nobody translated back. The client's kernel knows no such connection, and resets it.
 */
export interface MisaddressedReplies {
  /** Where they came from: `10.0.0.4:80`. */
  readonly from: string;
  /** The node that has the address; undefined: none of the lab's. */
  readonly node: string | undefined;
  synAcks: number;
  /** Data, FINs and acknowledgements. */
  others: number;
  /** The client answered one with a RST. */
  reset: boolean;
}

/** Adds a segment to the replies of a connection, by where they come from. */
export function addMisaddressed(
  replies: Map<string, MisaddressedReplies>,
  { kind, segment: { source, sourcePort } }: ClassifiedSegment,
  lab: LabNodes,
): void {
  const from = clientKey(source, sourcePort);
  let known = replies.get(from);
  if (known === undefined) {
    const node = [...lab.serving, ...lab.directors].find(({ addresses }) => addresses.includes(source));
    replies.set(from, (known = { from, node: node?.name, synAcks: 0, others: 0, reset: false }));
  }
  if (kind === 'syn-ack') known.synAcks += 1;
  else if (kind !== 'rst') known.others += 1;
}

/** Notes that the client reset what came from there. */
export function noteReset(
  replies: ReadonlyMap<string, MisaddressedReplies>,
  { segment: { destination, destinationPort } }: ClassifiedSegment,
): void {
  const known = replies.get(clientKey(destination, destinationPort));
  if (known !== undefined) known.reset = true;
}

/** `the SYN-ACK came from realserver1's own address, 10.0.0.4:80, and was reset by the client`; undefined where every reply came from where it should. */
export function misaddressedText(
  replies: ReadonlyMap<string, MisaddressedReplies> | undefined,
): string | undefined {
  const reply = [...(replies?.values() ?? [])].find(({ synAcks, others }) => synAcks + others > 0);
  if (reply === undefined) return undefined;
  const what = reply.synAcks > 0 ? 'the SYN-ACK' : 'the reply';
  const whose = reply.node === undefined ? "an address that is no node's" : `${reply.node}'s own address`;
  const end = reply.reset
    ? 'was reset by the client'
    : 'the client, which had not connected to it, took no notice';
  return `${what} came from ${whose}, ${reply.from}, and ${end}`;
}
