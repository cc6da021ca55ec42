import { describe, expect, it } from 'vitest';
import { parseAddress, subnetOf } from '../../../../src/scenario/network/ipv4.js';
import type { Scenario } from '../../../../src/scenario/model/scenario.js';
import { makePlan } from '../../../../src/scenario/plan/makePlan.js';
import { controlKey, shapeKey } from '../../../../src/scenario/plan/shape.js';
import { UsageError } from '../../../../src/support/errors.js';
import { shellQuote } from '../../../../src/support/quote.js';
import { nodeOf, planOf, setupOf, shapeOf } from '../planning.js';
import { minimal, scenarioOf } from '../scenarioFile.js';

const flows = (keys = '') =>
  `flows: { count: 5000, rate: 500, sources: 3, conversation: client-first${keys} }\n`;
const topology = (keys: string) => `topology: { ${keys} }\n`;

const planFor = (scenario: Scenario) => makePlan(scenario, 'r1', shapeOf(scenario));

async function profilesOf(extra: string) {
  const { flows: planned } = await planOf(extra);
  if (planned === undefined) throw new Error('the plan has no flows');
  return planned.profiles;
}

describe('the plan of raw-socket flows', () => {
  it('is none without them', async () => {
    expect((await planOf()).flows).toBeUndefined();
  });

  it('has one command, and tells the agent all it must know', async () => {
    const plan = await planOf(flows());
    expect(plan.flows?.command.argv).toEqual(['node', '/lab/load.cjs']);
    expect(plan.flows?.profiles.measured).toEqual({
      flows: (await scenarioOf(minimal + flows())).flows,
      family: 'ipv4',
      vip: '198.18.7.100',
      ports: [80],
      device: 'eth0',
      address: '198.18.7.10',
      nextHop: '198.18.7.100',
      sources: ['198.18.7.254', '198.18.7.253', '198.18.7.252'],
      firstFlow: 200,
      mss: 1460,
      deadline: expect.any(Number) as number,
    });
  });

  it('knows by which interfaces packets leave on their way', async () => {
    const way = async (keys: string) => (await planOf(flows() + topology(keys))).flows?.way;
    const client = { node: 'client', device: 'eth0' };
    expect(await way('network: flat')).toEqual([client]);
    expect(await way('network: routed')).toEqual([client, { node: 'router', device: 'eth1' }]);
  });

  it('makes a small control run, from ports that the measured one does not use', async () => {
    const { control, measured } = await profilesOf(flows(', ramp: 5s'));
    expect(control.flows).toEqual({ ...measured.flows, count: 200, rate: 200, ramp: 0 });
    expect([control.firstFlow, measured.firstFlow]).toEqual([0, 200]);
    const few = await profilesOf('flows: { count: 7, rate: 3, conversation: hold }\n');
    expect(few.control.flows).toMatchObject({ count: 7, rate: 3 });
    expect(few.measured.firstFlow).toBe(7);
  });

  it('goes to the router where there is one, from its network', async () => {
    const { measured } = await profilesOf(flows() + topology('forwarding: nat'));
    expect(measured).toMatchObject({
      nextHop: '198.18.8.5',
      address: '198.18.8.10',
      sources: ['198.18.8.254', '198.18.8.253', '198.18.8.252'],
    });
  });

  it('is in the family of the service', async () => {
    const { measured } = await profilesOf(flows() + topology('family: ipv6'));
    expect(measured).toMatchObject({
      family: 'ipv6',
      vip: 'fd6c:7673:c612:700::100',
      nextHop: 'fd6c:7673:c612:700::100',
      address: 'fd6c:7673:c612:700::10',
      sources: ['fd6c:7673:c612:700::254', 'fd6c:7673:c612:700::253', 'fd6c:7673:c612:700::252'],
      mss: 1440,
    });
  });

  it.each([
    ['ipv4', 1440],
    ['ipv6', 1400],
  ])('has segments that fit a tunnel in %s', async (family, mss) => {
    const { measured } = await profilesOf(flows() + topology(`forwarding: tun, family: ${family}`));
    expect(measured.mss).toBe(mss);
  });

  it('has a deadline behind all that a phase may take, of an hour at most', async () => {
    const deadline = async (extra: string) => (await profilesOf(extra)).measured.deadline;
    const usual = await deadline(flows());
    // 10 s of openings, four times as many on a busy machine; drive 60, settle three times 30, collect 60, a minute to spare.
    expect(usual).toBe(310);
    expect(await deadline(flows(', ramp: 10s'))).toBe(usual + 40);
    expect(await deadline(`${flows()}deadlines: { drive: 70s }\n`)).toBe(usual + 10);
    expect(await deadline(`${flows()}events: [{ at: 20s, on: client, run: ls }]\n`)).toBe(usual + 20);
    const waits = flows().replace(
      'client-first',
      '[open, wait: 30s, send: { upload: 100, rate: 10 }, close: rst]',
    );
    expect(await deadline(waits)).toBe(usual + 40);
    expect(await deadline(flows().replace('rate: 500', 'rate: 1'))).toBe(3600);
  });
});

describe('the source addresses', () => {
  it.each(['198.18.7.0/28', '10.0.0.0/24', '10.0.0.0/8'])('are nobody else’s in %s', async (subnet) => {
    const plan = await planOf(flows() + topology(`subnet: ${subnet}, realservers: 4`));
    const { sources } = plan.flows?.profiles.measured ?? { sources: [] };
    const taken = [plan.vip, plan.shape.networks[0]?.gateway, ...plan.nodes.map(({ address }) => address)];
    const { first, last } = subnetOf(subnet);
    expect(new Set([...sources, ...taken]).size).toBe(3 + 2 + 6);
    for (const source of sources) {
      expect(parseAddress(source)).toBeGreaterThan(first);
      expect(parseAddress(source)).toBeLessThan(last);
    }
  });

  it('keep clear of fixed addresses', async () => {
    const { measured } = await profilesOf(
      flows() + topology('subnet: 10.7.0.0/24, vip: 10.7.0.254, addresses: { client: 10.7.0.252 }'),
    );
    expect(measured.sources).toEqual(['10.7.0.253', '10.7.0.251', '10.7.0.250']);
  });

  it('are as many as the subnet has left, or an error', async () => {
    // A /28 has 14 addresses: gateway, client, director, two realservers and the VIP have six of them.
    const extra = (sources: number) =>
      flows().replace('sources: 3', `sources: ${sources}`) + topology('subnet: 10.7.0.0/28');
    expect((await profilesOf(extra(8))).measured.sources).toHaveLength(8);
    const error: unknown = await planOf(extra(9)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toBe(
      'expected 9 addresses that nobody has for `flows.sources` in 10.7.0.0/28, found 8',
    );
  });
});

describe('a lab for flows', () => {
  it('is told apart, and its client knows', async () => {
    const [without, withThem] = await Promise.all([scenarioOf(minimal), scenarioOf(minimal + flows())]);
    expect(shapeKey(withThem)).toBe(`${shapeKey(without)}, with raw flows`);
    const environments = shapeOf(withThem).nodes.map(({ name, environment }) => [name, environment]);
    expect(Object.fromEntries(environments)).toMatchObject({ client: { LVS_LAB_FLOWS: '1' }, director: {} });
    expect(shapeOf(without).nodes[0]?.environment).toEqual({});
    expect(() => makePlan(withThem, 'r1', shapeOf(without))).toThrow(RangeError);
  });

  it('shares no control run with other flows', async () => {
    const key = async (keys: string) => controlKey(await scenarioOf(minimal + flows(keys)));
    expect(await key('')).toBe(await key(''));
    expect(await key(', seed: 2')).not.toBe(await key(''));
  });

  it('has a client whose kernel drops what is for the flows', async () => {
    const client = async (extra: string) => setupOf(await planOf(extra), 'client');
    expect(await client(flows())).toEqual(['sysctl -qw net.ipv4.ip_forward=0']);
    expect(await client('')).toEqual([]);
    const ipv6 = topology('family: ipv6');
    expect((await client(flows() + ipv6))[0]).toMatch(/ net\.ipv6\.conf\.all\.forwarding=0$/);
    expect((await client(ipv6))[0]).not.toContain('forwarding');
  });

  it('leaves the realservers behind a tunnel alone, and tells the flows what fits', async () => {
    const tunnel = topology('forwarding: tun, realservers: 1');
    const plan = await planOf(flows() + tunnel);
    expect(setupOf(plan, 'realserver1')).toEqual(setupOf(await planOf(tunnel), 'realserver1'));
    expect(plan.flows?.profiles.measured.mss).toBe(1440);
  });
});

describe('the commands among flows', () => {
  it('know the witnesses by the client’s own address', async () => {
    const plan = await planOf(flows() + topology('network: routed, realservers: 1'));
    const argvs = plan.nodes.map(({ name, sampler, collect }) => [
      name,
      [sampler.argv.slice(2), collect.argv.slice(2)],
    ]);
    const witness = '198.18.8.10';
    expect(Object.fromEntries(argvs)).toEqual({
      client: [
        ['1', 'client', witness],
        ['client', 'nft', witness],
      ],
      router: [
        ['1', 'router', witness],
        ['router', 'nft', witness],
      ],
      director: [
        ['1', 'director', witness],
        ['director', 'nft', witness],
      ],
      realserver1: [
        ['1', 'realserver', witness],
        ['realserver', 'nft', witness],
      ],
    });
  });

  it('capture the witnesses in full, and of the flows what closes them', async () => {
    const plan = await planOf(flows() + topology('network: routed'));
    const captures = plan.nodes.map(({ name, capture }) => [name, capture && shellQuote(capture.argv)]);
    const tcpdump = (device: string, filter: string) =>
      `tcpdump -i ${device} -n -U -Z root -B 16384 -s 192 -w /lab/packets-beside-flows.pcap '${filter}'`;
    const among =
      '(host 198.18.8.10 and (tcp or icmp or icmp6 or arp)) or (tcp[13] & 5 != 0) or (icmp)' +
      ` or (ip[9] == 4 and (ip[32:4] == ${parseAddress('198.18.8.10')} or (ip[29] == 6 and ip[53] & 5 != 0)))`;
    const [source] = plan.flows?.profiles.measured.sources ?? [];
    const sampled =
      `tcp and (src host ${source} and (tcp[0:2] < 1088 or tcp[0:2] & 31 == 0)` +
      ` or dst host ${source} and (tcp[2:2] < 1088 or tcp[2:2] & 31 == 0))`;
    expect(Object.fromEntries(captures)).toEqual({
      client: tcpdump('eth0', `(host 198.18.8.10 and (tcp or icmp or icmp6 or arp)) or (${sampled})`),
      router: tcpdump('eth1', among),
      director: tcpdump('eth0', among),
      realserver1: undefined,
      realserver2: undefined,
    });
  });

  it('find closing segments behind IPv6 headers, and in tunnels', async () => {
    const plan = await planOf(flows() + topology('family: ipv6, forwarding: tun'));
    expect(nodeOf(plan, 'director').capture?.argv.at(-1)).toBe(
      '(host fd6c:7673:c612:700::10 and (tcp or icmp or icmp6 or arp)) or (ip6[6] == 6 and ip6[53] & 5 != 0) or (icmp6)' +
        ' or (ip6[6] == 41 and ((ip6[48:4] == 0xfd6c7673 and ip6[52:4] == 0xc6120700 and ip6[56:4] == 0x00000000' +
        ' and ip6[60:4] == 0x00000010) or (ip6[46] == 6 and ip6[93] & 5 != 0)))',
    );
  });
});

describe('the plan of flows of UDP', () => {
  const load = '{ requests: 3, idle: 1s, datagrams: { as: dns, pause: 500ms } }';
  const asking = (extra: string) =>
    minimal.replace('load: { close: { first: server } }', `load: ${load}`) +
    `topology: { services: [{ port: 53, protocol: udp }, { port: 80 }]${extra} }\nflows: { count: 300, rate: 300 }\n`;

  it('goes to services of UDP, and has time for all requests', async () => {
    const { flows: planned } = planFor(await scenarioOf(asking('')));
    expect(planned?.profiles.measured).toMatchObject({ ports: [53], flows: { mix: [] } });
    expect(planned?.profiles.control.flows).toMatchObject({
      count: 200,
      datagrams: { as: 'dns', requests: 3 },
    });
    const tcp = await planOf(flows() + topology('services: [{ port: 53, protocol: udp }, { port: 80 }]'));
    expect(tcp.flows?.profiles.measured.ports).toEqual([80]);
  });

  it('captures the witnesses, and errors', async () => {
    const plan = planFor(await scenarioOf(asking(', network: routed')));
    const filter = (name: string) => nodeOf(plan, name).capture?.argv.at(-1);
    const plain = 'host 198.18.8.10 and (udp or icmp or icmp6 or arp)';
    expect(filter('client')).toBe(plain);
    expect(filter('director')).toBe(
      `(${plain}) or (icmp) or (ip[9] == 4 and ip[32:4] == ${parseAddress('198.18.8.10')})`,
    );
    const plan6 = planFor(await scenarioOf(asking(', family: ipv6')));
    expect(nodeOf(plan6, 'director').capture?.argv.at(-1)).toBe(
      '(host fd6c:7673:c612:700::10 and (udp or icmp or icmp6 or arp)) or (icmp6) or (ip6[6] == 41 and (ip6[48:4] == 0xfd6c7673' +
        ' and ip6[52:4] == 0xc6120700 and ip6[56:4] == 0x00000000 and ip6[60:4] == 0x00000010))',
    );
  });
});
