import type { Target } from '../../../../src/contracts/agents/driveOrder.js';
import type { ClientConnection } from '../../../../src/evidence/model/loadReport.js';
import { BlockingProgram } from './blockingProgram.js';
import type { SocketFactory, ClientSocket } from './clientSocket.js';
import type { ConnectionOptions } from './kernelConnection.js';
import { attemptsAtPorts, type LocalPorts } from './localPorts.js';
import { isPortTaken } from './portTaken.js';
import { type Request, requestsOf } from '../../http/requests.js';

interface BlockingSocketOptions extends Omit<ConnectionOptions, 'target'> {
  /** The ports that connections bind to; undefined: the kernel picks a port for each. */
  readonly ports: LocalPorts | undefined;
}

/** Clients that block in connect(), as most programs do: one process of Perl for each connection. */
export function blockingSockets(options: BlockingSocketOptions): SocketFactory {
  const waiting: BlockingProgram[] = [];
  return {
    name: 'blocking sockets of Perl',
    nonBlockingConnect: false,
    open: (target) =>
      new BlockingSocket(options, requestAt(target, options), () => waiting.shift() ?? new BlockingProgram()),
    makeReady: async (connections, oneMore) => {
      while (waiting.length < connections) waiting.push(new BlockingProgram());
      await Promise.all(waiting.map(({ started }) => started.then(oneMore)));
    },
    dismiss: () => {
      for (const program of waiting.splice(0)) program.kill();
    },
  };
}

/** What is asked of the service, and at which of its ends. */
interface RequestAt extends Request {
  readonly host: string;
  readonly port: number;
}

function requestAt({ address: host, port }: Target, { pattern, closing }: BlockingSocketOptions): RequestAt {
  const [request] = requestsOf(host, pattern, closing);
  if (request === undefined) throw new Error('a connection without a request');
  return { ...request, host, port };
}

class BlockingSocket implements ClientSocket {
  readonly opened: Promise<void>;
  readonly done: Promise<void>;
  readonly #options: BlockingSocketOptions;
  readonly #request: RequestAt;
  readonly #start: () => BlockingProgram;
  #isOpened: () => void = () => undefined;
  #program: BlockingProgram;
  #openedAt = 0;
  #localPort = 0;
  #abandoned = false;

  constructor(options: BlockingSocketOptions, request: RequestAt, start: () => BlockingProgram) {
    this.#options = options;
    this.#request = request;
    this.#start = start;
    this.opened = new Promise((resolve) => (this.#isOpened = resolve));
    this.#program = this.#connect();
    this.done = this.#hold();
  }

  report(): ClientConnection {
    const { seen } = this.#program;
    return {
      localAddress: seen.localAddress ?? this.#options.sourceAddress,
      localPort: seen.localPort ?? this.#localPort,
      port: this.#request.port,
      address: this.#request.host,
      openedAt: seen.openedAt ?? this.#openedAt,
      connectCalled: seen.openedAt !== undefined,
      connectSeconds: seen.connectSeconds,
      // A port that is taken is another connection's, and the next one is tried.
      portWaitSeconds: 0,
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
    this.#program.kill();
  }

  #connect(): BlockingProgram {
    const program = this.#start();
    this.#openedAt = Date.now() / 1000;
    this.#localPort = this.#options.ports?.take() ?? 0;
    const { sourceAddress: source, closing } = this.#options;
    const { first, how } = closing;
    const order = { ...this.#request, source, localPort: this.#localPort, first, how };
    program.connect(order, () => {
      if (program.seen.connected === true) this.#isOpened();
    });
    return program;
  }

  /** Binds a socket to one of the agent's own ports, trying the next one until a port is free. */
  async #hold(): Promise<void> {
    await this.#program.ended;
    for (let attempt = 1; this.#mayTryAgain() && attempt < attemptsAtPorts; attempt += 1) {
      this.#program = this.#connect();
      await this.#program.ended;
    }
    this.#isOpened();
  }

  #mayTryAgain(): boolean {
    const { error: code, syscall } = this.#program.seen;
    return isPortTaken({ code, syscall }) && this.#options.ports !== undefined && !this.#abandoned;
  }
}
