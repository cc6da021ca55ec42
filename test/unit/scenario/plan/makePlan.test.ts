import { driveOrderSchema } from '../../../../src/contracts/agents/driveOrder.js';
import { readOrder } from '../../../../src/contracts/agents/readOrder.js';
import { driveCommand } from '../../../../src/scenario/plan/commands/commands.js';
import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../../src/scenario/plan/makePlan.js';
import { shellQuote } from '../../../../src/support/quote.js';
import { nodeOf, planOf, setupOf, shapeOf } from '../planning.js';
import { minimal, problemsOf, scenarioOf } from '../scenarioFile.js';

const rules = 'rules: "*filter\\n-A INPUT -j DROP\\nCOMMIT"';

describe('a plan', () => {
  it('is the same for the same input', async () => {
    expect(await planOf()).toEqual(await planOf());
    expect(
      await planOf('load: { connections: 5 }'.replace('load:', 'deadlines: { drive: 5s }\n#')),
    ).not.toEqual(await planOf());
  });

  it('is frozen all the way down, and leaves scenario and shape as they were', async () => {
    const scenario = structuredClone(await scenarioOf(`${minimal}director: { ${rules} }\n`));
    const plan = makePlan(scenario, 'r1', structuredClone(shapeOf(scenario)));
    const parts: unknown[] = [plan];
    for (const part of parts) {
      expect(Object.isFrozen(part)).toBe(true);
      if (typeof part === 'object' && part !== null) parts.push(...(Object.values(part) as unknown[]));
    }
    expect(parts.length).toBeGreaterThan(100);
    expect(Object.isFrozen(scenario.expect)).toBe(false);
  });

  it('is of a lab that its scenario can use', async () => {
    const flat = await scenarioOf(minimal);
    const routed = await scenarioOf(`${minimal}topology: { network: routed }\n`);
    expect(() => makePlan(routed, 'r1', shapeOf(flat))).toThrow(
      /expected a lab for "routed, .*found one for "flat, /,
    );
    const ipv6 = await scenarioOf(`${minimal}topology: { family: ipv6 }\n`);
    expect(makePlan(ipv6, 'r1', shapeOf(flat)).shape).toEqual(shapeOf(flat));
  });

  it('carries what the run and the judge need to know', async () => {
    const plan = await planOf(
      'topology: { forwarding: nat, local-realserver: true, services: [{ port: 80 }, { port: 81 }] }\ndeadlines: { ready: 90s, drive: 1500ms }\n',
    );
    expect(plan).toMatchObject({
      runId: 'r1',
      scenario: 'close/example',
      family: 'ipv4',
      forwarding: 'nat',
      vip: '198.18.7.100',
      ports: [80, 81],
      servers: ['198.18.7.100', '198.18.7.31', '198.18.7.32'],
      serving: ['realserver1', 'realserver2', 'director'],
      events: [],
      expect: { outcome: 'healthy' },
      deadlines: { ready: 90, drive: 1.5, settle: 30, collect: 60, quiet: 3 },
    });
    expect((await planOf()).servers).toEqual(['198.18.7.100']);
  });

  it('has addresses of its family, of which the engine knows nothing', async () => {
    const plan = await planOf('topology: { family: ipv6, network: routed }\n');
    expect(plan.vip).toBe('fd6c:7673:c612:700::100');
    expect(plan.nodes.map(({ name, address }) => [name, address])).toEqual([
      ['client', 'fd6c:7673:c612:800::10'],
      ['router', 'fd6c:7673:c612:700::5'],
      ['director', 'fd6c:7673:c612:700::20'],
      ['realserver1', 'fd6c:7673:c612:700::31'],
      ['realserver2', 'fd6c:7673:c612:700::32'],
    ]);
    expect(nodeOf(plan, 'client').interfaces).toEqual([{ network: 'front', address: '198.18.8.10' }]);
  });

  it('keeps the fixed VIP and addresses', async () => {
    const plan = await planOf(
      'topology: { subnet: 10.7.0.0/24, vip: 10.7.0.10, addresses: { director: 10.7.0.2 } }\n',
    );
    expect(plan.vip).toBe('10.7.0.10');
    expect(nodeOf(plan, 'director').address).toBe('10.7.0.2');
    expect(nodeOf(plan, 'client').address).toBe('10.7.0.3');
  });
});

describe('a control run', () => {
  const key = async (extra: string, text = minimal) => {
    const scenario = await scenarioOf(text + extra);
    return makePlan(scenario, 'r1', shapeOf(scenario)).controlKey;
  };

  it('counts for another scenario with other rules, sysctls, events and expectation', async () => {
    const other = await key(
      `director: { ${rules}, sysctls: { net.a: 1 } }\nevents: [{ at: settled, on: client, run: ls }]\n`,
      minimal.replace('healthy', 'unreachable'),
    );
    expect(other).toBe(await key(''));
  });

  it.each([
    ['load', '', minimal.replace('{ close', '{ connections: 3, close')],
    ['topology', 'topology: { services: [{ port: 80, scheduler: lc }] }\n', minimal],
    ['family', 'topology: { family: ipv6 }\n', minimal],
    ['links', 'topology: { links: { client: { loss: 1 } } }\n', minimal],
  ])('does not count for another %s', async (_, extra, text) => {
    expect(await key(extra, text)).not.toBe(await key(''));
  });

  it('depends on the flavour only where firewall marks are set with it', async () => {
    const marked = 'topology: { services: [{ port: 80, fwmark: 1 }] }\n';
    const legacy = 'director: { iptables: legacy }\n';
    expect(await key(legacy)).toBe(await key(''));
    expect(await key(marked + legacy)).not.toBe(await key(marked));
  });
});

describe('the commands of a plan', () => {
  it('probe each port from the client, for one answer where the service keeps a client to one realserver', async () => {
    const services = '[{ port: 80 }, { port: 81, persistent: 60s }, { port: 82, scheduler: sh }]';
    const plan = await planOf(`topology: { services: ${services}, local-realserver: true }\n`);
    expect(plan.ready.map(({ argv }) => shellQuote(argv))).toEqual([
      'bash /lab/probe.sh 198.18.7.100 80 60 realserver1 realserver2 director',
      'bash /lab/probe.sh --any 198.18.7.100 81 60 realserver1 realserver2 director',
      'bash /lab/probe.sh --any 198.18.7.100 82 60 realserver1 realserver2 director',
    ]);
  });

  it('drive connections to the services that the load names, in turn', async () => {
    const services = 'topology: { vips: 2, services: [{ port: 80 }, { port: 81 }, { port: 80, vip: 2 }] }\n';
    const all = await planOf(services);
    const target = (host: number, port: number) => ({ address: `198.18.7.${host}`, port });
    expect(all.drive.targets).toEqual([target(100, 80), target(100, 81), target(101, 80)]);
    expect(all).toMatchObject({ targets: all.drive.targets, ports: [80, 81] });
    expect(all.servers).toEqual(['198.18.7.100', '198.18.7.101']);
    const scenario = await scenarioOf(minimal.replace('load: {', "load: { to: [81, 'vip2:80'],") + services);
    const some = makePlan(scenario, 'r1', shapeOf(scenario));
    expect(some.drive.targets).toEqual([target(100, 81), target(101, 80)]);
    expect(await problemsOf(minimal.replace('load: {', 'load: { to: [82],') + services)).toEqual([
      'FILE:5:14: expected a service of this topology (80, 81, vip2:80), found `82`; did you mean `80`?',
    ]);
  });

  it('give the client the addresses that connections come from, its own first', async () => {
    const of = async (sources: string, topology = '') => {
      const load = `load: { ${sources}close: { first: server } }`;
      const text = minimal.replace('load: { close: { first: server } }', load);
      const scenario = await scenarioOf(`${text}topology: { ${topology} }\n`);
      const plan = makePlan(scenario, 'r1', shapeOf(scenario));
      return { drive: plan.drive, trace: plan.trace.drive, setup: setupOf(plan, 'client').join('\n') };
    };
    const several = await of('sources: 3, ');
    const sources = ['198.18.7.10', '198.18.7.254', '198.18.7.253'];
    expect(several.drive).toMatchObject({ source: '198.18.7.10', sources });
    expect(several.trace).toMatchObject({ sources });
    expect(several.setup).toContain('ip addr add 198.18.7.254/32 dev eth0');
    expect(several.setup).toContain('ip addr add 198.18.7.253/32 dev eth0');
    const one = await of('');
    expect(one.drive).not.toHaveProperty('sources');
    expect(one.setup).not.toContain('198.18.7.254');
    const routed = await of('sources: 2, ', 'network: routed, family: ipv6');
    expect(routed.drive.sources).toEqual(['fd6c:7673:c612:800::10', 'fd6c:7673:c612:800::254']);
    expect(routed.setup).toContain('ip -6 addr add fd6c:7673:c612:800::254/128 dev eth0 nodad');
  });

  it('make connections on another node, and those of the control run on the client all the same', async () => {
    const of = async (from: string, topology = '') => {
      const load = `load: { ${from}close: { first: server } }`;
      const text = minimal.replace('load: { close: { first: server } }', load);
      const scenario = await scenarioOf(`${text}topology: { ${topology} }\n`);
      return makePlan(scenario, 'r1', shapeOf(scenario));
    };
    const own = await of('');
    expect(own).not.toHaveProperty('controlDrive');
    const there = await of('from: realserver1, ');
    expect(there.controlDrive).toEqual(own.drive);
    expect(there.drive).not.toHaveProperty('source');
    expect(there.trace.drive).not.toHaveProperty('source');
    expect(there.drive.load.from).toBe('realserver1');
    expect(there.nodes.map(({ name }) => name)).toEqual(own.nodes.map(({ name }) => name));
    const deviceOf = (plan: typeof own, name: string) => nodeOf(plan, name).capture?.argv[2];
    expect(deviceOf(own, 'realserver1')).toBeUndefined();
    expect(deviceOf(there, 'realserver2')).toBeUndefined();
    // A realserver that has the VIP answers itself.
    expect(deviceOf(there, 'realserver1')).toBe('lo');
    expect(deviceOf(await of('from: realserver1, ', 'forwarding: tun'), 'realserver1')).toBe('lo');
    expect(deviceOf(await of('from: realserver1, ', 'forwarding: nat'), 'realserver1')).toBe('eth0');
    expect(deviceOf(await of('from: director, '), 'director')).toBe('eth0');
  });

  it('drive the load that the scenario wants', async () => {
    const { drive, load } = await planOf();
    expect(drive).toEqual({ target: '198.18.7.100', ports: [80], source: '198.18.7.10', load, timeout: 60 });
    expect(load).toMatchObject({ connections: 10, connect: 'non-blocking', ports: 'own', reopen: false });
    expect(readOrder(driveOrderSchema, driveCommand(drive).argv.at(-1) ?? '')).toEqual(drive);
    const scenario = await scenarioOf(
      minimal.replace(
        '{ close: { first: server } }',
        '{ every: 100ms, requests: 2, download: 1MiB, rate: 512KiB, idle: 5s,' +
          ' ports: kernel, reopen: true, close: { first: client, how: rst } }',
      ) + 'topology: { services: [{ port: 80 }, { port: 8000 }] }\n',
    );
    const more = makePlan(scenario, 'r1', shapeOf(scenario)).drive;
    expect(more.ports).toEqual([80, 8000]);
    expect(more.load).toMatchObject({
      ...{ connections: 10, every: 0.1, requests: 2, upload: 0, download: 1_048_576, rate: 524_288, idle: 5 },
      ...{ ports: 'kernel', reopen: true, close: { first: 'client', how: 'rst', after: 0 } },
    });
    expect(readOrder(driveOrderSchema, JSON.stringify(more))).toEqual(more);
  });

  it('capture on client, router and directors, and sample everywhere', async () => {
    const plan = await planOf('topology: { network: routed, directors: 2 }\n');
    const captures = plan.nodes.map(({ name, capture }) => [name, capture && shellQuote(capture.argv)]);
    const tcpdump = (device: string, more = '') =>
      `tcpdump -i ${device} -n -U --immediate-mode -Z root -B 4096 -s 192 -w /lab/packets.pcap 'tcp or icmp or icmp6 or arp or ip proto 4 or ip6 proto 41${more}'`;
    // What directors tell each other of their connections.
    const sync = ' or udp port 8848';
    expect(captures).toEqual([
      ['client', tcpdump('eth0')],
      ['router', tcpdump('eth1')],
      ['director', tcpdump('eth0', sync)],
      ['director2', tcpdump('eth0', sync)],
      ['realserver1', undefined],
      ['realserver2', undefined],
    ]);
    for (const { sampler, role } of plan.nodes)
      expect(sampler.argv).toEqual(['bash', '/lab/sampler.sh', '1', role]);
  });

  it('load rules and sysctls of each role, and collect with the same flavour', async () => {
    const plan = await planOf(
      `director: { iptables: legacy, ${rules} }\nclient: { sysctls: { net.ipv4.tcp_sack: 0 } }\ntopology: { directors: 2 }\n`,
    );
    for (const name of ['director', 'director2']) {
      expect(nodeOf(plan, name).rules?.texts).toEqual({ rules: '*filter\n-A INPUT -j DROP\nCOMMIT\n' });
      expect(nodeOf(plan, name).collect.argv).toEqual(['bash', '/lab/collect.sh', 'director', 'legacy']);
    }
    expect(nodeOf(plan, 'client').rules?.texts).toEqual({});
    expect(nodeOf(plan, 'client').rules?.load.argv).toContain('net.ipv4.tcp_sack=0');
    expect(nodeOf(plan, 'realserver1').rules).toBeUndefined();
    expect(nodeOf(plan, 'realserver1').collect.argv.at(-1)).toBe('nft');
  });

  it('trace at most four connections, for ten seconds, in the family of the service', async () => {
    const many = await planOf('');
    expect(many.trace).toMatchObject({ connections: 4, seconds: 10 });
    expect(many.trace.drive).toMatchObject({ load: { connections: 4 }, timeout: 10 });
    expect(nodeOf(many, 'director').trace.argv).toEqual(['bash', '/lab/trace.sh', 'ip', '120']);
    const load = minimal.replace(
      '{ close: { first: server } }',
      '{ connections: 2, close: { first: server } }',
    );
    const few = await scenarioOf(`${load}topology: { family: ipv6 }\ndeadlines: { drive: 5s }\n`);
    const plan = makePlan(few, 'r1', shapeOf(few));
    expect(plan.trace).toMatchObject({ connections: 2, seconds: 5 });
    expect(nodeOf(plan, 'realserver1').trace.argv).toEqual(['bash', '/lab/trace.sh', 'ip6', '120']);
  });

  it('zero the counters of the namespace, and of IPVS on directors', async () => {
    const plan = await planOf('topology: { directors: 2, network: routed }\n');
    const zeroed = 'sh /lab/zero.sh';
    const zero = plan.nodes.map(({ name, zero: steps }) => [name, steps.map(({ argv }) => argv.join(' '))]);
    expect(Object.fromEntries(zero)).toEqual({
      client: [zeroed],
      router: [zeroed],
      director: [zeroed, 'ipvsadm -Z'],
      director2: [zeroed, 'ipvsadm -Z'],
      realserver1: [zeroed],
      realserver2: [zeroed],
    });
  });
});
