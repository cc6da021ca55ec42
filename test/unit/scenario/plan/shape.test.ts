import { describe, expect, it } from 'vitest';
import { parseAddress, subnetOf } from '../../../../src/scenario/network/ipv4.js';
import { agentArgv } from '../../../../src/scenario/plan/commands/standing.js';
import { shapeKey } from '../../../../src/scenario/plan/shape.js';
import type { LabShape } from '../../../../src/scenario/model/planTypes.js';
import type { Scenario } from '../../../../src/scenario/model/scenario.js';
import { shapeOf, subnets } from '../planning.js';
import { minimal, scenarioOf } from '../scenarioFile.js';

function withTopology(topology: string, rest = ''): Promise<Scenario> {
  return scenarioOf(`${minimal}topology: ${topology}\n${rest}`);
}

function addressesOf({ networks, nodes }: LabShape, network: 'front' | 'lan'): string[] {
  const ends = nodes.flatMap(({ interfaces }) => interfaces).filter((end) => end.network === network);
  const gateways = networks.filter((one) => one.network === network).map(({ gateway }) => gateway);
  return [...gateways, ...ends.map(({ address }) => address)];
}

describe('scenarios share a lab', () => {
  const key = async (topology: string, rest = '') => shapeKey(await withTopology(topology, rest));

  it.each([
    ['whatever their rules, load and events are', '{}', 'director: { commands: [iptables -F] }'],
    ['whatever the family is', '{ family: ipv6 }', ''],
    [
      'whatever the schedulers, marks and persistence are',
      '{ services: [{ port: 80, fwmark: 1, persistent: 5s }] }',
      '',
    ],
    ['whatever the links are', '{ links: { client: { loss: 1 } } }', ''],
    ['with tunnels and without', '{ forwarding: tun }', ''],
  ])('%s', async (_, topology, rest) => {
    expect(await key(topology, rest)).toBe(await key('{}'));
  });

  it('with NAT and routed ones without', async () => {
    expect(await key('{ forwarding: nat }')).toBe(await key('{ network: routed, replies: director }'));
  });

  it.each([
    ['their networks', '{ network: routed }'],
    ['the number of directors', '{ directors: 2 }'],
    ['the number of realservers', '{ realservers: 3 }'],
    ['who serves', '{ local-realserver: true }'],
    ['the ports served', '{ services: [{ port: 80 }, { port: 8000 }] }'],
    ['a fixed subnet', '{ subnet: 10.7.0.0/24 }'],
    ['a fixed address', '{ subnet: 10.7.0.0/24, addresses: { client: 10.7.0.9 } }'],
    ['a fixed VIP', '{ subnet: 10.7.0.0/24, vip: 10.7.0.9 }'],
  ])('but not when they differ in %s', async (_, topology) => {
    const others = await Promise.all(
      ['{}', '{ subnet: 10.7.0.0/24 }'].filter((one) => one !== topology).map((one) => key(one)),
    );
    expect(others).not.toContain(await key(topology));
  });

  it('but not when connections are made elsewhere, which takes a program there', async () => {
    const from = async (node: string, topology = '{}') => {
      const text = minimal.replace('load: {', `load: { from: ${node},`);
      return shapeOf(await scenarioOf(`${text}topology: ${topology}\n`));
    };
    const shapes = await Promise.all(
      [['director'], ['realserver1'], ['realserver1', '{ forwarding: nat }']].map(([node = '', topology]) =>
        from(node, topology),
      ),
    );
    expect(new Set([await key('{}'), ...shapes.map((one) => one.key)]).size).toBe(4);
    expect(shapes[0]?.key).toContain(', connections from director by eth0');
    expect(shapes[1]?.key).toContain(', connections from realserver1 by lo');
    const program = shapes[0]?.nodes.at(-1);
    expect(program).toMatchObject({ role: 'client', within: 'director', interfaces: [], capabilities: [] });
    expect(program?.standing.map(({ argv }) => argv)).toEqual([agentArgv]);
    expect(shapeOf(await withTopology('{}')).nodes.some(({ within }) => within !== undefined)).toBe(false);
  });

  it('and the key can be read', async () => {
    expect(await key('{ directors: 2, local-realserver: true, realservers: 1 }')).toBe(
      'flat, 2 directors, 1 realserver, realserver1 director director2 serving 80',
    );
  });
});

describe('a shape', () => {
  it('is frozen, and the same for the same input', async () => {
    const scenario = await withTopology('{ network: routed }');
    expect(shapeOf(scenario)).toEqual(shapeOf(scenario));
    expect(Object.isFrozen(shapeOf(scenario).nodes[0]?.interfaces[0])).toBe(true);
    expect(Object.isFrozen(shapeOf(scenario).nodes[0]?.capabilities)).toBe(true);
  });

  it('has everybody on one flat network, at addresses that are easy to tell apart', async () => {
    const shape = shapeOf(await withTopology('{ realservers: 3, directors: 2 }'));
    expect(shape.networks).toEqual([
      { network: 'lan', name: 'lvs-lab-r1-1-lan', subnet: '198.18.7.0/24', gateway: '198.18.7.1' },
    ]);
    expect(shape.nodes.map(({ name, role, interfaces }) => [name, role, interfaces])).toEqual([
      ['client', 'client', [{ network: 'lan', address: '198.18.7.10' }]],
      ['director', 'director', [{ network: 'lan', address: '198.18.7.20' }]],
      ['director2', 'director', [{ network: 'lan', address: '198.18.7.21' }]],
      ['realserver1', 'realserver', [{ network: 'lan', address: '198.18.7.31' }]],
      ['realserver2', 'realserver', [{ network: 'lan', address: '198.18.7.32' }]],
      ['realserver3', 'realserver', [{ network: 'lan', address: '198.18.7.33' }]],
    ]);
  });

  it('has a router between the client and the others where the network is routed', async () => {
    const shape = shapeOf(await withTopology('{ network: routed, realservers: 1 }'));
    expect(
      shape.networks.map(({ network, name, subnet, gateway }) => [network, name, subnet, gateway]),
    ).toEqual([
      ['front', 'lvs-lab-r1-1-front', '198.18.8.0/24', '198.18.8.1'],
      ['lan', 'lvs-lab-r1-1-lan', '198.18.7.0/24', '198.18.7.1'],
    ]);
    expect(shape.nodes.map(({ name, interfaces }) => [name, interfaces])).toEqual([
      ['client', [{ network: 'front', address: '198.18.8.10' }]],
      [
        'router',
        [
          { network: 'front', address: '198.18.8.5' },
          { network: 'lan', address: '198.18.7.5' },
        ],
      ],
      ['director', [{ network: 'lan', address: '198.18.7.20' }]],
      ['realserver1', [{ network: 'lan', address: '198.18.7.31' }]],
    ]);
  });

  it('tells those who serve their names and ports, and the others nothing', async () => {
    const { nodes } = shapeOf(
      await withTopology(
        '{ realservers: 1, local-realserver: true, services: [{ port: 80 }, { port: 8000 }] }',
      ),
    );
    expect(nodes.map(({ environment }) => environment)).toEqual([
      {},
      { LVS_LAB_PORTS: '80 8000', LVS_LAB_NAME: 'director' },
      { LVS_LAB_PORTS: '80 8000', LVS_LAB_NAME: 'realserver1' },
    ]);
  });

  it('has the capabilities that its roles need and no more', async () => {
    const { nodes } = shapeOf(await withTopology('{ network: routed, realservers: 1 }'));
    expect(nodes.map(({ capabilities }) => capabilities.join(' '))).toEqual([
      'NET_ADMIN NET_RAW SETGID',
      'NET_ADMIN NET_RAW SETGID',
      'NET_ADMIN NET_RAW SETGID',
      'NET_ADMIN NET_RAW SETGID',
    ]);
  });
});

describe('addresses', () => {
  it.each(['198.18.7.16/28', '198.18.7.192/26', '198.18.7.128/25', '198.18.7.0/24', '10.0.0.0/8'])(
    'all lie in %s and are all different, also with everybody there',
    async (lan) => {
      for (const network of ['flat', 'routed']) {
        const scenario = await withTopology(`{ realservers: 8, directors: 2, network: ${network} }`);
        const front = '10.255.0.0/28';
        const shape = shapeOf(scenario, { subnets: { lan, front } });
        const { first, last } = subnetOf(lan);
        const addresses = addressesOf(shape, 'lan').map((text) => parseAddress(text) ?? -1);
        expect(new Set(addresses).size).toBe(12);
        for (const address of addresses) {
          expect(address).toBeGreaterThan(first);
          expect(address).toBeLessThan(last);
        }
        expect(new Set(addressesOf(shape, 'front')).size).toBe(network === 'flat' ? 0 : 3);
      }
    },
  );

  it('that the scenario fixes are used, and the others keep clear of them', async () => {
    const shape = shapeOf(
      await withTopology(
        '{ subnet: 10.7.0.0/24, vip: 10.7.0.10, addresses: { realserver2: 10.7.0.20, director: 10.7.0.2 } }',
      ),
    );
    expect(shape.networks[0]?.subnet).toBe('10.7.0.0/24');
    expect(addressesOf(shape, 'lan')).toEqual(['10.7.0.1', '10.7.0.3', '10.7.0.2', '10.7.0.31', '10.7.0.20']);
  });

  it('are all different in a crowded /28', async () => {
    const fixed =
      'vip: 10.7.0.2, addresses: { client: 10.7.0.5, realserver8: 10.7.0.3, realserver1: 10.7.0.6 }';
    const shape = shapeOf(
      await withTopology(`{ realservers: 8, directors: 2, subnet: 10.7.0.0/28, ${fixed} }`),
    );
    expect(new Set([...addressesOf(shape, 'lan'), '10.7.0.2']).size).toBe(13);
  });

  it('need a second network where there is a router', async () => {
    const scenario = await withTopology('{ network: routed }');
    expect(() => shapeOf(scenario, { subnets: { lan: subnets.lan } })).toThrow(RangeError);
  });
});

describe('names and labels', () => {
  it('say which run, lab and node they are of', async () => {
    const shape = shapeOf(await withTopology('{ realservers: 1 }'), { lab: 7 });
    expect(shape.labels).toEqual({ 'lvs-lab.run': 'r1', 'lvs-lab.lab': '7' });
    expect(shape.nodes.map(({ container }) => container)).toEqual([
      'lvs-lab-r1-7-client',
      'lvs-lab-r1-7-director',
      'lvs-lab-r1-7-realserver1',
    ]);
  });

  it('are unique across runs and labs, and fit a host name however long those are', async () => {
    const scenario = await withTopology('{ realservers: 8, network: routed }');
    const runIds = ['r1', 'r2', '20251123-171200-abcdef', `${'y'.repeat(60)}1`, `${'y'.repeat(60)}2`];
    const shapes = runIds.flatMap((runId) => [1, 2, 30].map((lab) => shapeOf(scenario, { runId, lab })));
    const names = shapes.flatMap(({ networks, nodes }) => [
      ...networks.map(({ name }) => name),
      ...nodes.map(({ container }) => container),
    ]);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/);
  });
});
