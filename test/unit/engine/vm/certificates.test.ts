import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  makeCertificates,
  writeClientCertificates,
  type Certificates,
} from '../../../../src/engine/vm/certificates.js';
import { tempFolder } from '../tempFolder.js';

let ours: Certificates;
let others: Certificates;
beforeAll(async () => {
  [ours, others] = await Promise.all([makeCertificates(new Date()), makeCertificates(new Date())]);
});

/** A server as the guest's is: it wants a client certificate of its own authority. */
async function serve({ ca, serverCertificate: cert, serverKey: key }: Certificates): Promise<number> {
  const server = createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true }, (_, response) =>
    response.end('pong'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

interface Client {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
}

const get = (port: number, client: Client, host = '127.0.0.1'): Promise<string> =>
  new Promise((resolve, reject) => {
    request({ host, port, ...client, agent: false }, (response) => {
      response.setEncoding('utf8').on('data', resolve);
    })
      .on('error', reject)
      .end();
  });

const clientOf = (from: Certificates, ca = from.ca): Client => ({
  ca,
  cert: from.clientCertificate,
  key: from.clientKey,
});

describe('certificates of a VM', () => {
  it.each(['127.0.0.1', 'localhost'])('let its client in at %s', async (host) => {
    expect(await get(await serve(ours), clientOf(ours), host)).toBe('pong');
  });

  it('keep out a client without a certificate', async () => {
    await expect(get(await serve(ours), { ca: ours.ca })).rejects.toThrow(
      /certificate required|ECONNRESET|socket hang up/,
    );
  });

  it('keep out a client of another VM, and one that shows the server’s own certificate', async () => {
    const port = await serve(ours);
    await expect(get(port, clientOf(others, ours.ca))).rejects.toThrow();
    const asServer = { ca: ours.ca, cert: ours.serverCertificate, key: ours.serverKey };
    await expect(get(port, asServer)).rejects.toThrow();
  });

  it('keep a client from another VM’s server, and from a client that poses as one', async () => {
    await expect(get(await serve(others), clientOf(ours))).rejects.toThrow(
      /unable to verify|self.signed|signature/,
    );
    const posing = { ...ours, serverCertificate: ours.clientCertificate, serverKey: ours.clientKey };
    await expect(get(await serve(posing), clientOf(ours))).rejects.toThrow();
  });

  it('are no authority themselves, and hold from a day ago, for clocks differ', () => {
    for (const text of [ours.serverCertificate, ours.clientCertificate]) {
      const certificate = new X509Certificate(text);
      expect(certificate.ca).toBe(false);
      expect(certificate.verify(new X509Certificate(ours.ca).publicKey)).toBe(true);
      expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now() - 80_000_000);
      expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now());
    }
    expect(new X509Certificate(ours.ca).ca).toBe(true);
  });
});

describe('writeClientCertificates', () => {
  it('writes what DOCKER_CERT_PATH wants, for this user only, and nothing of the server’s', async () => {
    const folder = path.join(tempFolder(), 'tls');
    await writeClientCertificates(folder, ours);
    const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
    expect([read('ca.pem'), read('cert.pem'), read('key.pem')]).toEqual([
      ours.ca,
      ours.clientCertificate,
      ours.clientKey,
    ]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of ['ca.pem', 'cert.pem', 'key.pem'])
      expect(statSync(path.join(folder, name)).mode & 0o777, name).toBe(0o600);
  });
});
