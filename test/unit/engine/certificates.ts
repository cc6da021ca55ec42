import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { webcrypto } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

// Node's own WebCrypto; only TypeScript's names for it differ.
x509.cryptoProvider.set(webcrypto as unknown as never);

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;

/** The certificates of an engine as PEM texts: its own authority and what that signed. */
interface Certificates {
  readonly ca: string;
  readonly serverCertificate: string;
  readonly serverKey: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

/** Makes a certificate authority, a server certificate for 127.0.0.1 and a client certificate. */
export async function makeCertificates(now: Date): Promise<Certificates> {
  const validity = {
    notBefore: new Date(now.getTime() - dayMs),
    notAfter: new Date(now.getTime() + 30 * dayMs),
  };
  const authorityKeys = await newKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    serialNumber: '01',
    name: 'CN=the authority',
    keys: authorityKeys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const sign = async (
    subject: string,
    serialNumber: string,
    usage: x509.ExtendedKeyUsage,
    extensions: x509.Extension[],
  ): Promise<{ certificate: string; key: string }> => {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      ...validity,
      serialNumber,
      subject,
      issuer: authority.subject,
      publicKey: keys.publicKey,
      signingKey: authorityKeys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [new x509.ExtendedKeyUsageExtension([usage], true), ...extensions],
    });
    return { certificate: certificate.toString('pem'), key: await privatePem(keys.privateKey) };
  };
  const server = await sign('CN=the engine', '02', x509.ExtendedKeyUsage.serverAuth, [
    new x509.SubjectAlternativeNameExtension([
      { type: 'ip', value: '127.0.0.1' },
      { type: 'dns', value: 'localhost' },
    ]),
  ]);
  const client = await sign('CN=the client', '03', x509.ExtendedKeyUsage.clientAuth, []);
  return {
    ca: authority.toString('pem'),
    serverCertificate: server.certificate,
    serverKey: server.key,
    clientCertificate: client.certificate,
    clientKey: client.key,
  };
}

/** Writes the files that Docker clients expect in DOCKER_CERT_PATH: ca.pem, cert.pem and key.pem. */
export async function writeClientCertificates(directory: string, certificates: Certificates): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(path.join(directory, 'key.pem'), certificates.clientKey, { mode: 0o600 });
  await writeFile(path.join(directory, 'cert.pem'), certificates.clientCertificate, { mode: 0o600 });
  await writeFile(path.join(directory, 'ca.pem'), certificates.ca, { mode: 0o600 });
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  const body = der.toString('base64').replace(/(.{64})/g, '$1\n');
  return `-----BEGIN PRIVATE KEY-----\n${body.trimEnd()}\n-----END PRIVATE KEY-----\n`;
}
