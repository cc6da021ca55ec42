import { Agent } from 'node:http';
import type { GuestRelay } from './guestRelay.js';
import type { RelayStream } from './relayStream.js';

/**
 * Makes the connections of an HTTP client streams of a relay. They are kept for reuse: a new one costs the guest a connection to Docker. A
 * connection that is upgraded, as for an exec, is handed out as the RelayStream that it is.
 */
export class DockerAgent extends Agent {
  constructor(private readonly relay: GuestRelay) {
    super({ keepAlive: true });
  }

  override createConnection(): RelayStream {
    return this.relay.open();
  }

  /** Keeps it as it is: there is no TCP connection to be kept alive. */
  override keepSocketAlive(): boolean {
    return true;
  }
}
