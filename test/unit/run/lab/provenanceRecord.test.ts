import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EngineVersions } from '../../../../src/engine/port/engineVersions.js';
import type { ExecResult, Lab } from '../../../../src/engine/port/port.js';
import { provenanceSchema } from '../../../../src/evidence/model/provenance.js';
import { ProvenanceRecord } from '../../../../src/run/lab/provenanceRecord.js';
import { LabError } from '../../../../src/support/errors.js';
import { ok, versions } from '../fakeEngine.js';

const image = { reference: 'lvs-lab/director:1', id: 'sha256:aa', digests: [] };
const engineVersions: EngineVersions = {
  components: { Engine: '26.1.5' },
  images: { director: image },
  kernelConfig: { sha256: 'cc', from: '/boot/config' },
};

async function record() {
  const directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-provenance-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const taken = new ProvenanceRecord(directory);
  const read = async () =>
    provenanceSchema.parse(JSON.parse(await readFile(path.join(directory, 'provenance.json'), 'utf8')));
  return { taken, read, directory };
}

/** A lab with these nodes, and who was asked. */
function lab(
  names: readonly string[],
  answer: (name: string) => Promise<ExecResult> = () => Promise.resolve({ ...ok, stdout: versions }),
  engine: Pick<Lab, 'versions'> = { versions: () => Promise.resolve(engineVersions) },
) {
  const asked: string[] = [];
  const nodes = names.map((name) => ({
    shape: { name },
    role: name.replace(/\d+$/, ''),
    versions: () => {
      asked.push(name);
      return answer(name);
    },
  }));
  return { lab: { nodes, ...engine } as unknown as Lab, asked };
}

describe('what a run ran on', () => {
  it('is asked of one node of each role, and written down', async () => {
    const { taken, read } = await record();
    const first = lab(['client', 'director', 'realserver1', 'realserver2']);
    await taken.take(first.lab);
    expect(first.asked).toEqual(['client', 'director', 'realserver1']);
    const { kernel, engine, roles, problems } = await read();
    expect(kernel).toMatchObject({
      release: '6.1.0-56-amd64',
      config: { sha256: 'cc', from: '/boot/config' },
    });
    expect(engine).toEqual({ Engine: '26.1.5' });
    expect(Object.keys(roles)).toEqual(['client', 'director', 'realserver']);
    expect(roles['director']).toMatchObject({ image, packages: { iptables: '1.8.9-2' } });
    expect(problems).toEqual([]);
  });

  it('is asked again only of a role that the labs before did not have', async () => {
    const { taken, read } = await record();
    await taken.take(lab(['client', 'director', 'realserver1']).lab);
    const [same, routed] = [lab(['client', 'director']), lab(['client', 'router', 'director'])];
    await Promise.all([taken.take(same.lab), taken.take(routed.lab)]);
    expect(same.asked).toEqual([]);
    expect(routed.asked).toEqual(['router']);
    expect(Object.keys((await read()).roles)).toEqual(['client', 'director', 'realserver', 'router']);
  });

  it('has the configuration that the kernel itself shows, where it shows one', async () => {
    const { taken, read } = await record();
    const shown = versions.replace('## packages', `## config\n${'ab'.repeat(32)}  -\n## packages`);
    await taken.take(lab(['client'], () => Promise.resolve({ ...ok, stdout: shown })).lab);
    expect((await read()).kernel?.config).toEqual({ sha256: 'ab'.repeat(32), from: '/proc/config.gz' });
  });

  it('has what could not be found out as a problem, and the rest all the same', async () => {
    const { taken, read } = await record();
    const silent = { versions: () => Promise.reject(new Error('no such API')) };
    const answers: Readonly<Record<string, Promise<ExecResult>>> = {
      client: Promise.resolve({ ...ok, exitCode: 127, stderr: 'bash: not found' }),
      director: Promise.reject(new LabError('the connection ended')),
      realserver1: Promise.resolve({ ...ok, stdout: versions }),
    };
    await taken.take(lab(Object.keys(answers), (name) => answers[name]!, silent).lab);
    const { kernel, roles, problems } = await read();
    expect(kernel?.release).toBe('6.1.0-56-amd64');
    expect(Object.keys(roles)).toEqual(['realserver']);
    expect([...problems].sort()).toEqual([
      'client: client could not say what it is made of: bash: not found',
      'director: the connection ended',
      'engine: no such API',
    ]);
  });

  it('never ends a run, not even where it cannot be written', async () => {
    const { taken, directory } = await record();
    await rm(directory, { recursive: true });
    await expect(taken.take(lab(['client']).lab)).resolves.toBeUndefined();
  });
});
