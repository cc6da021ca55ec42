import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { createServer, type Server } from 'node:tls';
import { makeCertificates, writeClientCertificates } from '../../unit/engine/certificates.js';

/**
 * A port of loopback at which an engine that has a Unix socket is reached over TLS, as a daemon with `--tlsverify` is: who has no certificate
 * of its authority is turned away.
 */
export class TlsFront implements AsyncDisposable {
  #server: Server | undefined;
  readonly #connections = new Set<Socket>();
  #port = 0;

  private constructor(
    private readonly socketPath: string,
    private readonly directory: string,
    private readonly certificates: Awaited<ReturnType<typeof makeCertificates>>,
  ) {}

  /** Opens a port of the system's choice, behind which is the engine at a socket. */
  static async open(socketPath: string): Promise<TlsFront> {
    const directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-test-'));
    const certificates = await makeCertificates(new Date());
    await writeClientCertificates(directory, certificates);
    const front = new TlsFront(socketPath, directory, certificates);
    await front.comeBack();
    return front;
  }

  /** What leads the docker command, and lvs-lab, to the engine. */
  get env(): NodeJS.ProcessEnv {
    return {
      DOCKER_HOST: `tcp://127.0.0.1:${String(this.#port)}`,
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: this.directory,
    };
  }

  /** Ends all connections and takes no more, as a network that fails does for whoever is behind it. */
  async goAway(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    for (const connection of this.#connections) connection.destroy();
    await closed;
  }

  /** Takes connections, at the same port as before. */
  async comeBack(): Promise<void> {
    const { ca, serverCertificate: cert, serverKey: key } = this.certificates;
    const tls = { ca, cert, key, requestCert: true, rejectUnauthorized: true, allowHalfOpen: true };
    const server = createServer(tls, (client) => {
      const engine = connect({ path: this.socketPath, allowHalfOpen: true });
      // Its errors are the client's to see: a connection that ends.
      pipeline(client, engine, client, () => undefined);
    });
    server.on('connection', (socket: Socket) => {
      this.#connections.add(socket);
      socket.on('close', () => this.#connections.delete(socket));
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.goAway();
    await rm(this.directory, { recursive: true });
  }
}
