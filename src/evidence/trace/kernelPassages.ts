import { readIp } from '../capture/ip.js';
import { readTcp } from '../capture/tcp.js';
import { readUdp } from '../capture/udp.js';
import type { KernelPassage } from '../model/traced.js';
import { EvidenceError } from '../text/error.js';
import { nonEmptyLines } from '../text/lines.js';
import { segmentName } from '../listings/packetFilter/packetName.js';

/** An event: the processor, its name, the function (and for a return who called it), and what was fetched. */
const line = /\[(\d+)\] \S+ +[\d.]+: (\w+): \(([^)]*)\)(.*)$/;
/** What `nf_conntrack_in` returns for a packet that it throws away. Source: linux/netfilter.h. */
const nfDrop = 0;
const nfAccept = 1;
/** The hook at which packets come to a node. */
const prerouting = '0';

type UnfinishedPassage = { -readonly [Key in keyof KernelPassage]: KernelPassage[Key] };

/** A function that is under way on a processor. */
interface Open {
  readonly name: string;
  readonly event: string;
  readonly passage: UnfinishedPassage | undefined;
}

/**
 * Parses what tracefs printed of lab/probes/kernel.sh's events: the packets of TCP and UDP that connection tracking met, in that order. A packet is known
 * by its sk_buff until connection tracking meets another in the same place. Throws EvidenceError when the kernel had no room for all events.
 */
export function parseKernelPassages(text: string): KernelPassage[] {
  const [, kept, written] = /^# entries-in-buffer\/entries-written: (\d+)\/(\d+)/m.exec(text) ?? [];
  if (kept !== written)
    throw new EvidenceError(`it missed some: of ${written ?? ''} events it had room for ${kept ?? ''}.`);
  const reading = new Reading();
  for (const each of nonEmptyLines(text)) {
    const [, processor, event, where = '', rest = ''] = line.exec(each) ?? [];
    if (processor !== undefined && event !== undefined) reading.take(processor, event, where, rest);
  }
  return reading.passages;
}

class Reading {
  readonly passages: UnfinishedPassage[] = [];
  /** The newest packet in each sk_buff. */
  readonly #packets = new Map<string, UnfinishedPassage>();
  /** The newest packet of each entry; undefined: it did not come to the node, but left it. */
  readonly #entries = new Map<string, UnfinishedPassage | undefined>();
  readonly #open = new Map<string, Open[]>();

  take(processor: string, event: string, where: string, rest: string): void {
    const open = this.#open.get(processor) ?? [];
    this.#open.set(processor, open);
    if (event.endsWith('_end')) {
      const at = open.findLastIndex((one) => `${one.event}_end` === event);
      const [begun] = at < 0 ? [] : open.splice(at);
      if (begun !== undefined) this.#returned(begun, Number(valueOf(rest, 'verdict')));
      return;
    }
    const skb = valueOf(rest, 'skb') ?? '';
    if (event === 'in') this.#meets(skb, rest, open);
    const passage = this.#packets.get(skb);
    const ct = valueOf(rest, 'ct') ?? '';
    const name = where.replace(/\+.*$/, '');
    switch (event) {
      case 'tcp':
      case 'udp':
        if (passage !== undefined) passage.entry = this.#entries.has(ct) ? 'known' : 'new';
        this.#entries.set(ct, passage);
        break;
      case 'free':
        this.#freed(ct, open.at(-1));
        return;
      default:
        if (event.startsWith('send_') && passage !== undefined) passage.sentBy = name;
    }
    // What IPVS sends on is met again when it leaves, and that is no second passage.
    const isSecond = event === 'in' && valueOf(rest, 'hook') !== prerouting;
    open.push({ name, event, passage: isSecond ? undefined : passage });
  }

  #meets(skb: string, rest: string, open: readonly Open[]): void {
    const known = this.#packets.get(skb);
    if (valueOf(rest, 'hook') !== prerouting) {
      // A packet of the node's own, in the place of one that is gone.
      if (!open.some(({ event, passage }) => event.startsWith('send_') && passage === known))
        this.#packets.delete(skb);
      return;
    }
    this.#packets.delete(skb);
    const read = readPacket(bytesOf(rest, 'packet'));
    if (read === undefined) return;
    const mac = bytesOf(rest, 'mac')
      .toString('hex')
      .replaceAll(/(..)(?=.)/g, '$1:');
    const passage: UnfinishedPassage = {
      ...{ mac, ...read, isDropped: false, entry: undefined, isRefused: false },
      ...{ sentBy: undefined, freedIn: undefined },
    };
    this.#packets.set(skb, passage);
    this.passages.push(passage);
  }

  #returned({ event, passage }: Open, verdict: number): void {
    if (passage === undefined) return;
    if (event === 'in') passage.isDropped = verdict === nfDrop;
    else if (event === 'tcp' || event === 'udp') passage.isRefused = verdict === -nfAccept;
  }

  #freed(ct: string, within: Open | undefined): void {
    const passage = this.#entries.get(ct);
    this.#entries.delete(ct);
    if (passage !== undefined && within?.passage === passage) passage.freedIn = within.name;
  }
}

function valueOf(rest: string, name: string): string | undefined {
  return new RegExp(` ${name}=(\\S+)`).exec(rest)?.[1];
}

/** The bytes of an array such as `{0x45,0x0}`; none where the kernel could not read them. */
function bytesOf(rest: string, name: string): Buffer {
  const [, list = ''] = /^\{(.*)\}$/.exec(valueOf(rest, name) ?? '') ?? [];
  return Buffer.from(list === '' ? [] : list.split(',').map(Number));
}

function readPacket(
  bytes: Buffer,
):
  | Pick<KernelPassage, 'kind' | 'source' | 'destination' | 'sourcePort' | 'destinationPort' | 'id'>
  | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const ip = readIp(view, 0, bytes.byteLength);
  if (ip === undefined) return undefined;
  const tcp = ip.protocol === 6 ? readTcp(view, ip.payloadOffset, ip.payloadLength) : undefined;
  const ends = tcp ?? (ip.protocol === 17 ? readUdp(view, ip.payloadOffset) : undefined);
  if (ends === undefined) return undefined;
  const set = Object.entries(ends.flags).flatMap(([name, isSet]) => (isSet ? [name.toUpperCase()] : []));
  const { sourcePort, destinationPort } = ends;
  return {
    kind: tcp === undefined ? 'UDP' : segmentName(set),
    ...{ source: ip.source, destination: ip.destination, sourcePort, destinationPort },
    id: ip.family === 'ipv4' ? view.getUint16(4) : undefined,
  };
}
