import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ClientConnection } from '../../src/evidence/types.js';
import { blockingClient } from './blockingClient.js';
import type { ClientKind, Conversation } from './conversation.js';
import type { Dialogue } from './kernelConnection.js';
import { attemptsAtPorts, type LocalPorts } from './localPorts.js';
import { isPortTaken } from './portTaken.js';
import { requestsOf, type Request } from './requests.js';

interface BlockingSocketOptions extends Omit<Dialogue, 'port'> {
  /** Undefined: the kernel picks. */
  readonly ports: LocalPorts | undefined;
}

/** What the program has told of its connection so far; `syscall` is the one that failed with `error`. */
type Observations = Partial<ClientConnection> & { readonly syscall?: string };

/** Clients that block in connect(), as most programs do: one process of Perl for each connection. */
export function blockingSockets(options: BlockingSocketOptions): ClientKind {
  return {
    name: 'blocking sockets of Perl',
    nonBlockingConnect: false,
    open: (port) => new BlockingSocketConversation({ ...options, port }),
  };
}

class BlockingSocketConversation implements Conversation {
  readonly opened: Promise<void>;
  readonly done: Promise<void>;
  readonly #options: BlockingSocketOptions & Dialogue;
  readonly #request: Request;
  #isOpened: () => void = () => undefined;
  #isDone: () => void = () => undefined;
  #process: ChildProcess;
  #attempts = 0;
  #seen: Observations = {};
  #openedAt = 0;
  #localPort = 0;
  #abandoned = false;

  constructor(options: BlockingSocketOptions & Dialogue) {
    this.#options = options;
    const [request] = requestsOf(options.host, options.talk, options.closing);
    if (request === undefined) throw new Error('a conversation without a request');
    this.#request = request;
    this.opened = new Promise((resolve) => (this.#isOpened = resolve));
    this.done = new Promise((resolve) => (this.#isDone = resolve));
    this.#process = this.#start();
  }

  report(): ClientConnection {
    const { sourceAddress, port } = this.#options;
    const seen = this.#seen;
    return {
      localAddress: seen.localAddress ?? sourceAddress,
      localPort: seen.localPort ?? this.#localPort,
      port,
      openedAt: seen.openedAt ?? this.#openedAt,
      connectSeconds: seen.connectSeconds,
      firstByteSeconds: seen.firstByteSeconds,
      connected: seen.connected ?? false,
      bytesSent: seen.bytesSent ?? 0,
      bytesReceived: seen.bytesReceived ?? 0,
      httpStatus: seen.httpStatus,
      complete: seen.complete ?? false,
      serverClosed: seen.serverClosed ?? false,
      clientClosed: seen.clientClosed,
      error: seen.error,
    };
  }

  abandon(): void {
    this.#abandoned = true;
    this.#process.kill('SIGKILL');
  }

  #start(): ChildProcess {
    this.#attempts += 1;
    this.#seen = {};
    this.#openedAt = Date.now() / 1000;
    this.#localPort = this.#options.ports?.take() ?? 0;
    const { host, port, sourceAddress, closing } = this.#options;
    const { head, bodyBytes } = this.#request;
    const argv = [host, port, sourceAddress, this.#localPort, closing.first, closing.how, bodyBytes, head];
    const child = spawn('perl', ['-e', blockingClient, '--', ...argv.map(String)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#observe(JSON.parse(line) as Observations);
    });
    child.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      this.#observe({ error: code ?? message, syscall: 'spawn' });
    });
    child.on('close', (code) => {
      if (code !== null && code > 0) this.#observe({ error: `perl exited with ${code}` });
      this.#ended();
    });
    return child;
  }

  #observe(seen: Observations): void {
    this.#seen = { ...this.#seen, ...seen };
    if (this.#seen.connected === true) this.#isOpened();
  }

  /** The next of the agent's own ports is tried until one is free. */
  #ended(): void {
    const { error: code, syscall } = this.#seen;
    if (
      isPortTaken({ code, syscall }) &&
      this.#options.ports !== undefined &&
      this.#attempts < attemptsAtPorts &&
      !this.#abandoned
    ) {
      this.#process = this.#start();
      return;
    }
    this.#isOpened();
    this.#isDone();
  }
}
