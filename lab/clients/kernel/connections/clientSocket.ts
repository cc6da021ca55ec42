import type { Target } from '../../../../src/contracts/agents/driveOrder.js';
import type { ClientConnection } from '../../../../src/evidence/model/loadReport.js';

/** One connection of the load, from its SYN to its end. */
export interface ClientSocket {
  /** Resolves when the connection is open, or has failed to open; never rejects. */
  readonly opened: Promise<void>;
  /** Resolves when the client has nothing more to do for this connection; never rejects. */
  readonly done: Promise<void>;
  /** Describes what the client has seen of the connection so far. */
  report(): ClientConnection;
  /** Lets go of the connection because time is up; `done` resolves soon after. */
  abandon(): void;
}

/**
 * A kind of client: a way to connect to the service. Kernel sockets of Node.js are one kind (kernelSockets.ts),
 * those of a program that blocks in connect() another (blockingSockets.ts); `drive` knows nothing else of them.
 */
export interface SocketFactory {
  /** The name of this kind of client in the load report. */
  readonly name: string;
  /** True when connect() is non-blocking, so that soft ICMP errors may show. */
  readonly nonBlockingConnect: boolean;
  /** Begins a connection to this end of the service. */
  open(target: Target): ClientSocket;
  /** Does slow preparations for this many connections, and tells when it is ready for one more; left out when there are none. Never rejects. */
  makeReady?(connections: number, oneMore: () => void): Promise<void>;
  /** Ends what `makeReady` prepared and no connection used. */
  dismiss?(): void;
}
