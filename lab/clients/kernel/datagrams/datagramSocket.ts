import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Datagrams } from '../../../../src/contracts/agents/load.js';
import type { Target } from '../../../../src/contracts/agents/driveOrder.js';
import type { ClientConnection, DatagramReply } from '../../../../src/evidence/model/loadReport.js';
import type { ClientSocket } from '../connections/clientSocket.js';
import { attemptsAtPorts, type LocalPorts } from '../connections/localPorts.js';
import { isPortTaken } from '../connections/portTaken.js';
import { answerIn, pushesOf, requestText } from '../../udp/dialogue.js';

/** What each client asks, and from where. */
export interface DatagramOptions {
  readonly sourceAddress: string;
  readonly datagrams: Datagrams;
  readonly requests: number;
  /** Seconds of silence before the last request. */
  readonly idle: number;
  /** The ports that sockets bind to; undefined: the kernel picks a port for each. */
  readonly ports: LocalPorts | undefined;
}

/** One client of UDP: a socket with a port of its own, its requests, and what came back. */
export class DatagramSocket implements ClientSocket {
  /** Resolves when the first reply has come, or has been waited for; never rejects. */
  readonly opened: Promise<void>;
  /** Resolves when the last reply has come, or has been waited for; never rejects. */
  readonly done: Promise<void>;
  readonly #options: DatagramOptions;
  readonly #target: Target;
  readonly #id: string;
  readonly #openedAt = Date.now() / 1000;
  readonly #from = performance.now();
  readonly #stop = new AbortController();
  readonly #replies: DatagramReply[] = [];
  #isOpened: () => void = () => undefined;
  #localAddress: string;
  #localPort = 0;
  #asked = 0;
  #pushed = 0;
  #bytesSent = 0;
  #bytesReceived = 0;
  #firstByteSeconds: number | undefined;
  #failure: NodeJS.ErrnoException | undefined;
  /** Called when something has come. */
  #arrived: () => void = () => undefined;

  constructor(options: DatagramOptions, target: Target, number: number) {
    this.#options = options;
    this.#target = target;
    this.#localAddress = options.sourceAddress;
    this.#id = `c${number}`;
    this.opened = new Promise((resolve) => (this.#isOpened = resolve));
    this.done = this.#converse();
  }

  report(): ClientConnection {
    const { requests, datagrams } = this.#options;
    const answered = new Set(this.#replies.map(({ to }) => to)).size;
    const wanted = pushesOf(datagrams) * requests;
    return {
      localAddress: this.#localAddress,
      localPort: this.#localPort,
      port: this.#target.port,
      address: this.#target.address,
      openedAt: this.#openedAt,
      connectSeconds: undefined,
      firstByteSeconds: this.#firstByteSeconds,
      connected: answered > 0,
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
      httpStatus: undefined,
      complete: answered === requests && this.#pushed >= wanted,
      serverClosed: false,
      clientClosed: undefined,
      error: this.#failure === undefined ? undefined : (this.#failure.code ?? this.#failure.message),
      datagrams: { asked: this.#asked, answered, wanted, pushed: this.#pushed, replies: [...this.#replies] },
    };
  }

  abandon(): void {
    this.#stop.abort();
  }

  async #converse(): Promise<void> {
    const { requests, datagrams, idle } = this.#options;
    const { as, pause, wait } = datagrams;
    const socket = await this.#open();
    for (let sequence = 1; socket !== undefined && sequence <= requests; sequence += 1) {
      const silence = sequence === 1 ? 0 : sequence === requests ? Math.max(pause, idle) : pause;
      await this.#pause(silence);
      if (this.#stop.signal.aborted) break;
      this.#ask(socket, sequence);
      const isLast = sequence === requests;
      if (as === 'dns' || sequence === 1) await this.#hear(wait, () => this.#has(sequence));
      this.#isOpened();
      if (isLast && as === 'quic') await this.#hear(wait, () => this.report().complete);
    }
    this.#isOpened();
    if (socket !== undefined) await new Promise<void>((resolve) => socket.close(resolve));
  }

  #ask(socket: Socket, sequence: number): void {
    const text = requestText(this.#id, sequence, this.#options.datagrams);
    this.#asked += 1;
    this.#bytesSent += text.length;
    socket.send(text, (error) => {
      if (error !== null) this.#failed(error);
    });
  }

  /** Binds and connects a socket, trying one of the agent's own ports after the other until one is free. */
  async #open(): Promise<Socket | undefined> {
    const { ports, sourceAddress } = this.#options;
    for (let attempt = 0; attempt < attemptsAtPorts; attempt += 1) {
      const socket = createSocket(isIPv6(this.#target.address) ? 'udp6' : 'udp4');
      socket.on('message', (message) => {
        this.#receive(message);
      });
      const failure = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
        socket.once('error', resolve);
        socket.bind({ port: ports?.take() ?? 0, address: sourceAddress }, () => {
          socket.connect(this.#target.port, this.#target.address, (error?: Error) => {
            resolve(error);
          });
        });
      });
      if (failure === undefined) {
        const { address, port } = socket.address();
        [this.#localAddress, this.#localPort] = [address, port];
        socket.on('error', (error) => {
          this.#failed(error);
        });
        return socket;
      }
      socket.close();
      if (!isPortTaken(failure) || ports === undefined) {
        this.#failed(failure);
        return undefined;
      }
    }
    return undefined;
  }

  #failed(error: NodeJS.ErrnoException): void {
    this.#failure ??= error;
    this.#arrived();
  }

  #receive(message: Buffer): void {
    this.#bytesReceived += message.length;
    const answer = answerIn(message.toString('latin1'));
    if (answer?.id !== this.#id) return;
    this.#firstByteSeconds ??= (performance.now() - this.#from) / 1000;
    if (answer.kind === 'push') this.#pushed += 1;
    else this.#replies.push({ to: answer.sequence, by: answer.by, at: Date.now() / 1000 });
    this.#arrived();
  }

  #has(sequence: number): boolean {
    return this.#replies.some(({ to }) => to === sequence);
  }

  /** Waits until something is there, at most so many seconds. */
  async #hear(seconds: number, isThere: () => boolean): Promise<void> {
    const { signal } = this.#stop;
    const until = performance.now() + seconds * 1000;
    for (;;) {
      const left = until - performance.now();
      if (isThere() || signal.aborted) return;
      // A busy machine may be late with the timer and have something to read all the same.
      if (left <= 0) return turnOfEventLoop();
      const over = new AbortController();
      const stop = () => {
        over.abort();
      };
      signal.addEventListener('abort', stop);
      await Promise.race([
        new Promise<void>((resolve) => (this.#arrived = resolve)),
        delay(left, undefined, { signal: over.signal }).catch(() => undefined),
      ]);
      signal.removeEventListener('abort', stop);
      over.abort();
    }
  }

  async #pause(seconds: number): Promise<void> {
    const { signal } = this.#stop;
    if (seconds > 0) await delay(seconds * 1000, undefined, { signal }).catch(() => undefined);
  }
}

/** Lets the event loop read what has come. */
async function turnOfEventLoop(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}
