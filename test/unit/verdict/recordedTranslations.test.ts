import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readScenarioEvidence } from '../../../src/evidence/read.js';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { findingOf } from '../../../src/verdict/finding.js';
import type { PhaseFinding } from '../../../src/verdict/types.js';

type Edit = (contents: string) => string;

/** What the measured phase of a recorded run comes to, with files of it changed; text has one character for each byte. */
async function found(run: string, edits: Readonly<Record<string, Edit>> = {}): Promise<PhaseFinding> {
  const copy = mkdtempSync(path.join(tmpdir(), 'lvs-lab-recorded-'));
  onTestFinished(() => {
    rmSync(copy, { recursive: true, force: true });
  });
  cpSync(path.join(packageRoot, 'test', 'fixtures', 'runs', run), copy, { recursive: true });
  for (const [name, edit] of Object.entries(edits)) {
    const file = path.join(copy, 'measured', name);
    const before = readFileSync(file, 'latin1');
    const after = edit(before);
    expect(after, `${name} was to be changed`).not.toBe(before);
    writeFileSync(file, after, 'latin1');
  }
  const { measured } = await readScenarioEvidence(copy);
  if (measured === undefined) throw new Error(`expected ${run} to have a measured phase`);
  return findingOf(measured);
}

/** Four bytes of a capture. */
const address = (text: string): string => String.fromCharCode(...text.split('.').map(Number));
const instead =
  (one: string, other: string): Edit =>
  (contents) =>
    contents.replaceAll(one, other);

describe('a recorded run with realservers that redirect', () => {
  const run = 'redirect-realservers';

  it('is close-blocked: the sockets are found under an address of the realserver', async () => {
    const { outcome, signal, numbers, connections } = await found(run);
    expect({ outcome, signal }).toEqual({ outcome: 'close-blocked', signal: { kind: 'silence' } });
    expect(numbers.sockets).toMatchObject({ client: { 'FIN-WAIT-1': 4 }, realserver2: { ESTAB: 4 } });
    expect(connections[0]?.because).toContain('the FIN reached the director and went no further');
  });

  it('is not explained without them', async () => {
    const others = instead('198.18.13.10:2', '198.18.13.99:2');
    const { connections } = await found(run, { 'realserver2.samples': others });
    expect(connections.map(({ fate }) => fate)).toEqual(Array(4).fill('unexplained'));
    expect(connections[0]?.because).toContain('realserver2 translates (`-A PREROUTING');
  });
});

describe.each([
  [
    'nat-replies-bypass',
    'handshake-blocked',
    "the SYN-ACK came from realserver1's own address, 198.18.114.31:80, and was reset by the client",
    instead(address('198.18.114.31'), address('198.18.114.100')),
  ],
  [
    'nat-late-reply',
    'transfer-blocked',
    "the reply came from realserver1's own address, 198.18.89.31:80, and was reset by the client",
    instead(address('198.18.89.31'), address('198.18.89.100')),
  ],
] as const)('the recorded run %s', (run, outcome, cause, translateBack) => {
  it(`is ${outcome}, and says why`, async () => {
    const finding = await found(run);
    expect(finding).toMatchObject({ outcome, signal: { kind: 'silence' } });
    for (const { because } of finding.connections) expect(because).toContain(cause);
  });

  it('does not say so where the answers came from the VIP', async () => {
    const { connections } = await found(run, { 'client.pcap': translateBack });
    for (const { because } of connections) expect(because).not.toContain('own address');
  });
});
