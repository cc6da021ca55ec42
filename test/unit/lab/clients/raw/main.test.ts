import type { FlowProfile } from '../../../../../src/contracts/agents/flowProfile.js';
import type { Step } from '../../../../../src/contracts/agents/conversation.js';
import { execFile, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { koffiBinary } from '../../../../../src/engine/docker/nodes/koffiBinary.js';
import type { FlowReport, FlowSecond } from '../../../../../src/evidence/model/flowTypes.js';
import { nodeForTypeScript } from '../../../programs.js';
import { Namespace } from './namespaces.js';
import { profile6Of, profileOf } from './profile.js';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../../../../..', import.meta.url));
let directory: string;
let client: Namespace;
let server: Namespace;
let realserver: ChildProcessWithoutNullStreams;

// The agent as the client's container has it: one CommonJS file, and koffi's binary beside it.
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-load-'));
  await run('npm', ['run', '--silent', 'build:agent', '--', `--outdir=${directory}`], { cwd: repository });
  await copyFile(
    koffiBinary(process.arch === 'arm64' ? 'aarch64' : 'x86_64'),
    path.join(directory, 'koffi.node'),
  );
});
afterAll(() => rm(directory, { recursive: true }));

// A client and a server on one wire.
beforeEach(async () => {
  client = await Namespace.create();
  server = await Namespace.create(client);
  const { mac } = profileOf();
  await client.run(`ip link add eth0 address ${mac} type veth peer name eth0 netns ${server.pid}`);
  await setUp(client, '198.18.7.2/24', 'fd07::2/64');
  // As the client's set-up in the lab: what is for the flows is not its own, and it is no router.
  await client.run('echo 0 >/proc/sys/net/ipv4/ip_forward');
  await setUp(server, '198.18.7.9/24', 'fd07::9/64');
  const script = fileURLToPath(new URL('realserver.ts', import.meta.url));
  realserver = server.start([...nodeForTypeScript, script]) as ChildProcessWithoutNullStreams;
  await once(realserver.stdout, 'data');
});
afterEach(async () => {
  realserver.kill('SIGKILL');
  await client[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

async function setUp(node: Namespace, address: string, address6: string): Promise<void> {
  await node.run(`ip addr add ${address} dev eth0`);
  await node.run(`ip addr add ${address6} dev eth0 nodad`);
  await node.run('ip link set lo up');
  await node.run('ip link set eth0 up');
}

/** One run of the agent. */
function start(profile: FlowProfile | string) {
  const child = client.start([
    process.execPath,
    path.join(directory, 'raw.cjs'),
  ]) as ChildProcessWithoutNullStreams;
  const seconds: FlowSecond[] = [];
  let report: FlowReport | undefined;
  let said = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    const value = JSON.parse(line) as FlowSecond & { readonly report?: FlowReport };
    if (value.report === undefined) seconds.push(value);
    else report = value.report;
  });
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'close') as Promise<[number | null]>;
  child.stdin.write(`${typeof profile === 'string' ? profile : JSON.stringify(profile)}\n`);
  return {
    child,
    seconds,
    said: () => said,
    opened: () => expect.poll(() => said, { timeout: 20_000, interval: 20 }).toContain('@@ opened\n'),
    end: async () => {
      const [code] = await ended;
      return { code, report };
    },
    stop: async () => {
      child.stdin.write('stop\n');
      const [code] = await ended;
      expect({ code, said }).toEqual({ code: 0, said: '@@ connected\n@@ opened\n' });
      return report!;
    },
  };
}

const conversation = (name: string, ...steps: Step[]) => ({
  mix: [{ weight: 1, conversation: { name, steps } }],
});
const get = (then: 'close' | 'keep') => ({ do: 'send', then, upload: 0, download: 0, rate: 0 }) as const;
const reply = { do: 'expect', what: 'reply' } as const;

/** Everything that the kernel of a namespace says of TCP and ICMP by itself, added up by name. */
async function counter(node: Namespace, name: string): Promise<number> {
  const [group = '', field = ''] = name.split('.');
  const lines = (await node.run('cat /proc/net/snmp'))
    .split('\n')
    .filter((line) => line.startsWith(`${group}: `));
  const [names = [], values = []] = lines.map((line) => line.split(' '));
  return Number(values[names.indexOf(field)]);
}

describe('the raw load agent', { timeout: 60_000 }, () => {
  it.each([
    ['IPv4', profileOf()],
    ['IPv6', profile6Of()],
  ])(
    'carries a thousand conversations over %s to their end, unseen by its own kernel',
    async (_, profile) => {
      const agent = start(profile);
      await agent.opened();
      const report = await agent.stop();
      expect(report.fates).toMatchObject({ closed: 1000, unfinished: 0 });
      expect(report).toMatchObject({
        opened: 1000,
        connected: 1000,
        answered: 1000,
        closed: 1000,
        ended: 'told',
        sendErrors: {},
        receiveDrops: 0,
        unreadable: 0,
        icmp: {},
      });
      expect(report.openedAt).toBeGreaterThan(report.startedAt);
      expect(report.connect?.count).toBe(1000);
      expect(await counter(client, 'Tcp.OutRsts')).toBe(0);
      expect(await counter(client, 'Icmp.OutMsgs')).toBe(0);
      expect(await counter(server, 'Tcp.PassiveOpens')).toBe(1000);
      expect(await counter(server, 'Tcp.AttemptFails')).toBe(0);
      expect(await counter(server, 'Tcp.EstabResets')).toBe(0);
    },
  );

  it.each([
    ['IPv4', profileOf],
    ['IPv6', profile6Of],
  ])("carries a thousand clients of UDP over %s, with the realservers' own server", async (_, profile) => {
    const script = path.join(directory, 'datagrams.pl');
    await copyFile(path.join(repository, 'lab/node/server/datagrams.pl'), script);
    const { family, vip } = profile();
    await server.run(`perl ${script} realserver1 53 ${vip}`);
    try {
      const datagrams = { as: 'quic', pause: 0.2, wait: 10, requests: 2, idle: 0 } as const;
      const agent = start(profile({ ports: [53] }, { rate: 500, mix: [], datagrams }));
      await agent.opened();
      const report = await agent.stop();
      expect({ family, ...report.fates }).toMatchObject({ answered: 1000, unanswered: 0, unfinished: 0 });
      // Two replies, and two datagrams more for each request.
      expect(report).toMatchObject({ sent: 2000, received: 6000, sendErrors: {}, unreadable: 0, icmp: {} });
      const last = report.lastReplies ?? [];
      expect(last.reduce((sum, { flows }) => sum + flows, 0)).toBe(1000);
      expect(last.every(({ by, port }) => by === 'realserver1' && port === 53)).toBe(true);
      // Its own kernel knows nothing of them.
      expect(await counter(client, 'Icmp.OutMsgs')).toBe(0);
      expect(await counter(client, 'Udp.InDatagrams')).toBe(0);
    } finally {
      await server.run(`kill $(cat ${path.join(directory, 'run', 'datagrams.pid')})`);
    }
  });

  it('knows the flows whose closing segment nobody acknowledged', async () => {
    const close = { do: 'close', how: 'fin', ack: 'apart' } as const;
    // Long enough for a busy machine to take the routes away before the first FIN.
    const steps = conversation('late', { do: 'open' }, get('keep'), reply, { do: 'wait', seconds: 6 }, close);
    const agent = start(profileOf({}, { count: 200, ...steps }));
    await expect.poll(() => agent.seconds.at(-1)?.answered, { timeout: 10_000 }).toBe(200);
    for (const source of profileOf().sources) await server.run(`ip route add blackhole ${source}/32`);
    await expect.poll(() => agent.seconds.at(-1)?.closing, { timeout: 15_000 }).toBe(200);
    const report = await agent.stop();
    expect(report.fates).toMatchObject({ closing: 200, closed: 0 });
    expect(report.retransmitted).toBeGreaterThan(0);
  });

  it('leaves what is to be held as it is', async () => {
    const steps = conversation('hold', { do: 'open' }, get('keep'), reply, { do: 'hold' });
    const agent = start(profileOf({}, { count: 100, ...steps }));
    await agent.opened();
    expect(/^TCP6: inuse (\d+)/m.exec(await server.run('cat /proc/net/sockstat6'))?.[1]).toBe('101');
    const report = await agent.stop();
    expect(report.fates).toMatchObject({ held: 100 });
  });

  it('ends by itself, with its report, when its orchestrator is gone', async () => {
    const agent = start(profileOf({}, { count: 50 }));
    await agent.opened();
    agent.child.stdin.end();
    const { code, report } = await agent.end();
    expect(code).toBe(0);
    expect(report).toMatchObject({ ended: 'orphaned', closed: 50 });
  });

  it('ends when the process that reads it was killed', async () => {
    const script = `require('child_process').spawn(process.execPath, [${JSON.stringify(path.join(directory, 'raw.cjs'))}])
      .stdin.write(${JSON.stringify(`${JSON.stringify(profileOf())}\n`)}); setInterval(() => undefined, 1000);`;
    const parent = client.start([process.execPath, '-e', script]);
    const agents = async () => {
      const children = await readFile(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8').catch(
        () => '',
      );
      return children.trim().split(' ').filter(Boolean);
    };
    await expect.poll(agents, { timeout: 5000 }).toHaveLength(1);
    const [pid] = await agents();
    await expect.poll(() => counter(server, 'Tcp.PassiveOpens'), { timeout: 10_000 }).toBeGreaterThan(0);
    parent.kill('SIGKILL');
    const isAlive = async () =>
      /^State:\s+[^ZX]/m.test(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''));
    await expect.poll(isAlive, { timeout: 5000 }).toBe(false);
  });

  it('ends by its own deadline', async () => {
    const agent = start(profileOf({ deadline: 1 }, { count: 10_000, rate: 100 }));
    const { code, report } = await agent.end();
    expect({ code, ended: report?.ended }).toEqual({ code: 0, ended: 'deadline' });
    expect(report?.opened).toBeLessThan(1000);
  });

  it('carries them over addresses that somebody has on the Internet', async () => {
    for (const [node, cidr] of [
      [client, '8.8.8.2/24'],
      [server, '8.8.8.9/24'],
    ] as const) {
      await node.run(`ip addr flush dev eth0 && ip addr add ${cidr} dev eth0`);
    }
    const sources = ['8.8.8.20', '8.8.8.21', '8.8.8.22', '8.8.8.23'];
    const there = {
      vip: '8.8.8.9',
      nextHop: '8.8.8.9',
      address: '8.8.8.2',
      sources,
      networks: ['8.8.8.0/24'],
    };
    const agent = start(profileOf(there));
    await agent.opened();
    expect(await agent.stop()).toMatchObject({ fates: { closed: 1000 }, closed: 1000, unreadable: 0 });
    await client.run('ip route add default via 8.8.8.1');
    const other = start(profileOf(there));
    expect(await other.end()).toEqual({ code: 5, report: undefined });
    expect(other.said()).toContain('found a route to 0.0.0.0/0 by 8.8.8.1 on eth0');
  });

  it('sends nothing for a profile that it refuses', async () => {
    const agent = start(profileOf({ vip: '8.8.8.8' }));
    expect(await agent.end()).toEqual({ code: 5, report: undefined });
    expect(agent.said()).toBe(
      'the load profile was refused: vip: expected an ipv4 address within 198.18.7.0/24, found 8.8.8.8\n',
    );
    const garbled = start('go');
    expect(await garbled.end()).toEqual({ code: 5, report: undefined });
  });

  it.each([
    [
      'has another interface',
      'ip link add eth1 type veth peer name eth2 && ip addr add 192.0.2.2/24 dev eth1 && ip link set eth2 up && ip link set eth1 up',
      'the interface eth1 with 192.0.2.2/24',
    ],
    ['has a way out', 'ip route add default via 198.18.7.1', 'a route to 0.0.0.0/0 by 198.18.7.1 on eth0'],
    ['is another’s', 'ip link set eth0 address 02:42:c6:12:07:03', 'found 02:42:c6:12:07:03'],
  ])('sends nothing from a namespace that %s', async (_, change, found) => {
    await client.run(change);
    const agent = start(profileOf());
    expect(await agent.end()).toEqual({ code: 5, report: undefined });
    expect(agent.said()).toContain(found);
    expect(await counter(server, 'Tcp.PassiveOpens')).toBe(0);
  });

  it('says so when nobody answers for the next hop', async () => {
    const agent = start(profileOf({ nextHop: '198.18.7.10' }));
    expect(await agent.end()).toEqual({ code: 2, report: undefined });
    expect(agent.said()).toContain('nobody answered for the next hop 198.18.7.10 within 10 s');
  });
});
