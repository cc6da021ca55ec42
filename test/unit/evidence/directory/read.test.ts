import { readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EvidenceError } from '../../../../src/evidence/text/error.js';
import { readScenarioEvidence } from '../../../../src/evidence/directory/read.js';
import { parsePcap } from '../../../../src/evidence/capture/pcap/pcap.js';
import type { LabError } from '../../../../src/support/errors.js';
import { mendManifest } from '../mend.js';
import { flowReport, flowSecond } from '../flowSamples.js';

const pcap = fileURLToPath(new URL('../../../fixtures/pcap/rejected-syn.pcap', import.meta.url));

const final = `## iptables-save exit=0
*filter
:INPUT ACCEPT [0:0]
[4:240] -A INPUT -j REJECT --reject-with icmp-host-prohibited
COMMIT
## ip6tables-save exit=0
## nstat exit=0
#kernel
TcpPassiveOpens                 2                  0.0
## conntrack-stats exit=127
collect.sh: 1: conntrack: not found
## conntrack-count exit=0
12
## ipvs-connections exit=0
TCP 01:58 FIN_WAIT 10.0.0.2:4000 10.0.0.9:80 10.0.0.4:80
`;
const asked = {
  ...{ connections: 1, every: 0, requests: 1, upload: 0, download: 0, rate: 0, idle: 0 },
  ...{ connect: 'non-blocking', ports: 'own', reopen: false },
  close: { first: 'server', how: 'fin', after: 0 },
};
const hold = { name: 'hold', steps: [{ do: 'open' }, { do: 'hold' }] };
const load = {
  agent: 'test',
  nonBlockingConnect: true,
  requested: 1,
  startedAt: 1,
  finishedAt: 2,
  connections: [
    {
      localAddress: '10.0.0.2',
      localPort: 4000,
      port: 80,
      openedAt: 1.5,
      connected: true,
      bytesSent: 3,
      bytesReceived: 4,
      complete: false,
      serverClosed: false,
    },
  ],
};

const { packets: captured } = parsePcap(readFileSync(pcap));
const words = `${captured} packets captured\n3 packets dropped by kernel\n`;

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lvs-lab-evidence-'));
  await put('plan.json', {
    runId: 'r1',
    scenario: 'close/server-first',
    vip: '10.0.0.9',
    ports: [80],
    servers: ['10.0.0.9'],
    serving: ['realserver1'],
    forwarding: 'dr',
    load: asked,
    nodes: [
      { name: 'client', capture: { purpose: 'capture', argv: ['tcpdump'] } },
      { name: 'director', capture: { purpose: 'capture', argv: ['tcpdump'] } },
      { name: 'realserver1' },
    ],
  });
  await put('nodes.json', [
    { name: 'client', role: 'client', addresses: ['10.0.0.2'], macs: ['02:00:00:00:00:0A'] },
    { name: 'director', role: 'director', addresses: ['10.0.0.3'], macs: ['02:00:00:00:00:0b'] },
    { name: 'realserver1', role: 'realserver', addresses: ['10.0.0.4'], macs: ['02:00:00:00:00:0c'] },
  ]);
  await put('measured/load.json', load);
  await put('measured/phase.json', {
    phase: 'measured',
    settled: true,
    startedAt: 'then',
    finishedAt: 'now',
  });
  const sockets = '@@ ss 3.5\nLAST-ACK 0 0 10.0.0.2:4000 10.0.0.9:80\n@@ end\n@@ ss 4.5\nESTAB';
  await put('measured/client.samples', sockets);
  await put('measured/realserver1.samples', sockets);
  await put(
    'measured/director.samples',
    '@@ ss 3\n@@ end\n@@ ipvs 3\nTCP 14:58 ESTABLISHED 10.0.0.2:4000 10.0.0.9:80 10.0.0.4:80\n@@ end\n',
  );
  for (const node of ['client', 'director', 'realserver1']) await put(`measured/${node}.final`, final);
  for (const node of ['client', 'director']) {
    await copyFile(pcap, join(directory, `measured/${node}.pcap`));
    await put(`measured/${node}.capture.txt`, words);
  }
});

afterEach(() => rm(directory, { recursive: true }));

async function put(name: string, contents: unknown): Promise<void> {
  const file = join(directory, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof contents === 'string' ? contents : JSON.stringify(contents));
}

const read = async () => {
  await mendManifest(directory);
  const { measured } = await readScenarioEvidence(directory);
  if (measured === undefined) throw new Error('expected a measured phase');
  return measured;
};

describe('readScenarioEvidence', () => {
  it('reads everything a phase left', async () => {
    await mendManifest(directory);
    const evidence = await readScenarioEvidence(directory);
    expect(evidence.problems).toEqual([]);
    expect(evidence.scenario).toBe('close/server-first');
    expect(evidence.control).toBeUndefined();
    const measured = await read();
    expect(measured.problems).toEqual([]);
    expect(measured).toMatchObject({
      phase: 'measured',
      vip: '10.0.0.9',
      ports: [80],
      serving: ['realserver1'],
      settled: true,
    });
    expect(measured.load?.connections[0]).toMatchObject({
      localPort: 4000,
      openedAt: 1.5,
      connectSeconds: undefined,
      httpStatus: undefined,
    });
    expect(measured.ipvs).toMatchObject([
      { node: 'director', time: 3, connections: [{ state: 'ESTABLISHED' }] },
      { node: 'director', time: Infinity, connections: [{ state: 'FIN_WAIT' }], end: { doubt: undefined } },
    ]);
    expect(measured.ipvs[0]?.end).toBeUndefined();
    const [client, director, realserver] = measured.nodes;
    expect(client?.macs).toEqual(['02:00:00:00:00:0a']);
    expect(client?.samples).toHaveLength(1);
    expect(client?.capture?.icmp).toHaveLength(1);
    expect(director?.rules.find(({ rule }) => rule.includes('REJECT'))?.packets).toBe(4);
    expect(director?.counters).toEqual({ TcpPassiveOpens: 2 });
    expect(director).toMatchObject({ conntrack: undefined, conntrackEntries: 12 });
    expect(realserver?.capture).toBeUndefined();
  });

  it.each([
    'load.json',
    'phase.json',
    'client.samples',
    'director.final',
    'director.pcap',
    'realserver1.samples',
  ])('notes that %s is missing, and reads the rest', async (name) => {
    await rm(join(directory, 'measured', name));
    const measured = await read();
    expect(measured.problems).toEqual([`measured/${name}: the file is missing.`]);
    expect(measured.nodes).toHaveLength(3);
  });

  it.each([
    ['load.json', '{"agent": 1}', 'agent'],
    ['load.json', '{"age', 'JSON'],
    ['client.pcap', '', 'pcap'],
    ['client.samples', '@@ ss 3\nnonsense\n@@ end\n', 'nonsense'],
    ['realserver1.samples', '@@ ss 3\nESTAB', 'no complete block'],
    ['director.samples', '@@ ss 3\n@@ end\n', 'IPVS'],
    ['director.final', final.replace('nstat exit=0', 'nstat exit=1'), 'nstat'],
    ['director.final', final.replace('## iptables-save exit=0', ''), 'iptables-save'],
    ['director.final', final.replace('## ipvs-connections exit=0', ''), 'ipvs-connections'],
    ['director.final', `${final}## nft-ruleset exit=0\nnonsense\n`, 'nonsense'],
  ])('notes what is wrong with %s when it holds %j', async (name, contents, word) => {
    await put(`measured/${name}`, contents);
    const { problems } = await read();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`measured/${name}: `);
    expect(problems[0]).toContain(word);
  });

  it('says that the final listing of IPVS was another each time it was read', async () => {
    await put('measured/director.final', `${final}# unsettled\n`);
    const { problems, ipvs } = await read();
    expect(problems).toEqual([]);
    expect(ipvs.at(-1)?.end?.doubt).toBe('entries came and went while they were listed');
  });

  it("reads the rules of both families and of native nftables, and the director's destinations", async () => {
    const more = final
      .replace(
        '## ip6tables-save exit=0\n',
        '## ip6tables-save exit=0\n*filter\n[2:96] -A INPUT -j DROP\nCOMMIT\n',
      )
      .concat('## nft-ruleset exit=0\ntable inet lab {\n\tchain in {\n\t\tdrop\n\t}\n}\n')
      .concat('## ipvs-services exit=0\n  -> RemoteAddress:Port\n  -> 10.0.0.4:80   1 2 3 4 5\n');
    await put('measured/director.final', more);
    const { problems, nodes } = await read();
    expect(problems).toEqual([]);
    expect(nodes[1]?.rules.map(({ family, packets }) => [family, packets])).toEqual([
      ['ip', 0],
      ['ip', 4],
      ['ip6', 2],
      ['inet', undefined],
    ]);
    expect(nodes[1]?.ipvsDestinations).toEqual(['10.0.0.4']);
    expect(nodes[0]?.ipvsDestinations).toBeUndefined();
  });

  it('has no problem with a kernel that has neither IPv6 tables nor nftables', async () => {
    const none = final.replace('## ip6tables-save exit=0', '## ip6tables-save exit=1\nFATAL: no module');
    await put('measured/director.final', `${none}## nft-ruleset exit=127\nnft: not found\n`);
    expect((await read()).problems).toEqual([]);
  });

  it('takes a phase that cannot be read for unsettled', async () => {
    await rm(join(directory, 'measured/phase.json'));
    expect((await read()).settled).toBe(false);
  });

  it('says that a directory without plan.json is none of a scenario', async () => {
    await rm(join(directory, 'plan.json'));
    const error: unknown = await readScenarioEvidence(directory).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EvidenceError);
    expect((error as LabError).message).toContain('plan.json: the file is missing');
    expect((error as LabError).hint).toContain('Get the file');
  });

  it('has no phase where nodes.json is missing, and says so', async () => {
    await rm(join(directory, 'nodes.json'));
    const { measured, unread, problems } = await readScenarioEvidence(directory);
    expect([measured, unread]).toEqual([undefined, ['measured']]);
    expect(problems.join()).toContain('nodes.json: the file is missing: control/ and measured/');
  });

  it('names the file and the field of a nodes.json it cannot read', async () => {
    await put('nodes.json', [{ name: 'client', role: 'visitor', addresses: [], macs: [] }]);
    await mendManifest(directory);
    expect((await readScenarioEvidence(directory)).problems.join()).toMatch(/nodes\.json.*0\.role/);
  });
});

describe('the evidence of a raw-socket load', () => {
  const links = (dropped: number) =>
    JSON.stringify([{ ifname: 'eth0', stats64: { rx: { dropped }, tx: { dropped: 0 } } }]);
  const softnet = (dropped: string) => `00000009 ${dropped} 00000000\n`;
  const queues = (drops: number) => JSON.stringify([{ dev: 'eth0', root: true, drops }]);
  const start = `@@ links 1\n${links(2)}\n@@ end\n@@ queues 1\n${queues(1)}\n@@ end\n`;
  const ipvsStats = (packets: string) =>
    ` Total\nCPU Conns\n  0 10 100 0 9 0\n  1 4A ${packets} 0 9 0\n  ~ 5A 5A 0 99 0\n\n Conns/s\n  ~ 0 0 0 0 0\n`;
  const startOfDirector = `${start}@@ ipvs-stats 1\n${ipvsStats('F4')}@@ end\n`;
  const end = `${final}## links exit=0\n${links(5)}\n## queues exit=0\n${queues(8)}\n`;
  const way = [{ node: 'client', device: 'eth0' }];
  const witnesses = '@@ ss 3.5\nLAST-ACK 0 0 10.0.0.2:4000 10.0.0.9:80\n@@ end\n';
  const tally = (time: number, count: number) => `@@ tally ${time}\nFIN-WAIT-2 ${count}\n@@ end\n`;

  beforeEach(async () => {
    const plan = JSON.parse(await readFile(join(directory, 'plan.json'), 'utf8')) as object;
    const profiles = {
      control: {
        sources: ['10.0.0.50'],
        flows: { count: 1, rate: 10, ramp: 0, mix: [{ weight: 1, conversation: hold }] },
      },
      measured: {
        sources: ['10.0.0.50', '10.0.0.51'],
        flows: { count: 2, rate: 20, ramp: 3, mix: [{ weight: 1, conversation: hold }] },
      },
    };
    await put('plan.json', { ...plan, flows: { way, profiles } });
    await put(
      'measured/flows.jsonl',
      `${JSON.stringify(flowSecond())}\n${JSON.stringify({ report: flowReport() })}\n`,
    );
    await put('measured/client.samples', `${start}@@ softnet 1\n${softnet('00000001')}@@ end\n${witnesses}`);
    await put('measured/client.final', `${end}## softnet exit=0\n${softnet('00000011')}`);
    await put('measured/realserver1.samples', `${start}${witnesses}${tally(3, 40)}${tally(9, 90)}`);
    await put('measured/realserver1.final', end);
    await put(
      'measured/director.samples',
      `${startOfDirector}@@ ss 3\n@@ end\n@@ ipvs 3\n@@ end\n@@ ipvs-tally 3\nESTABLISHED 90\nbytes 960\n@@ end\n`,
    );
    await put('measured/director.final', `${end}## ipvs-stats exit=0\n${ipvsStats('1F4')}`);
  });

  it('is read beside the rest', async () => {
    const { problems, flows, nodes } = await read();
    expect(problems).toEqual([]);
    expect(flows).toEqual({
      sources: ['10.0.0.50', '10.0.0.51'],
      asked: { count: 2, rate: 20, ramp: 3 },
      seconds: [flowSecond()],
      report: flowReport(),
      sockets: {
        realserver1: [
          { time: 3, states: { 'FIN-WAIT-2': 40 }, sockstat: {} },
          { time: 9, states: { 'FIN-WAIT-2': 90 }, sockstat: {} },
        ],
      },
      ipvs: { director: [{ time: 3, states: { ESTABLISHED: 90 }, bytes: 960 }] },
      ipvsStats: { director: { connections: 0, packets: 256 } },
      captureDrops: { client: 3, director: 3 },
      links: Object.fromEntries(
        ['client', 'director', 'realserver1'].map((node) => [
          node,
          { eth0: { rx_dropped: 3, tx_dropped: 0 } },
        ]),
      ),
      queueDrops: Object.fromEntries(
        ['client', 'director', 'realserver1'].map((node) => [node, { eth0: 7 }]),
      ),
      way,
      backlogDrops: 16,
    });
    expect(nodes.find(({ name }) => name === 'realserver1')?.samples).toHaveLength(1);
  });

  it('has no count of sockets where flows are of UDP, and needs none', async () => {
    const samples = `${start}${witnesses}`;
    await put('measured/realserver1.samples', samples);
    expect((await read()).problems).toHaveLength(1);
    const datagrams = { as: 'dns', pause: 0, wait: 1, requests: 2, idle: 0 };
    const plan = JSON.parse(await readFile(join(directory, 'plan.json'), 'utf8')) as {
      flows: { profiles: { measured: { flows: object } } };
    };
    plan.flows.profiles.measured.flows = { count: 2, rate: 20, ramp: 3, datagrams, mix: [] };
    await put('plan.json', plan);
    const { problems, flows } = await read();
    expect(problems).toEqual([]);
    expect(flows?.sockets).toEqual({});
    expect(flows?.ipvs).toHaveProperty('director');
  });

  it('says that the final listing of IPVS was made once only', async () => {
    const listing =
      '## ipvs-connections exit=0\nTCP 14:44 ESTABLISHED 10.0.0.2:4000 10.0.0.9:80 10.0.0.4:80\n';
    await put('measured/director.final', `${end}## ipvs-stats exit=0\n${ipvsStats('1F4')}${listing}`);
    const last = (await read()).ipvs.at(-1);
    expect(last?.connections).toHaveLength(1);
    expect(last?.end?.doubt).toContain('read once only');
  });

  it('is not asked of a run that had none', async () => {
    const { flows: _, ...plan } = JSON.parse(await readFile(join(directory, 'plan.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    await put('plan.json', plan);
    await rm(join(directory, 'measured/flows.jsonl'));
    const { flows, problems } = await read();
    expect(flows).toBeUndefined();
    expect(problems).toEqual([]);
  });

  it.each([
    ['flows.jsonl', '', 'ends without a report'],
    ['realserver1.samples', `${start}${witnesses}`, 'no complete block of tally'],
    ['realserver1.samples', `${start}${witnesses}${tally(3, -1)}`, '"FIN-WAIT-2 -1"'],
    [
      'realserver1.samples',
      `${start.slice(start.indexOf('@@ queues'))}${witnesses}${tally(3, 1)}`,
      'no complete block of links',
    ],
    [
      'realserver1.samples',
      `${start.slice(0, start.indexOf('@@ queues'))}${witnesses}${tally(3, 1)}`,
      'no complete block of queues',
    ],
    ['realserver1.final', `${final}## queues exit=0\n${queues(8)}\n`, 'it has no section links'],
    ['realserver1.final', `${final}## links exit=0\n${links(5)}\n`, 'it has no section queues'],
    ['client.final', end, 'it has no section softnet'],
    ['director.final', end, 'it has no section ipvs-stats'],
    [
      'director.final',
      `${end}## ipvs-stats exit=0\nTotal\n`,
      'Expected lines of /proc/net/ip_vs_stats_percpu',
    ],
    [
      'director.samples',
      `${startOfDirector}@@ ss 3\n@@ end\n@@ ipvs 3\n@@ end\n`,
      'no complete block of ipvs-tally',
    ],
    ['director.capture.txt', 'tcpdump: listening on eth0\n', 'tcpdump did not come to say'],
  ])('notes what is wrong with %s when it holds %j', async (name, contents, words) => {
    await put(`measured/${name}`, contents);
    const { problems } = await read();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`measured/${name}: `);
    expect(problems[0]).toContain(words);
  });
});
