import { clientKey } from '../../evidence/model/connectionKey.js';
import type { CapturedSegment } from '../../evidence/model/types.js';
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

/** Adds a segment to the strays of a connection, by where they come from. */
export function addMisaddressed(
  strays: Map<string, MisaddressedReplies>,
  { source, sourcePort, flags }: CapturedSegment,
  lab: LabNodes,
): void {
  const from = clientKey(source, sourcePort);
  let known = strays.get(from);
  if (known === undefined) {
    const node = [...lab.serving, ...lab.directors].find(({ addresses }) => addresses.includes(source));
    strays.set(from, (known = { from, node: node?.name, synAcks: 0, others: 0, reset: false }));
  }
  if (flags.syn && flags.ack) known.synAcks += 1;
  else if (!flags.rst) known.others += 1;
}

/** Notes that the client reset what came from there. */
export function noteReset(
  strays: ReadonlyMap<string, MisaddressedReplies>,
  { destination, destinationPort }: CapturedSegment,
): void {
  const known = strays.get(clientKey(destination, destinationPort));
  if (known !== undefined) known.reset = true;
}

/** `the SYN-ACK came from realserver1's own address, 10.0.0.4:80, and was reset by the client`; undefined where nothing went astray. */
export function describeMisaddressed(
  strays: ReadonlyMap<string, MisaddressedReplies> | undefined,
): string | undefined {
  const stray = [...(strays?.values() ?? [])].find(({ synAcks, others }) => synAcks + others > 0);
  if (stray === undefined) return undefined;
  const what = stray.synAcks > 0 ? 'the SYN-ACK' : 'the reply';
  const whose = stray.node === undefined ? "an address that is no node's" : `${stray.node}'s own address`;
  const end = stray.reset
    ? 'was reset by the client'
    : 'the client, which had not connected to it, took no notice';
  return `${what} came from ${whose}, ${stray.from}, and ${end}`;
}
