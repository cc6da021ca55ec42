import type { ClientConnection } from '../../../../src/evidence/model/loadReport.js';
import { setTimeout as delay } from 'node:timers/promises';
import type { SocketFactory, ClientSocket } from './clientSocket.js';
import { SerialQueue } from './serialQueue.js';
import {
  KernelConnection,
  type ConnectionOptions,
  type KernelConnectionOptions,
} from './kernelConnection.js';
import { attemptsAtPorts, type LocalPorts } from './localPorts.js';
import { ConnectAttempts } from './connectAttempts.js';
import { isPortTaken } from './portTaken.js';

interface KernelSocketOptions extends Omit<ConnectionOptions, 'target'> {
  /** The ports that connections bind to; undefined: the kernel picks a port for each. */
  readonly ports: LocalPorts | undefined;
  /** How often each connection is opened again from its port. */
  readonly reopen: number;
}

const reopenMilliseconds = 100;

/** Clients made of the kernel's own TCP sockets. */
export function kernelSockets(options: KernelSocketOptions): SocketFactory {
  const halfCloses = new SerialQueue();
  return {
    name: `kernel sockets of Node.js ${process.version}`,
    nonBlockingConnect: true,
    open: (target) => new KernelSocket({ ...options, target, halfCloses }),
  };
}

class KernelSocket implements ClientSocket {
  readonly opened: Promise<void>;
  readonly done: Promise<void>;
  readonly #options: KernelSocketOptions & KernelConnectionOptions;
  readonly #abandoned = new AbortController();
  #isOpened: () => void = () => undefined;
  #connection: KernelConnection;
  /** True while another connection from the same port cannot be opened yet, because the one before has not ended. */
  #awaitsEnd: boolean;

  constructor(options: KernelSocketOptions & KernelConnectionOptions) {
    this.#options = options;
    this.#awaitsEnd = options.reopen > 0;
    this.opened = new Promise((resolve) => (this.#isOpened = resolve));
    this.#connection = this.#connect(new ConnectAttempts(), options.ports?.take());
    this.done = this.#hold();
  }

  report(): ClientConnection {
    const report = this.#connection.report();
    return this.#awaitsEnd ? { ...report, error: 'EADDRINUSE' } : report;
  }

  abandon(): void {
    this.#abandoned.abort();
    this.#connection.destroy();
  }

  #connect(opening: ConnectAttempts, localPort: number | undefined): KernelConnection {
    return new KernelConnection(this.#options, opening, localPort);
  }

  async #hold(): Promise<void> {
    await this.#findPort();
    this.#isOpened();
    await this.#connection.over;
    for (let left = this.#options.reopen; left > 0; left -= 1) {
      if (this.#abandoned.signal.aborted) return;
      this.#awaitsEnd = left > 1;
      await this.#openAgain();
      // What failed is what there is to tell.
      if (this.#connection.failure !== undefined) {
        this.#awaitsEnd = false;
        return;
      }
    }
  }

  /** Connects from one of the agent's own ports, trying the next one until a port is free. */
  async #findPort(): Promise<void> {
    await this.#connection.opened;
    const { ports } = this.#options;
    for (let attempt = 1; ports !== undefined && attempt < attemptsAtPorts; attempt += 1) {
      if (!isPortTaken(this.#connection.failure) || this.#abandoned.signal.aborted) return;
      this.#connection = this.#connect(new ConnectAttempts(), ports.take());
      await this.#connection.opened;
    }
  }

  /**
   * Opens another connection from the first one's port and stays with it to its end. Node sets SO_REUSEADDR before bind(), so
   * that succeeds although the kernel may still be busy with the first connection; connect() then fails with EADDRNOTAVAIL
   * while an orphan in LAST-ACK or FIN-WAIT-1 has the same four numbers. What is left in TIME-WAIT, or in FIN-WAIT-2 without a
   * socket, gives them away at once where there were timestamps: tcp_tw_reuse does not matter to a port that was asked for.
   * Where the kernel had picked the port, without SO_REUSEADDR, bind() fails already, with EADDRINUSE, in all of these states.
   */
  async #openAgain(): Promise<void> {
    const { localPort } = this.#connection.report();
    if (localPort === 0) return;
    const opening = new ConnectAttempts();
    for (;;) {
      this.#connection = this.#connect(opening, localPort);
      await this.#connection.over;
      if (!isPortTaken(this.#connection.failure) || !(await this.#mayRetry())) return;
      opening.portRefused();
    }
  }

  /** Waits before the next try and resolves with true; resolves with false as soon as time is up. */
  async #mayRetry(): Promise<boolean> {
    const { signal } = this.#abandoned;
    await delay(reopenMilliseconds, undefined, { signal }).catch(() => undefined);
    return !signal.aborted;
  }
}
