import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readScenarioEvidence } from '../../../src/evidence/directory/read.js';
import type { Expectation } from '../../../src/scenario/model/expectation.js';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { judge } from '../../../src/verdict/judge.js';
import type { Verdict } from '../../../src/verdict/model/verdict.js';
import { mendManifest } from '../evidence/mend.js';

const run = path.join(packageRoot, 'test', 'fixtures', 'runs', 'close-server-first');

const expected: Expectation = {
  outcome: 'close-blocked',
  signal: { kind: 'icmp', type: 3, code: 10, from: 'director' },
};

/** The verdict on a copy of the recorded run that somebody has edited, and mended the manifest of. */
async function judged(edit: (directory: string) => void, expectation = expected): Promise<Verdict> {
  const copy = mkdtempSync(path.join(tmpdir(), 'lvs-lab-judge-'));
  onTestFinished(() => {
    rmSync(copy, { recursive: true, force: true });
  });
  cpSync(run, copy, { recursive: true });
  edit(copy);
  await mendManifest(copy);
  return judge(expectation, await readScenarioEvidence(copy));
}

const asRecorded = (): void => undefined;

/** Edits files of a phase as text that has one character for each byte, so that captures survive it. */
const edit =
  (names: readonly string[], change: (text: string) => string, phase = 'measured') =>
  (directory: string): void => {
    for (const name of names) {
      const file = path.join(directory, phase, name);
      const before = readFileSync(file, 'latin1');
      const after = change(before);
      expect(after, `${name} was to be changed`).not.toBe(before);
      writeFileSync(file, after, 'latin1');
    }
  };

const samplesOf = ['client.samples', 'realserver1.samples', 'realserver2.samples'];

/** Type and code of ICMP errors begin after the IP header (20 bytes, no options): 45 c0 ... protocol 01. */
const recodeIcmp = (type: string, code: string) => (capture: string) =>
  capture.replace(/(E[^][^]{7}\x01[^]{10})\x03\x0a/g, (_, head: string) => `${head}${type}${code}`);

describe('the verdict on a recorded run', () => {
  it('passes as it was recorded', async () => {
    const verdict = await judged(asRecorded);
    expect(verdict.reasons).toEqual(
      expect.arrayContaining([expect.stringContaining('close-blocked with ICMP 3/10')]),
    );
    expect(verdict.result).toBe('pass');
    expect(verdict.control?.outcome).toBe('healthy');
    expect(verdict.measured?.numbers).toMatchObject({
      connections: 10,
      fates: { 'close-blocked': 10 },
      sockets: {
        client: { 'LAST-ACK': 10 },
        realserver1: { 'FIN-WAIT-2': 5 },
        realserver2: { 'FIN-WAIT-2': 5 },
      },
    });
    const icmp = verdict.measured?.numbers.icmp ?? [];
    expect(icmp.map(({ type, code, from, quoting }) => [type, code, from, quoting])).toEqual([
      [3, 10, 'director', 'F.'],
    ]);
    expect(verdict.measured?.numbers.rejected.map(({ node, rule }) => [node, rule])).toEqual([
      ['director', '-A INPUT -j REJECT --reject-with icmp-host-prohibited'],
    ]);
  });

  it.each<[string, Expectation, Verdict['result']]>([
    ['another outcome', { outcome: 'healthy', signal: undefined }, 'fail'],
    ['another code', { ...expected, signal: { kind: 'icmp', type: 3, code: 13, from: 'director' } }, 'fail'],
    [
      'another sender',
      { ...expected, signal: { kind: 'icmp', type: 3, code: 10, from: 'realserver' } },
      'fail',
    ],
    ['silence', { ...expected, signal: { kind: 'silence' } }, 'fail'],
    ['a reset', { ...expected, signal: { kind: 'tcp-reset', from: 'director' } }, 'fail'],
    ['the outcome with any signal', { ...expected, signal: undefined }, 'pass'],
  ])('with the expectation of %s', async (_, expectation, result) => {
    expect((await judged(asRecorded, expectation)).result).toBe(result);
  });

  it.each([
    ['both stuck sockets are taken out', samplesOf, /^(LAST-ACK|FIN-WAIT-2).*\n/gm, ''],
    ['both stuck sockets are made TIME-WAIT', samplesOf, /^(LAST-ACK|FIN-WAIT-2) /gm, 'TIME-WAIT '],
    ['the client’s LAST-ACK alone is made TIME-WAIT', ['client.samples'], /^LAST-ACK /gm, 'TIME-WAIT '],
    [
      'the realservers’ FIN-WAIT-2 alone is made TIME-WAIT',
      samplesOf.slice(1),
      /^FIN-WAIT-2 /gm,
      'TIME-WAIT ',
    ],
  ] as const)('is inconclusive, for sockets and captures contradict, when %s', async (_, files, from, to) => {
    const verdict = await judged(edit(files, (text) => text.replace(from, to)));
    expect(verdict.result).toBe('inconclusive');
    expect(verdict.reasons.join('\n')).toContain('unexplained');
  });

  it('fails when the ICMP in the captures says something else', async () => {
    const verdict = await judged(edit(['client.pcap', 'director.pcap'], recodeIcmp('\x03', '\x0d')));
    expect(verdict.measured?.signal).toMatchObject({ kind: 'icmp', type: 3, code: 13 });
    expect(verdict.result).toBe('fail');
  });

  it('is inconclusive when the control run was blocked too', async () => {
    const verdict = await judged((directory) => {
      rmSync(path.join(directory, 'control'), { recursive: true });
      cpSync(path.join(directory, 'measured'), path.join(directory, 'control'), { recursive: true });
    });
    expect(verdict.result).toBe('inconclusive');
    expect(verdict.reasons.join(' ')).toContain('The control run, without any rules, was not healthy');
  });

  it('is healthy, and so fails, when the phases change places with a healthy control', async () => {
    const verdict = await judged((directory) => {
      rmSync(path.join(directory, 'measured'), { recursive: true });
      cpSync(path.join(directory, 'control'), path.join(directory, 'measured'), { recursive: true });
    });
    expect(verdict.measured?.outcome).toBe('healthy');
    expect(verdict.result).toBe('fail');
  });

  it.each(['control', 'measured'])('is inconclusive without the %s run', async (phase) => {
    const verdict = await judged((directory) => {
      renameSync(path.join(directory, phase), path.join(directory, 'elsewhere'));
    });
    expect(verdict.result).toBe('inconclusive');
  });

  it.each(['load.json', 'phase.json', 'client.samples', 'director.pcap', 'realserver1.final'])(
    'is inconclusive, naming the file, without %s',
    async (name) => {
      const verdict = await judged((directory) => {
        rmSync(path.join(directory, 'measured', name));
      });
      expect(verdict.result).toBe('inconclusive');
      expect(verdict.reasons.join(' ')).toContain(name);
    },
  );

  it('is inconclusive when a connection is added that nothing else shows', async () => {
    const addOne = (text: string): string => {
      const load = JSON.parse(text) as { requested: number; connections: { localPort: number }[] };
      load.connections.push({ ...load.connections[0]!, localPort: 1 });
      return JSON.stringify({ ...load, requested: load.requested + 1 });
    };
    expect((await judged(edit(['load.json'], addOne))).result).toBe('inconclusive');
  });

  it('is inconclusive when the sockets had not settled', async () => {
    const unsettled = (text: string): string => text.replace('"settled": true', '"settled": false');
    expect((await judged(edit(['phase.json'], unsettled))).result).toBe('inconclusive');
  });
});
