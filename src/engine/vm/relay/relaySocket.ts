import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { openOwnFolder } from '../../lifetime/ownFolder.js';
import type { GuestRelay } from './guestRelay.js';

/** A Unix socket that leads to the guest's Docker, for other programs and processes: each connection is a stream of the relay. */
export class RelaySocket implements AsyncDisposable {
  readonly #server: Server;
  readonly #connections = new Set<Socket>();

  private constructor(
    relay: GuestRelay,
    /** Where programs find it. */
    readonly path: string,
  ) {
    this.#server = createServer({ allowHalfOpen: true }, (connection) => {
      this.#connections.add(connection);
      const stream = relay.open();
      stream.allowHalfOpen = true;
      pipeline(connection, stream, connection, () => {
        // An error of one side has closed the other, and that is all that can be told to a program behind a socket.
        this.#connections.delete(connection);
      });
    });
  }

  /** Listens at a path in a folder of this user's alone: who can connect can do anything in the guest. Throws LabError on another folder. */
  static async listen(relay: GuestRelay, socketPath: string): Promise<RelaySocket> {
    using _folder = openOwnFolder(path.dirname(socketPath), 'private');
    const socket = new RelaySocket(relay, socketPath);
    socket.#server.listen(socketPath);
    await once(socket.#server, 'listening');
    return socket;
  }

  /** Ends the server and all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const connection of this.#connections) connection.destroy();
    await closed;
  }
}
