import { errnoName, libc, memory, succeeded, SystemCallError } from './libc.js';
import type { Instruction } from './filter.js';
import type { Messages } from './messages.js';

const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const ETH_P_ALL = 0x0003;
const SOL_SOCKET = 1;
const SO_SNDBUF = 7;
const SO_RCVBUF = 8;
const SO_ATTACH_FILTER = 26;
const SO_SNDBUFFORCE = 32;
const SO_RCVBUFFORCE = 33;
const SOL_PACKET = 263;
const PACKET_ADD_MEMBERSHIP = 1;
const PACKET_STATISTICS = 6;
const PACKET_IGNORE_OUTGOING = 23;
const PACKET_MR_ALLMULTI = 2;
const MSG_DONTWAIT = 0x40;
const POLLIN = 1;
const POLLOUT = 4;

/** Bytes of receive buffer, for what arrives while JavaScript is busy or collects garbage: a small segment takes about 800 bytes. */
const receiveBytes = 64 * 2 ** 20;
const sendBytes = 4 * 2 ** 20;

export interface PacketSocketOptions {
  readonly device: string;
  readonly filter: readonly Instruction[];
  /** Whether to receive frames for multicast addresses that nobody here has joined, such as neighbour solicitations. */
  readonly multicast: boolean;
}

/** Sends and receives whole Ethernet frames on one interface. Throws SystemCallError when the kernel refuses (EPERM: no CAP_NET_RAW). */
export class PacketSocket implements Disposable {
  readonly #fd: number;
  readonly #poll = memory(8);
  readonly #scratch = memory(16);
  #receiveDrops = 0;

  constructor({ device, filter, multicast }: PacketSocketOptions) {
    const index = libc.ifNameToIndex(device);
    if (index === 0) throw new SystemCallError(`if_nametoindex(${device})`);
    // Protocol 0 receives nothing: what came before the filter is there would have to be thrown away.
    this.#fd = succeeded(
      'socket(AF_PACKET)',
      libc.socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
    );
    try {
      this.#attach(filter);
      this.#setBuffer(SO_RCVBUFFORCE, SO_RCVBUF, receiveBytes);
      this.#setBuffer(SO_SNDBUFFORCE, SO_SNDBUF, sendBytes);
      // Spares the filter what the kernel sends; kernels before 4.20 do not know it.
      this.#setNumber(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
      if (multicast) this.#receiveMulticast(index);
      this.#bind(index);
    } catch (error) {
      libc.close(this.#fd);
      throw error;
    }
  }

  /** Sends messages. Returns how many the kernel took or, when it took none, 0 and the name of the reason. */
  send(
    messages: Messages,
    from: number,
    count: number,
  ): { readonly sent: number; readonly error: string | undefined } {
    const sent = libc.sendmmsg(this.#fd, messages.addressOf(from), count, MSG_DONTWAIT);
    return sent > 0 ? { sent, error: undefined } : { sent: 0, error: errnoName() };
  }

  /** Receives frames into messages. Returns how many were filled; 0: no frame was waiting. Throws SystemCallError. */
  receive(messages: Messages): number {
    const count = libc.recvmmsg(this.#fd, messages.addressOf(0), messages.count, MSG_DONTWAIT, 0);
    if (count >= 0) return count;
    const error = errnoName();
    // The interface may go down for a moment; it says so once.
    if (error === 'EAGAIN' || error === 'EINTR' || error === 'ENETDOWN') return 0;
    throw new SystemCallError('recvmmsg');
  }

  /** Blocks the whole process until frames can be read or this many milliseconds have passed. */
  waitForFrames(milliseconds: number): void {
    this.#wait(POLLIN, milliseconds);
  }

  /** Blocks the whole process until frames can be sent or this many milliseconds have passed. */
  waitForRoom(milliseconds: number): void {
    this.#wait(POLLOUT, milliseconds);
  }

  /** How many frames the kernel has dropped for want of buffer since the socket was opened. */
  receiveDrops(): number {
    const { bytes, address } = this.#scratch;
    bytes.writeUInt32LE(8, 8);
    // The kernel counts from zero again after each look.
    if (libc.getsockopt(this.#fd, SOL_PACKET, PACKET_STATISTICS, address, address + 8) === 0) {
      this.#receiveDrops += bytes.readUInt32LE(4);
    }
    return this.#receiveDrops;
  }

  [Symbol.dispose](): void {
    libc.close(this.#fd);
  }

  #wait(events: number, milliseconds: number): void {
    const { bytes, address } = this.#poll;
    bytes.writeInt32LE(this.#fd, 0);
    bytes.writeInt16LE(events, 4);
    libc.poll(address, 1, milliseconds);
  }

  #attach(filter: readonly Instruction[]): void {
    const program = memory(filter.length * 8);
    filter.forEach(({ code, jt, jf, k }, index) => {
      program.bytes.writeUInt16LE(code, index * 8);
      program.bytes.writeUInt8(jt, index * 8 + 2);
      program.bytes.writeUInt8(jf, index * 8 + 3);
      program.bytes.writeUInt32LE(k, index * 8 + 4);
    });
    const { bytes, address } = this.#scratch;
    bytes.writeUInt16LE(filter.length, 0);
    bytes.writeBigUInt64LE(BigInt(program.address), 8);
    succeeded('SO_ATTACH_FILTER', libc.setsockopt(this.#fd, SOL_SOCKET, SO_ATTACH_FILTER, address, 16));
  }

  /** Sets a buffer's size above the system's limit where that is allowed (CAP_NET_ADMIN), else at most to the limit. */
  #setBuffer(force: number, plain: number, bytes: number): void {
    if (!this.#setNumber(SOL_SOCKET, force, bytes)) this.#setNumber(SOL_SOCKET, plain, bytes);
  }

  #setNumber(level: number, option: number, value: number): boolean {
    this.#scratch.bytes.writeInt32LE(value, 0);
    return libc.setsockopt(this.#fd, level, option, this.#scratch.address, 4) === 0;
  }

  #receiveMulticast(index: number): void {
    const { bytes, address } = this.#scratch;
    bytes.fill(0);
    bytes.writeInt32LE(index, 0);
    bytes.writeUInt16LE(PACKET_MR_ALLMULTI, 4);
    const result = libc.setsockopt(this.#fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, address, 16);
    succeeded('PACKET_ADD_MEMBERSHIP', result);
  }

  #bind(index: number): void {
    const { bytes, address } = memory(20);
    bytes.writeUInt16LE(AF_PACKET, 0);
    bytes.writeUInt16BE(ETH_P_ALL, 2);
    bytes.writeInt32LE(index, 4);
    succeeded('bind(AF_PACKET)', libc.bind(this.#fd, address, 20));
  }
}
