import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { packTar } from '../../support/files/tar.js';
import type { Certificates } from './certificates.js';

/** The virtio port to the guest's init: certificates go in, `ready` comes out, and the guest can be told to power off. */
export class GuestControlPort {
  private constructor(private readonly socket: Socket) {}

  static async connect(path: string): Promise<GuestControlPort> {
    const socket = connect(path);
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    return new GuestControlPort(socket);
  }

  /** Sends time, entropy and the server's certificates; resolves when the guest serves its Docker API over TLS. */
  async give(certificates: Certificates, now: Date): Promise<void> {
    const files = await packTar([
      { name: 'ca.pem', content: certificates.ca },
      { name: 'server-cert.pem', content: certificates.serverCertificate },
      { name: 'server-key.pem', content: certificates.serverKey, mode: 0o600 },
    ]);
    const lines = [
      'serve',
      (now.getTime() / 1000).toFixed(3),
      randomBytes(64).toString('base64'),
      files.toString('base64'),
    ];
    const answer = new Promise<void>((resolve) => {
      this.socket.once('data', () => {
        resolve();
      });
    });
    this.socket.write(`${lines.join('\n')}\n`);
    await answer;
  }

  /** Asks the guest to stop Docker, write its disk and power off. */
  powerOff(): void {
    this.socket.write('poweroff\n');
  }

  close(): void {
    this.socket.destroy();
  }
}
