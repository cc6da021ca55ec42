import { sha256 } from '../../support/files/sha256.js';

/**
 * SHA-256, in hexadecimal, of a record as JSON without blanks and without their own `sha256`. So blanks and line ends may change, but no
 * value may.
 */
export function documentDigest(document: object): string {
  const { sha256: _own, ...said } = JSON.parse(JSON.stringify(document)) as Record<string, unknown>;
  return sha256(Buffer.from(JSON.stringify(said)));
}
