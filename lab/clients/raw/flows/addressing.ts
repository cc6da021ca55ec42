import type { FlowProfile } from '../../../../src/contracts/agents/flowProfile.js';
import { addressBytes } from '../io/addresses.js';
import type { Packet } from '../packet/packet.js';

const firstPort = 1024;
const lastPort = 65_535;
/** The address is not one of the flows' sources. */
export const noSource = -1;
/** The address is one of the flows' sources, but no flow has the port. */
export const noFlow = -2;

/** Calculates a flow's source address and ports from its number, and the number from these. */
export class Addressing {
  readonly service: Buffer;
  readonly sources: readonly Buffer[];
  readonly #texts: readonly string[];
  readonly #ports: readonly number[];
  readonly #first: number;
  readonly #count: number;
  /** Last byte of an address -> one source that ends with it, or -1; and the next such source. */
  readonly #endingWith = new Int16Array(256).fill(-1);
  readonly #alike: Int16Array;

  /** Throws RangeError for addresses that cannot be read or are of another family, and when there are more flows than ports. */
  constructor({ flows, vip, ports, sources, firstFlow }: FlowProfile) {
    this.service = addressBytes(vip);
    this.sources = sources.map(addressBytes);
    this.#texts = sources;
    this.#ports = ports;
    this.#first = firstFlow;
    this.#count = flows.count;
    this.#alike = new Int16Array(sources.length).fill(-1);
    if (sources.length === 0 || ports.length === 0) {
      throw new RangeError('expected at least one source address and one port, found none');
    }
    const foreign = this.sources.findIndex((source) => source.length !== this.service.length);
    if (foreign >= 0) {
      throw new RangeError(
        `expected sources of the VIP's family, found ${String(sources[foreign])} beside ${vip}`,
      );
    }
    const most = (lastPort - firstPort + 1) * sources.length - firstFlow;
    if (flows.count > most) {
      const found = `${flows.count} from flow ${firstFlow} on`;
      throw new RangeError(`expected at most ${most} flows from ${sources.length} sources, found ${found}`);
    }
    this.sources.forEach((source, index) => {
      const end = source[source.length - 1] ?? 0;
      this.#alike[index] = this.#endingWith[end] ?? -1;
      this.#endingWith[end] = index;
    });
  }

  /** The index of the flow's source address. */
  sourceOf(flow: number): number {
    return (this.#first + flow) % this.sources.length;
  }

  portOf(flow: number): number {
    return firstPort + Math.floor((this.#first + flow) / this.sources.length);
  }

  servicePortOf(flow: number): number {
    return this.#ports[flow % this.#ports.length] ?? 0;
  }

  /** The flow's address and port for people: `10.0.0.7:1024`, `[fd00::7]:1024`. */
  nameOf(flow: number): string {
    const source = this.#texts[this.sourceOf(flow)] ?? '';
    return `${source.includes(':') ? `[${source}]` : source}:${this.portOf(flow)}`;
  }

  /** The flow with this address (at an index of `bytes`) and port; or `noSource`, or `noFlow`. */
  flowOf(bytes: Buffer, at: number, addressLength: number, port: number): number {
    let source = this.#endingWith[bytes[at + addressLength - 1] ?? 0] ?? -1;
    while (source >= 0 && !isAddress(this.sources[source], bytes, at, addressLength)) {
      source = this.#alike[source] ?? -1;
    }
    if (source < 0) return noSource;
    const flow = (port - firstPort) * this.sources.length + source - this.#first;
    return flow >= 0 && flow < this.#count && port >= firstPort ? flow : noFlow;
  }

  /** Whether the packet is from the flow's peer. */
  isFromPeer(flow: number, { bytes, sourceAt, addressBytes, sourcePort }: Packet): boolean {
    return sourcePort === this.servicePortOf(flow) && isAddress(this.service, bytes, sourceAt, addressBytes);
  }

  /** Whether the packet, which an ICMP error quotes, was for the flow's peer. */
  isForPeer(flow: number, { bytes, destinationAt, addressBytes, destinationPort }: Packet): boolean {
    const isPort = destinationPort === this.servicePortOf(flow);
    return isPort && isAddress(this.service, bytes, destinationAt, addressBytes);
  }
}

function isAddress(address: Buffer | undefined, bytes: Buffer, at: number, length: number): boolean {
  if (address?.length !== length) return false;
  for (let index = length - 1; index >= 0; index -= 1) {
    if (address[index] !== bytes[at + index]) return false;
  }
  return true;
}
