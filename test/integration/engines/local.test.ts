import type { Role } from '../../../src/contracts/words/nodes.js';
import type Docker from 'dockerode';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reachEngine } from '../../../src/engine/local/reachEngine.js';
import { bindAndIdentify } from '../../../src/engine/docker/identity.js';
import { whyNoIpvs } from '../../../src/engine/docker/ipvsProbe.js';
import { buildImage } from '../../../src/engine/images/build.js';
import { provideImages, type ImageSet } from '../../../src/engine/images/imageSet.js';
import { readImageSources, imageRoles } from '../../../src/engine/images/imageSources.js';
import { ownerLabel, ownerTag } from '../../../src/engine/lifetime/owner.js';
import { LocalEngine } from '../../../src/engine/local/localEngine.js';
import type { DockerConnection } from '../../../src/engine/port/dockerConnection.js';
import type { Lab } from '../../../src/engine/port/port.js';
import { sweepLeftovers } from '../../../src/engine/sweep.js';
import { inOneShell, runCommand } from '../../../src/run/nodes/runCommand.js';
import { loadNodeRules } from '../../../src/run/nodes/nodeRules.js';
import { makePlan } from '../../../src/scenario/plan/makePlan.js';
import { plannedRules } from '../../../src/scenario/plan/commands/ruleLoading.js';
import { makeShape } from '../../../src/scenario/plan/shape.js';
import { chooseSubnet } from '../../../src/scenario/network/subnet.js';
import type { LabShape } from '../../../src/scenario/model/planTypes.js';
import { cli } from '../support/commandLine.js';
import { localDocker, type LocalDocker } from '../support/localDocker.js';
import { shipped, temporaryFolder } from '../support/run.js';
import { quietProgress } from '../support/smallGuest.js';

let engineProcess: LocalDocker;
let docker: Docker;
let engine: LocalEngine;
let images: ImageSet;

beforeAll(async () => {
  engineProcess = await localDocker();
  const connection: DockerConnection = {
    kind: 'socket',
    socketPath: engineProcess.host.slice('unix://'.length),
  };
  const reached = await reachEngine({ name: engineProcess.host, reach: connection });
  docker = reached.docker;
  images = await provideImages(
    docker,
    [{ roles: imageRoles, bases: [{ kind: 'packages', suite: 'bookworm' }] }],
    await readImageSources(),
    quietProgress,
  );
  const facts = await bindAndIdentify(docker, connection);
  engine = new LocalEngine({
    reached,
    images,
    runId: 'test',
    identity: { kind: 'local', ...facts, accelerator: undefined, reason: 'the test' },
    signal: new AbortController().signal,
    kernelConfig: undefined,
  });
});

afterAll(async () => {
  await engineProcess[Symbol.asyncDispose]();
});

/** What the engine's kernel can do, asked of the kernel itself. */
const kernelHasIpvs = (): boolean => existsSync('/proc/net/ip_vs');

describe('the local engine', () => {
  it('says the truth about IPVS', async () => {
    const failure = await whyNoIpvs(docker, images.director, 'test');
    expect(failure === undefined).toBe(kernelHasIpvs());
  });

  it('is refused by --engine local, or taken, as its kernel is', async () => {
    const out = path.join(await temporaryFolder(), 'run');
    const env = { DOCKER_HOST: engineProcess.host };
    const { exitCode, stderr } = await cli(
      ['run', 'close/server-first', '--engine', 'local', '--out', out],
      env,
    );
    if (kernelHasIpvs()) {
      expect(exitCode).toBe(0);
    } else {
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/cannot be a director: its kernel refused an IPVS service/);
      expect(stderr).toMatch(/modprobe ip_vs/);
    }
  });

  it('gives nodes their addresses, sysctls and packets', async () => {
    // IPVS apart, the director is a host like the others.
    const lab = await labWithoutDirector('a');
    try {
      const client = nodeOf(lab, 'client');
      const realserver = nodeOf(lab, 'realserver1');
      const rip = realserver.shape.interfaces[0]?.address ?? 'no address';
      const request = `exec 3<>/dev/tcp/${rip}/80; printf 'GET /close/text HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3`;
      const answer = await client.exec(['timeout', '10', 'bash', '-c', request], { seconds: 30 });
      expect(answer.stdout).toContain('X-Realserver: realserver1');
      const arp = await realserver.exec(['sysctl', '-n', 'net.ipv4.conf.all.arp_ignore'], { seconds: 30 });
      expect(arp.stdout.trim()).toBe('1');
      const link = await realserver.exec(['cat', '/sys/class/net/eth0/address'], { seconds: 30 });
      expect(realserver.macs).toEqual([link.stdout.trim()]);
    } finally {
      await lab[Symbol.asyncDispose]();
    }
  });

  it('gives nodes in which nobody has sent a packet, whose servers listen', async () => {
    const lab = await labWithoutDirector('e');
    try {
      expect(lab.known).toEqual({});
      // Docker's resolver has rules in each container on a network, which would have connections tracked.
      const rules = await nodeOf(lab, 'client').exec(['nft', 'list', 'ruleset'], { seconds: 30 });
      expect(rules).toMatchObject({ exitCode: 0, stdout: '' });
      const listening = ['sh', '/lab/server/listening.sh'];
      const { exitCode } = await nodeOf(lab, 'realserver1').exec(listening, { seconds: 30 });
      expect(exitCode).toBe(0);
      // And once somebody has, they know it.
      const rip = nodeOf(lab, 'realserver1').shape.interfaces[0]?.address ?? 'no address';
      await nodeOf(lab, 'client').exec(['bash', '-c', `exec 3<>/dev/tcp/${rip}/80`], { seconds: 30 });
      const { stdout } = await nodeOf(lab, 'client').exec(['bash', '/lab/known.sh'], { seconds: 30 });
      expect(stdout).toContain(`neighbour ${rip} dev eth0`);
    } finally {
      await lab[Symbol.asyncDispose]();
    }
  });

  it('keeps two labs at once apart, and removes each without the other', async () => {
    const [one, two] = await Promise.all([labWithoutDirector('b'), labWithoutDirector('c')]);
    expect(one.shape.networks[0]?.subnet).not.toBe(two.shape.networks[0]?.subnet);
    await one[Symbol.asyncDispose]();
    expect((await nodeOf(two, 'client').exec(['true'], { seconds: 30 })).exitCode).toBe(0);
    await two[Symbol.asyncDispose]();
    const label = { label: ['lvs-lab.run'] };
    expect(await docker.listContainers({ all: true, filters: label })).toEqual([]);
    expect(await docker.listNetworks({ filters: label })).toEqual([]);
  });

  it('loses what a dead run left behind, and nothing of a living one', async () => {
    const make = (name: string, owner: string): Promise<Docker.Container> =>
      docker.createContainer({
        name,
        Image: images.client,
        Labels: { 'lvs-lab.run': name, [ownerLabel]: owner },
      });
    const dead = spawnSync('true').pid;
    await make('lvs-lab-dead', `${(await ownerTag()).split('.')[0] ?? ''}.${String(dead)}.1`);
    const living = await make('lvs-lab-living', await ownerTag());
    const before = process.env['DOCKER_HOST'];
    process.env['DOCKER_HOST'] = engineProcess.host;
    try {
      const removed = await sweepLeftovers(() => undefined);
      expect(removed).toContain('container lvs-lab-dead');
      expect(removed).not.toContain('container lvs-lab-living');
      expect((await living.inspect()).Name).toBe('/lvs-lab-living');
    } finally {
      process.env['DOCKER_HOST'] = before;
      await living.remove({ force: true });
    }
  });

  it('shows the failing step of an image build, and what it printed', async () => {
    // Both on one stream: Docker reads stdout and stderr from two pipes, in whatever order.
    const dockerfile = 'ARG BASE\nFROM ${BASE}\nRUN true\nRUN echo about to fail >&2; ls /nonexistent\n';
    const build = buildImage(docker, {
      reference: 'lvs-lab/broken:test',
      context: [{ name: 'Dockerfile', content: dockerfile }],
      base: images.client,
      network: 'none',
    });
    await expect(build).rejects.toMatchObject({
      message: expect.stringMatching(/at `Step \d+\/\d+ : RUN echo about to fail/) as string,
      details: expect.stringMatching(/about to fail[^]*nonexistent/) as string,
    });
  });
});

describe('rules of two megabytes, fifty thousand of them', () => {
  const count = 50_000;
  const rule = (number: number): string =>
    `10.${String(number >> 16)}.${String((number >> 8) & 255)}.${String(number & 255)}`;
  const numbers = Array.from({ length: count }, (_, number) => number);
  const saved = (refused?: number): string =>
    [
      '*filter',
      ...numbers.map(
        (number) => `-A INPUT -s ${rule(number)}/${number === refused ? '99' : '32'} -p tcp -j DROP`,
      ),
      'COMMIT\n',
    ].join('\n');
  const native = `table ip own {\nchain in {\n${numbers.map((number) => `ip saddr ${rule(number)} counter drop comment "n"\n`).join('')}}\n}\n`;

  it.each([
    ['iptables-nft', 'rules', saved(), 'iptables-nft-save'],
    ['iptables-legacy', 'rules', saved(), 'iptables-legacy-save'],
    ['nft', 'nftables', native, 'nft list ruleset'],
  ] as const)('are loaded into a node by %s, all of them', async (program, key, text, list) => {
    expect(text.length).toBeGreaterThan(2_000_000);
    const lab = await labWithoutDirector('d');
    try {
      const node = nodeOf(lab, 'realserver1');
      const none = {
        ipset: undefined,
        rules: undefined,
        rules6: undefined,
        nftables: undefined,
        commands: [],
      };
      const planned = plannedRules('load', {
        rules: { ...none, [key]: text },
        iptables: program === 'iptables-legacy' ? 'legacy' : 'nft',
        sysctls: {},
      });
      if (planned === undefined) throw new Error('there is nothing to load');
      await loadNodeRules(node, planned, {
        file: 'own.yaml',
        places: {},
        part: 'realserver',
        of: 'realserver',
      });
      const listed = await node.exec(['bash', '-c', list], { seconds: 120 });
      expect(listed.stdout.match(/10\.\d+\.\d+\.\d+/g)).toHaveLength(count);
    } finally {
      await lab[Symbol.asyncDispose]();
    }
  });

  it('are tried out, and the one that is refused is named', async () => {
    const tried = (text: string) =>
      engine.tryRules(
        'local-try',
        [
          { kind: 'unit', text: 'nft' },
          { kind: 'rules', text },
        ],
        { seconds: 300 },
      );
    expect((await tried(saved())).stdout).toBe('');
    expect((await tried(saved(count - 1))).stdout).toContain(`@@ refused 1 ${String(count + 1)}\n`);
  });
});

describe('every capability that a node gets is needed', () => {
  const cases = [
    ['client', 'NET_RAW', 'timeout 2 tcpdump -i eth0 -Z root -w /dev/null; test $? = 124'],
    ['client', 'SETGID', 'timeout 2 tcpdump -i eth0 -Z root -w /dev/null; test $? = 124'],
    ['director', 'NET_RAW', 'timeout 2 tcpdump -i eth0 -Z root -w /dev/null; test $? = 124'],
    ['director', 'SETGID', 'timeout 2 tcpdump -i eth0 -Z root -w /dev/null; test $? = 124'],
    ['realserver', 'NET_RAW', 'iptables-legacy -S'],
    ['realserver', 'SETGID', 'timeout 2 tcpdump -i eth0 -w /dev/null; test $? = 124'],
  ] as const;

  it.each(cases)('%s: %s', async (role, capability, script) => {
    expect(await exitCodeWith(role, undefined, script)).toBe(0);
    expect(await exitCodeWith(role, capability, script)).not.toBe(0);
  });

  it.each(['client', 'director', 'realserver'] as const)('%s: NET_ADMIN', async (role) => {
    await expect(exitCodeWith(role, 'NET_ADMIN', 'true')).rejects.toThrow(
      "could not be freed of the engine's own rules",
    );
  });
});

/** Runs a script in a node of this role that lacks one of its capabilities. */
async function exitCodeWith(role: Role, without: string | undefined, script: string): Promise<number> {
  const shape = await shapeFor('caps', '198.18.250.0/24');
  const node = shape.nodes.find((one) => one.role === role);
  if (node === undefined) throw new Error(`no ${role}`);
  const capabilities = node.capabilities.filter((one) => one !== without);
  const lab = await engine.createLab({ ...shape, nodes: [{ ...node, capabilities }] });
  try {
    const result = await nodeOf(lab, node.name).exec(['sh', '-c', script], { seconds: 30 });
    return result.exitCode;
  } finally {
    await lab[Symbol.asyncDispose]();
  }
}

async function shapeFor(runId: string, lan: string): Promise<LabShape> {
  return makeShape(await shipped('close/server-first'), {
    runId,
    lab: 1,
    subnets: { lan, front: undefined },
  });
}

/** A lab whose nodes are set up as the plan says, but for the director. */
async function labWithoutDirector(name: string): Promise<Lab> {
  const scenario = await shipped('close/server-first');
  const runId = `local${name}${String(process.pid)}`;
  const seed = { id: 'local', topology: { subnet: undefined } };
  const shape = await shapeFor(runId, chooseSubnet(runId, await engine.usedSubnets(), seed));
  const lab = await engine.createLab({
    ...shape,
    nodes: shape.nodes.filter(({ role }) => role !== 'director'),
  });
  const plan = makePlan(scenario, runId, shape);
  await Promise.all(
    lab.nodes.map(async (node) => {
      const setup = plan.nodes.find((planned) => planned.name === node.shape.name)?.setup ?? [];
      if (setup.length > 0) await runCommand(node, inOneShell('set itself up', setup), 60);
    }),
  );
  return lab;
}

function nodeOf(lab: Lab, name: string): Lab['nodes'][number] {
  const node = lab.nodes.find((one) => one.shape.name === name);
  if (node === undefined) throw new Error(`no node ${name}`);
  return node;
}
