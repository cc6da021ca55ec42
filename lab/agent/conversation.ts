import type { ClientConnection } from '../../src/evidence/types.js';

/** One connection of the load, from its SYN to its end. */
export interface Conversation {
  /** Resolves when the client has nothing more to do for this connection; never rejects. */
  readonly done: Promise<void>;
  /** What the client has seen of it so far. */
  report(): ClientConnection;
  /** Lets go of the connection because time is up; `done` resolves soon after. */
  abandon(): void;
}

/**
 * A kind of client: a way to hold a conversation with the service. Kernel sockets are one kind (kernelSocket.ts); `drive`
 * knows nothing else of them.
 */
export interface ClientKind {
  /** As it stands in the load report. */
  readonly name: string;
  /** True when connect() is non-blocking, so that soft ICMP errors may show. */
  readonly nonBlockingConnect: boolean;
  open(): Conversation;
}
