import type Docker from 'dockerode';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { runLabel } from '../../src/engine/docker/remove.js';
import { LabFactory } from '../../src/run/lab/labFactory.js';
import type { UsedLab } from '../../src/run/lab/usedLab.js';
import { parseResults } from '../../src/report/document/parseResults.js';
import { listScenarios } from '../../src/scenario/library/library.js';
import { cli, expectExit, startCli } from '../integration/support/commandLine.js';
import { dockerOf } from '../integration/support/labDocker.js';
import { expectAsItsFileSays } from '../integration/support/libraryCheck.js';
import { shipped, temporaryFolder } from '../integration/support/run.js';
import { sharedEngine } from '../integration/support/sharedEngine.js';
import { TlsFront } from './remote/tlsFront.js';

let guest: UsedLab;
let docker: Docker;
let front: TlsFront;

/** The names of what lvs-lab has on the engine. */
async function labelled(): Promise<readonly string[]> {
  const filters = { label: [runLabel] };
  const containers = await docker.listContainers({ all: true, filters });
  const networks = await docker.listNetworks({ filters });
  return [...containers.flatMap(({ Names: names }) => names), ...networks.map(({ Name: name }) => name)];
}

beforeAll(async () => {
  const engine = await sharedEngine();
  guest = await new LabFactory(engine, 'remote').make(await shipped('close/server-first'));
  docker = await dockerOf(guest.lab);
  // An engine with the lab's images on a kernel with IPVS is left, as a server has it that nobody has used yet.
  for (const { Id: id } of await docker.listContainers({ all: true }))
    await docker.getContainer(id).remove({ force: true, v: true });
  await docker.pruneNetworks();
  const { connection } = guest.lab;
  if (connection.kind !== 'socket') throw new Error('expected the VM to be reached at a socket');
  front = await TlsFront.open(connection.socketPath);
}, 600_000);
afterAll(async () => {
  await front[Symbol.asyncDispose]();
  await guest[Symbol.asyncDispose]();
});

/** The command line of a run on the engine, with its control runs, in a folder of its own. */
async function runThere(...scenarios: readonly string[]) {
  const out = path.join(await temporaryFolder(), 'run');
  return {
    out,
    argv: ['run', ...scenarios, '--engine', 'local', '--fresh-control', '--progress', 'plain', '--out', out],
  };
}

/** Takes the engine away until the test is over. */
async function takeAway(): Promise<void> {
  onTestFinished(() => front.comeBack());
  await front.goAway();
}

describe('an engine of another kernel, reached over TLS', () => {
  it('is named and tried by doctor', async () => {
    const examined = await cli(['doctor', '--engine', 'local'], front.env);
    expectExit(examined, 0);
    const { kernel } = (await sharedEngine()).identity;
    expect(examined.stdout).toContain(`at ${front.env['DOCKER_HOST'] ?? ''} does IPVS on ${kernel}`);
    expect(await labelled()).toEqual([]);
  });

  it('is not reached without its certificates', async () => {
    const { DOCKER_HOST } = front.env;
    const { exitCode, stdout } = await cli(['doctor', '--engine', 'local'], { DOCKER_HOST });
    expect(exitCode).toBe(2);
    expect(stdout).toContain(`no Docker engine answers at ${DOCKER_HOST ?? ''}`);
  });

  it('comes to what the files of the core scenarios expect, and is left as it was', async () => {
    const core = (await listScenarios()).filter(({ tags }) => tags.includes('core'));
    // The guest has one processor, for which the clients of two labs would wait, each for the other.
    const { out, argv } = await runThere('--tag', 'core', '--lanes', '1');
    expectExit(await cli(argv, front.env), 0);
    const file = path.join(out, 'results.json');
    const { results, engines } = parseResults(await readFile(file, 'utf8'), file, out);
    expect(engines.map(({ identity }) => identity.kind)).toEqual(['local']);
    expect(results.map(({ scenario }) => scenario).sort()).toEqual(core.map(({ id }) => id).sort());
    for (const scenario of core) {
      const verdict = results.find((result) => result.scenario === scenario.id)?.verdict;
      if (verdict === undefined) throw new Error(`${scenario.id} has no verdict`);
      expectAsItsFileSays(scenario, verdict);
    }
    expect(await labelled()).toEqual([]);
  });

  it('has nothing of a run that is interrupted', async () => {
    const { argv } = await runThere('close/server-first');
    const run = startCli(argv, front.env);
    await run.saw(/measured \.\.\./);
    expect(await labelled()).not.toEqual([]);
    run.child.kill('SIGINT');
    expectExit(await run.finished, 130);
    expect(await labelled()).toEqual([]);
  });

  it('keeps what a killed run left until `clean`, with the same setting, removes it', async () => {
    const { argv } = await runThere('close/server-first');
    const run = startCli(argv, front.env);
    await run.saw(/control \.\.\./);
    run.child.kill('SIGKILL');
    expectExit(await run.finished, 137);
    const left = await labelled();
    expect(left).not.toEqual([]);
    expectExit(await cli(['clean'], { DOCKER_HOST: 'unix:///nowhere/docker.sock' }), 0);
    expect(await labelled()).toEqual(left);
    expectExit(await cli(['clean'], front.env), 0);
    expect(await labelled()).toEqual([]);
  });

  it('breaks the run that it goes away from, which says so and what to do', async () => {
    const { argv } = await runThere('close/server-first');
    const run = startCli(argv, front.env);
    await run.saw(/measured \.\.\./);
    await takeAway();
    const { exitCode, stdout, stderr } = await run.finished;
    expect(exitCode, stdout + stderr).toBe(2);
    expect(stderr).toMatch(/cleanup: could not remove .*`lvs-lab clean` tries again/);
  });

  it('is free of what was left there when it was away, once `clean` has reached it', async () => {
    expect(await labelled()).not.toEqual([]);
    expectExit(await cli(['clean'], front.env), 0);
    expect(await labelled()).toEqual([]);
  });
});
