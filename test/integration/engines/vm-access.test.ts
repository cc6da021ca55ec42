import { readFile, stat } from 'node:fs/promises';
import { request } from 'node:https';
import path from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { makeCertificates } from '../../../src/engine/vm/certificates.js';

interface ClientKeys {
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
}

/** Asks the guest's Docker API for its version; resolves with the HTTP status, rejects when TLS fails. */
async function ask(keys: ClientKeys): Promise<number | undefined> {
  const { connection } = inject('engine');
  if (connection.kind !== 'tls') throw new Error('expected the VM to be reached over TLS');
  const ca = await readFile(path.join(connection.certificates, 'ca.pem'));
  const { host, port } = connection;
  return new Promise((resolve, reject) => {
    const asked = request(
      { host, port, path: '/version', ca, agent: false, timeout: 20_000, ...keys },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      },
    );
    asked.on('error', reject);
    asked.on('timeout', () => {
      asked.destroy(new Error('no answer'));
    });
    asked.end();
  });
}

describe("the VM's Docker API", () => {
  it('answers the client that has its certificate', async () => {
    const { connection } = inject('engine');
    if (connection.kind !== 'tls') throw new Error('expected TLS');
    const at = (name: string): string => path.join(connection.certificates, name);
    expect(await ask({ cert: await readFile(at('cert.pem')), key: await readFile(at('key.pem')) })).toBe(200);
    expect((await stat(at('key.pem'))).mode & 0o777).toBe(0o600);
    expect((await stat(connection.certificates)).mode & 0o777).toBe(0o700);
  });

  it('refuses a client without a certificate', async () => {
    await expect(ask({})).rejects.toThrow();
  });

  it("refuses a client with another VM's certificate", async () => {
    const other = await makeCertificates(new Date());
    await expect(ask({ cert: other.clientCertificate, key: other.clientKey })).rejects.toThrow();
  });

  it('listens on loopback only', async () => {
    const { connection } = inject('engine');
    if (connection.kind !== 'tls') throw new Error('expected TLS');
    const port = connection.port.toString(16).toUpperCase().padStart(4, '0');
    const listening = (await readFile('/proc/net/tcp', 'utf8'))
      .split('\n')
      .filter((line) => line.includes(`:${port} 00000000:0000 0A`));
    expect(listening.map((line) => line.trim().split(/\s+/)[1])).toEqual([`0100007F:${port}`]);
  });
});
