import type { Family } from '../../../../src/contracts/words/network.js';
/** A classic BPF program that lets in what is for the flows' addresses, so that the agent is not woken for anything else. */

export interface FilterOptions {
  readonly family: Family;
  /** The number of the flows' protocol: that of TCP or of UDP, whose ports are at one place. */
  readonly protocol: number;
  /** Addresses that frames must be for to be let in. */
  readonly sources: readonly Buffer[];
  readonly vip: Buffer;
  readonly ports: readonly number[];
  /** The most bytes of a frame to let in; the rest is cut off. */
  readonly keep: number;
}

/** The kernel's `struct sock_filter`: an operation, how many instructions to skip if it is true and if false, and its operand. */
export interface Instruction {
  readonly code: number;
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

/** The operations used here, as linux/bpf_common.h composes them. */
export const BpfOp = {
  loadWord: 0x20,
  loadHalf: 0x28,
  loadByte: 0x30,
  loadHalfIndexed: 0x48,
  indexByIpv4Header: 0xb1,
  jumpIfEqual: 0x15,
  return: 0x06,
} as const;

/** The offset at which BPF reads the packet's type, as if it were part of the packet: SKF_AD_OFF + SKF_AD_PKTTYPE. */
export const packetType = 0xff_ff_f0_04;
const outgoing = 4;

/** Which line comes next: the one below, one of the two ends, or the one with this label. */
type Target = 'below' | 'accept' | 'drop' | 'destination' | 'icmp';

interface Line {
  readonly label?: Target;
  readonly code: number;
  readonly k: number;
  readonly then?: Target;
  readonly otherwise?: Target;
}

/**
 * The filter. It lets in the flows' protocol from the service to the sources, ICMP to them, and neighbours' questions and answers, but nothing that this
 * host sends.
 */
export function socketFilter(options: FilterOptions): Instruction[] {
  return assemble([
    { code: BpfOp.loadWord, k: packetType },
    jump(outgoing, 'drop', 'below'),
    { code: BpfOp.loadHalf, k: 12 },
    ...(options.family === 'ipv4' ? ipv4(options) : ipv6(options)),
    { label: 'accept', code: BpfOp.return, k: options.keep },
    { label: 'drop', code: BpfOp.return, k: 0 },
  ]);
}

function ipv4({ sources, vip, ports, protocol }: FilterOptions): Line[] {
  return [
    jump(0x0806, 'accept', 'below'),
    jump(0x0800, 'below', 'drop'),
    { code: BpfOp.loadByte, k: 23 },
    jump(1, 'destination', 'below'),
    jump(protocol, 'below', 'drop'),
    { code: BpfOp.loadWord, k: 26 },
    jump(vip.readUInt32BE(0), 'below', 'drop'),
    { code: BpfOp.indexByIpv4Header, k: 14 },
    { code: BpfOp.loadHalfIndexed, k: 14 },
    ...jumpIfAny(ports, 'destination', 'drop'),
    { label: 'destination', code: BpfOp.loadWord, k: 30 },
    ...jumpIfAny(sources.map(lastWord), 'accept', 'drop'),
  ];
}

function ipv6({ sources, vip, ports, protocol }: FilterOptions): Line[] {
  return [
    jump(0x86dd, 'below', 'drop'),
    { code: BpfOp.loadByte, k: 20 },
    jump(58, 'icmp', 'below'),
    jump(protocol, 'below', 'drop'),
    { code: BpfOp.loadWord, k: 34 },
    jump(lastWord(vip), 'below', 'drop'),
    { code: BpfOp.loadHalf, k: 54 },
    ...jumpIfAny(ports, 'destination', 'drop'),
    { label: 'icmp', code: BpfOp.loadByte, k: 54 },
    // Solicitations go to a multicast address, and advertisements to the client's own.
    ...jumpIfAny([135, 136], 'accept', 'below'),
    { label: 'destination', code: BpfOp.loadWord, k: 50 },
    ...jumpIfAny(sources.map(lastWord), 'accept', 'drop'),
  ];
}

/** The last 32 bits of an address: all of an IPv4 address. For IPv6 they are enough here, because the agent compares the whole address later. */
function lastWord(address: Buffer): number {
  return address.readUInt32BE(address.length - 4);
}

function jump(k: number, then: Target, otherwise: Target): Line {
  return { code: BpfOp.jumpIfEqual, k, then, otherwise };
}

function jumpIfAny(values: readonly number[], then: Target, otherwise: Target): Line[] {
  return values.map((value, index) => jump(value, then, index === values.length - 1 ? otherwise : 'below'));
}

function assemble(lines: readonly Line[]): Instruction[] {
  return lines.map(({ code, k, then = 'below', otherwise = 'below' }, index) => {
    const distance = (target: Target): number => {
      if (target === 'below') return 0;
      return lines.findIndex(({ label }) => label === target) - index - 1;
    };
    const [jt, jf] = [distance(then), distance(otherwise)];
    if (jt > 255 || jf > 255) throw new RangeError('too many sources and ports for one socket filter');
    return { code, jt, jf, k };
  });
}
