import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readScenarioEvidence } from '../../../src/evidence/directory/read.js';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { findingOf } from '../../../src/verdict/finding.js';
import type { PhaseFinding } from '../../../src/verdict/model/verdict.js';

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

/** Without the entries of `conntrack -L`. */
const noEntries: Edit = (contents) => contents.replace(/^tcp +6 .*\n/gm, '');
/** Without any packet. */
const noPackets: Edit = (contents) => contents.slice(0, 24);

describe('a recorded run with a router that masquerades', () => {
  const run = 'masquerading-router';
  const bySocket = ['realserver2', 'realserver1', 'realserver2', 'realserver1'];

  it('is close-blocked by the director, and each connection is followed to its realserver', async () => {
    const { outcome, signal, unsound, numbers, connections } = await found(run);
    expect({ outcome, signal, unsound }).toEqual({
      outcome: 'close-blocked',
      signal: { kind: 'icmp', type: 3, code: 10, from: 'director' },
      unsound: [],
    });
    expect(numbers.followed).toEqual({ connections: 4, flows: undefined });
    expect(connections.map(({ realserver }) => realserver)).toEqual(bySocket);
    for (const connection of connections) {
      expect(connection).toMatchObject({
        ...{ fate: 'close-blocked', clientState: 'LAST-ACK' },
        ...{ realserverState: 'FIN-WAIT-2', ipvsState: 'ESTABLISHED' },
      });
      expect(connection.because).toContain('the FIN reached the director and went no further');
      expect(connection.because).toContain('ICMP 3/10');
    }
  });

  it.each([
    ["the router's captured SYNs", { 'router.final': noEntries }],
    ["the router's entries", { 'router.pcap': noPackets, 'director.pcap': noPackets }],
  ])('is followed by %s alone', async (_, edits) => {
    const { connections } = await found(run, edits);
    expect(connections.map(({ realserver }) => realserver)).toEqual(bySocket);
  });

  it('is unexplained, and why is said, where nothing shows what the router made of the clients', async () => {
    const { outcome, unsound, connections } = await found(run, {
      ...{ 'router.final': noEntries, 'router.pcap': noPackets, 'director.pcap': noPackets },
    });
    expect(outcome).toBeUndefined();
    expect(connections.map(({ fate }) => fate)).toEqual(Array(4).fill('unexplained'));
    expect(connections.map(({ realserver }) => realserver)).toEqual(Array(4).fill(undefined));
    expect(unsound.join('\n')).toContain('no sample of a realserver has the connection');
    expect(unsound.join('\n')).toContain('The capture of router has no TCP segment.');
  });

  it("does not take another client's sockets for theirs", async () => {
    const others = instead('198.19.8.5:', '198.19.8.77:');
    const { connections } = await found(run, {
      ...{ 'realserver1.samples': others, 'realserver2.samples': others },
    });
    expect(connections.map(({ fate }) => fate)).not.toContain('healthy');
    expect(connections.map(({ realserverState }) => realserverState)).toEqual(Array(4).fill('gone'));
  });
});

describe('a recorded run with clients of UDP behind a router that masquerades', () => {
  const run = 'udp-masquerading-router';

  it('is unanswered because of the director, and each flow is followed to it', async () => {
    const { outcome, signal, unsound, connections } = await found(run);
    expect({ outcome, signal, unsound }).toEqual({
      outcome: 'unanswered',
      signal: { kind: 'icmp', type: 3, code: 10, from: 'director' },
      unsound: [],
    });
    expect(connections).toHaveLength(4);
    for (const { because } of connections) expect(because).toContain('3 came to the director');
  });

  it("is not followed, and not judged, without the router's entries", async () => {
    const { unsound, connections } = await found(run, {
      'router.final': (contents) => contents.replace(/^udp +17 .*\n/gm, ''),
    });
    expect(unsound.join('\n')).toContain("left the client and are not in the director's capture");
    for (const { because } of connections) expect(because).toContain('0 came to the director');
  });
});

describe('a recorded run with one-armed NAT', () => {
  const run = 'nat-one-armed';

  it('is healthy, and each connection is followed to its realserver through both translations', async () => {
    const { outcome, unsound, connections } = await found(run);
    expect({ outcome, unsound }).toEqual({ outcome: 'healthy', unsound: [] });
    expect(connections.map(({ realserver, realserverState }) => [realserver, realserverState])).toEqual([
      ['realserver2', 'TIME-WAIT'],
      ['realserver1', 'TIME-WAIT'],
      ['realserver2', 'TIME-WAIT'],
      ['realserver1', 'TIME-WAIT'],
    ]);
  });

  it('does not find the sockets of another address, nor any without captures', async () => {
    const others = instead('198.19.8.20:', '198.19.8.77:');
    const elsewhere = await found(run, { 'realserver1.samples': others, 'realserver2.samples': others });
    const states = elsewhere.connections.map(({ realserverState }) => realserverState);
    expect(states).toEqual(Array(4).fill('gone'));
    const { unsound } = await found(run, { 'director.final': noEntries, 'director.pcap': noPackets });
    expect(unsound.join('\n')).toContain("are not in the director's capture");
  });
});
