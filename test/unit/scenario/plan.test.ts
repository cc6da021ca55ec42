import { describe, expect, it } from 'vitest';
import { parseAddress, subnetOf } from '../../../src/scenario/ipv4.js';
import { makePlan } from '../../../src/scenario/plan.js';
import type { NodePlan, Plan } from '../../../src/scenario/types.js';
import { shellQuote } from '../../../src/support/quote.js';
import { minimal, scenarioOf } from './scenarioFile.js';

const run = { runId: 'r1', subnet: '198.18.7.0/24' };
/** Gateway, VIP, client, director and eight realservers. */
const everyone = 12;
const rules = 'rules: "*filter\\n-A INPUT -j DROP\\nCOMMIT"';

async function planOf(extra = '', options = run): Promise<Plan> {
  return makePlan(await scenarioOf(minimal + extra), options);
}

function nodeOf(plan: Plan, name: string): NodePlan {
  const node = plan.nodes.find((one) => one.name === name);
  if (node === undefined) throw new Error(`the plan has no ${name}`);
  return node;
}

function addressesOf(plan: Plan): string[] {
  return [plan.network.gateway, plan.vip, ...plan.nodes.map(({ address }) => address)];
}

describe('a plan', () => {
  it('is the same for the same input', async () => {
    expect(await planOf()).toEqual(await planOf());
    expect(await planOf('', { ...run, runId: 'r2' })).not.toEqual(await planOf());
  });

  it('is frozen all the way down, and leaves the scenario as it was', async () => {
    const scenario = structuredClone(await scenarioOf(`${minimal}director: { ${rules} }\n`));
    const plan = makePlan(scenario, run);
    const parts: unknown[] = [plan];
    for (const part of parts) {
      expect(Object.isFrozen(part)).toBe(true);
      if (typeof part === 'object' && part !== null) parts.push(...(Object.values(part) as unknown[]));
    }
    expect(parts.length).toBeGreaterThan(100);
    expect(Object.isFrozen(scenario.expect)).toBe(false);
  });

  it('labels everything with run and scenario', async () => {
    expect((await planOf()).labels).toEqual({ 'lvs-lab.run': 'r1', 'lvs-lab.scenario': 'close/example' });
  });

  it('carries the expectation and the deadlines in seconds', async () => {
    const plan = await planOf('deadlines: { ready: 90s, drive: 1500ms }\n');
    expect(plan.expect).toEqual({ outcome: 'healthy', signal: undefined });
    expect(plan.deadlines).toEqual({ ready: 90, drive: 1.5, settle: 30, collect: 30 });
    expect(plan.ready.argv[4]).toBe('90');
    expect(plan.drive.argv.slice(-2)).toEqual(['--timeout', '1.5']);
  });
});

describe('addresses', () => {
  it('are easy to tell apart in a /24', async () => {
    const plan = await planOf('topology: { realservers: 3 }\n');
    expect(plan.network).toMatchObject({ subnet: '198.18.7.0/24', gateway: '198.18.7.1' });
    expect(plan.vip).toBe('198.18.7.100');
    expect(plan.nodes.map(({ name, address }) => [name, address])).toEqual([
      ['client', '198.18.7.10'],
      ['director', '198.18.7.20'],
      ['realserver1', '198.18.7.31'],
      ['realserver2', '198.18.7.32'],
      ['realserver3', '198.18.7.33'],
    ]);
  });

  it.each(['198.18.7.16/28', '198.18.7.192/26', '198.18.7.128/25', '198.18.7.0/24', '10.0.0.0/8'])(
    'all lie in %s and are all different',
    async (subnet) => {
      const plan = await planOf('topology: { realservers: 8 }\n', { ...run, subnet });
      const { first, last } = subnetOf(subnet);
      const addresses = addressesOf(plan).map((text) => parseAddress(text) ?? -1);
      expect(new Set(addresses).size).toBe(everyone);
      for (const address of addresses) {
        expect(address).toBeGreaterThan(first);
        expect(address).toBeLessThan(last);
      }
    },
  );

  it('that the scenario fixes are used, and the others keep clear of them', async () => {
    const plan = await planOf(
      'topology: { subnet: 10.7.0.0/24, vip: 10.7.0.10, addresses: { realserver2: 10.7.0.20, director: 10.7.0.2 } }\n',
    );
    expect(plan.network.subnet).toBe('10.7.0.0/24');
    expect(plan.vip).toBe('10.7.0.10');
    expect(nodeOf(plan, 'realserver2').address).toBe('10.7.0.20');
    expect(nodeOf(plan, 'director').address).toBe('10.7.0.2');
    expect(nodeOf(plan, 'client').address).toBe('10.7.0.3');
    expect(new Set(addressesOf(plan)).size).toBe(6);
  });

  it('are all different in a crowded /28', async () => {
    const fixed =
      'vip: 10.7.0.2, addresses: { client: 10.7.0.5, realserver8: 10.7.0.3, realserver1: 10.7.0.6 }';
    const plan = await planOf(`topology: { realservers: 8, subnet: 10.7.0.0/28, ${fixed} }\n`);
    expect(new Set(addressesOf(plan)).size).toBe(everyone);
  });
});

describe('names', () => {
  it('say which run, scenario and node they are of', async () => {
    const plan = await planOf();
    expect(plan.network.name).toBe('lvs-lab-r1-close-example');
    expect(plan.nodes.map(({ container }) => container)).toEqual([
      'lvs-lab-r1-close-example-client',
      'lvs-lab-r1-close-example-director',
      'lvs-lab-r1-close-example-realserver1',
      'lvs-lab-r1-close-example-realserver2',
    ]);
  });

  it('are unique across runs and scenarios, and fit a host name however long those are', async () => {
    const slugs = ['a', 'b', `${'x'.repeat(60)}-1`, `${'x'.repeat(60)}-2`];
    const runIds = ['r1', 'r2', '20251123-171200-abcdef', `${'y'.repeat(60)}1`, `${'y'.repeat(60)}2`];
    const plans = await Promise.all(
      slugs.flatMap((slug) =>
        runIds.map(async (runId) =>
          makePlan(await scenarioOf(minimal.replace('close/example', `close/${slug}`)), { ...run, runId }),
        ),
      ),
    );
    const names = plans.flatMap(({ network, nodes }) => [
      network.name,
      ...nodes.map(({ container }) => container),
    ]);
    expect(new Set(names).size).toBe(slugs.length * runIds.length * 5);
    for (const name of names) expect(name).toMatch(/^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/);
  });
});

describe('commands', () => {
  it('set up direct routing', async () => {
    const plan = await planOf('topology: { port: 8080, scheduler: wlc }\n');
    const lines = (name: string) => nodeOf(plan, name).setup.map(({ argv }) => shellQuote(argv));
    expect(lines('client')).toEqual([]);
    expect(lines('director')).toEqual([
      'ip addr add 198.18.7.100/32 dev eth0',
      'ipvsadm -A -t 198.18.7.100:8080 -s wlc',
      'ipvsadm -a -t 198.18.7.100:8080 -r 198.18.7.31:8080 -g',
      'ipvsadm -a -t 198.18.7.100:8080 -r 198.18.7.32:8080 -g',
    ]);
    expect(lines('realserver2')).toEqual(['ip addr add 198.18.7.100/32 dev lo']);
    expect(nodeOf(plan, 'realserver2').environment).toEqual({
      LVS_LAB_PORT: '8080',
      LVS_LAB_NAME: 'realserver2',
    });
  });

  it('probe and drive from the client', async () => {
    const plan = await planOf();
    expect(shellQuote(plan.ready.argv)).toBe('bash /lab/probe.sh 198.18.7.100 80 60 realserver1 realserver2');
    expect(shellQuote(plan.drive.argv)).toBe(
      'node /lab/agent.cjs drive --target 198.18.7.100:80 --source-address 198.18.7.10 --connections 10' +
        ' --first server --how fin --timeout 60',
    );
  });

  it('capture on client and director, and sample everywhere', async () => {
    const plan = await planOf();
    const captures = plan.nodes.map(({ name, capture }) => [name, capture && shellQuote(capture.argv)]);
    const tcpdump = "tcpdump -i eth0 -n -U -Z root -B 4096 -s 128 -w - 'tcp or icmp'";
    expect(captures).toEqual([
      ['client', tcpdump],
      ['director', tcpdump],
      ['realserver1', undefined],
      ['realserver2', undefined],
    ]);
    for (const { sampler, role } of plan.nodes)
      expect(sampler.argv).toEqual(['bash', '/lab/sampler.sh', '1', role]);
  });

  it('load rules with the flavour the scenario names, and zero and collect with the same', async () => {
    const plan = await planOf(`director: { iptables: legacy, ${rules} }\n`);
    const director = nodeOf(plan, 'director');
    expect(director.rules).toEqual({
      text: '*filter\n-A INPUT -j DROP\nCOMMIT\n',
      file: '/lab/rules.v4',
      argv: ['iptables-legacy-restore', '/lab/rules.v4'],
    });
    expect(director.collect.argv).toEqual(['sh', '/lab/collect.sh', 'director', 'legacy']);
    expect(director.reset.argv[2]).toBe(
      [
        'nstat -n',
        'ipvsadm -Z',
        String.raw`iptables-legacy-save | sed -n 's/^\*//p' | while read -r table; do iptables-legacy -t "$table" -Z; done`,
      ].join('\n'),
    );
    const realserver = nodeOf(plan, 'realserver1');
    expect(realserver.rules).toBeUndefined();
    expect(realserver.collect.argv.at(-1)).toBe('nft');
    expect(realserver.reset.argv).toEqual(['sh', '-ec', 'nstat -n']);
  });
});

describe('containers', () => {
  it('get the capabilities they need and no more', async () => {
    const plan = await planOf();
    expect(plan.nodes.map(({ capabilities }) => capabilities.join(' '))).toEqual([
      'NET_ADMIN NET_RAW SETGID',
      'NET_ADMIN NET_RAW SETGID',
      'NET_ADMIN NET_RAW',
      'NET_ADMIN NET_RAW',
    ]);
  });

  it('of realservers keep quiet about the VIP, unless the scenario says otherwise', async () => {
    const quiet = { 'net.ipv4.conf.all.arp_ignore': '1', 'net.ipv4.conf.all.arp_announce': '2' };
    expect(nodeOf(await planOf(), 'realserver1').sysctls).toEqual(quiet);
    expect(nodeOf(await planOf(), 'director').sysctls).toEqual({});
    const loud = await planOf(
      'realserver: { sysctls: { net.ipv4.conf.all.arp_ignore: 0, net.ipv4.tcp_sack: 0 } }\n',
    );
    expect(nodeOf(loud, 'realserver1').sysctls).toEqual({
      ...quiet,
      'net.ipv4.conf.all.arp_ignore': '0',
      'net.ipv4.tcp_sack': '0',
    });
  });
});
