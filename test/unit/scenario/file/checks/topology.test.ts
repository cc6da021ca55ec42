import { describe, expect, it } from 'vitest';
import { minimal, problemsOf, scenarioOf } from '../../scenarioFile.js';

/** Problems of a topology section whose first key is in line 8. */
function problemsIn(...lines: string[]): Promise<readonly string[]> {
  return problemsOf(`${minimal}topology:\n${lines.map((line) => `  ${line}\n`).join('')}`);
}

describe('the subnet', () => {
  it.each([
    ['198.18.7.1/24', 'expected the network address `198.18.7.0/24`, found `198.18.7.1/24`'],
    ['198.18.7.0/29', 'expected a prefix from /8 to /28, found `/29`'],
    ['16.0.0.0/7', 'expected a prefix from /8 to /28, found `/7`'],
    ['198.18.7.0', 'expected an IPv4 network such as `198.18.7.0/24`, found the text `198.18.7.0`'],
    ['198.18.256.0/24', 'expected an IPv4 network such as `198.18.7.0/24`, found the text `198.18.256.0/24`'],
    ['fd00::/64', 'expected an IPv4 network such as `198.18.7.0/24`, found the text `fd00::/64`'],
    ['224.0.0.0/24', 'expected a network that hosts can have addresses in, found `224.0.0.0/24`'],
    ['127.0.0.0/8', 'expected a network that hosts can have addresses in, found `127.0.0.0/8`'],
  ])('cannot be %s', async (subnet, problem) => {
    expect(await problemsIn(`subnet: ${subnet}`)).toEqual([`FILE:8:11: ${problem}`]);
  });

  it.each(['198.18.7.0/28', '10.0.0.0/8', '172.16.0.0/16'])('can be %s', async (subnet) => {
    expect((await scenarioOf(`${minimal}topology: { subnet: ${subnet} }\n`)).topology.subnet).toBe(subnet);
  });
});

describe('fixed addresses', () => {
  const range = 'expected an address of 198.18.7.0/24 from 198.18.7.2 to 198.18.7.254';

  it.each([
    ['198.18.8.5', 'which is outside the subnet'],
    ['198.18.6.255', 'which is outside the subnet'],
    ['198.18.7.0', 'which is the network address'],
    ['198.18.7.255', 'which is the broadcast address'],
    ['198.18.7.1', "which is the gateway's address, which is the engine's own"],
  ])('cannot be %s', async (address, reason) => {
    const problem = `${range}, found \`${address}\`, ${reason}`;
    expect(await problemsIn('subnet: 198.18.7.0/24', `vip: ${address}`)).toEqual([`FILE:9:8: ${problem}`]);
    expect(await problemsIn('subnet: 198.18.7.0/24', `addresses: { director: ${address} }`)).toEqual([
      `FILE:9:26: ${problem}`,
    ]);
  });

  it.each(['198.18.7', '198.18.7.300', '198.18.007.5'])('must be addresses, unlike %s', async (address) => {
    expect(await problemsIn('subnet: 198.18.7.0/24', `vip: "${address}"`)).toEqual([
      `FILE:9:8: expected an address such as \`198.18.7.10\` or \`2001:db8::10\`, found the text \`${address}\``,
    ]);
  });

  it('of a subnet are IPv4', async () => {
    expect(await problemsIn('subnet: 198.18.7.0/24', 'vip: "fd00::1"')).toEqual([
      'FILE:9:8: expected an IPv4 address of 198.18.7.0/24, found `fd00::1`',
    ]);
  });

  it('must differ from each other', async () => {
    expect(
      await problemsIn(
        'subnet: 198.18.7.0/24',
        'vip: 198.18.7.9',
        'addresses:',
        '  client: 198.18.7.9',
        '  director: 198.18.7.8',
        '  realserver1: 198.18.7.8',
      ),
    ).toEqual([
      'FILE:11:13: expected an address of its own, found `198.18.7.9`, which `vip` has',
      'FILE:13:18: expected an address of its own, found `198.18.7.8`, which `addresses.director` has',
    ]);
  });

  it('may be any without a subnet, but those of the lab and of no host', async () => {
    expect(
      await problemsIn('vip: 198.18.7.9', 'addresses: { client: 224.0.0.5, director: "2001:db8::1" }'),
    ).toEqual([
      "FILE:8:8: expected an address outside of 198.18.0.0/15, where the lab's own networks are, found `198.18.7.9`; one of a lab's network needs `topology.subnet`",
      'FILE:9:24: expected an address that a host can have, found `224.0.0.5` (multicast)',
      "FILE:9:45: expected an address of the service's family, ipv4, found `2001:db8::1`",
    ]);
    const free = await scenarioOf(
      `${minimal}topology: { forwarding: nat, vip: 192.0.2.10, addresses: { client: 203.0.113.7, realserver1: 10.0.0.11 } }\n`,
    );
    expect(free.topology).toMatchObject({ vip: '192.0.2.10', addresses: { client: '203.0.113.7' } });
    const six = await scenarioOf(`${minimal}topology: { family: ipv6, vip: '2001:db8::10' }\n`);
    expect(six.topology.vip).toBe('2001:db8::10');
  });

  it('may be spelled in several ways, and are the same for all that', async () => {
    expect(
      await problemsIn('family: ipv6', "vip: '2001:db8::10'", "addresses: { client: '2001:db8:0::10' }"),
    ).toEqual(['FILE:10:24: expected an address of its own, found `2001:db8:0::10`, which `vip` has']);
  });

  it('must be of nodes that there are', async () => {
    const lines = ['subnet: 198.18.7.0/24', 'addresses: { realsever1: 198.18.7.2, realserver3: 198.18.7.3 }'];
    const nodes = '(client, director, realserver1, realserver2)';
    expect(await problemsIn(...lines)).toEqual([
      `FILE:9:16: expected a node of this topology ${nodes}, found \`realsever1\`; did you mean \`realserver1\`?`,
      `FILE:9:40: expected a node of this topology ${nodes}, found \`realserver3\`; did you mean \`realserver1\`?`,
    ]);
    const three = await scenarioOf(
      `${minimal}topology: { realservers: 3, subnet: 198.18.7.0/24, addresses: { realserver3: 198.18.7.3 } }\n`,
    );
    expect(three.topology.addresses).toEqual({ realserver3: '198.18.7.3' });
  });

  it('are checked even when something else in the section is wrong', async () => {
    expect(await problemsIn('subnet: 198.18.7.0/24', 'replis: direct', 'vip: 10.0.0.1')).toEqual([
      'FILE:9:3: unknown key `replis`; did you mean `replies`?',
      `FILE:10:8: ${range}, found \`10.0.0.1\`, which is outside the subnet`,
    ]);
  });
});

describe('the network', () => {
  it('cannot be flat with NAT', async () => {
    const [problem, ...others] = await problemsIn('forwarding: nat', 'network: flat');
    expect(problem).toMatch(/^FILE:9:12: expected `routed` with `forwarding: nat`, found `flat`; /);
    expect(others).toEqual([]);
    await scenarioOf(`${minimal}topology: { forwarding: nat, network: routed }\n`);
  });

  it('must be routed for replies through the director', async () => {
    const [problem] = await problemsIn('replies: director');
    expect(problem).toMatch(
      /^FILE:8:12: expected `network: routed` with `replies: director`, found a flat one/,
    );
    await scenarioOf(`${minimal}topology: { replies: director, network: routed }\n`);
  });

  it('has nothing to say about the way of replies with NAT', async () => {
    expect(await problemsIn('forwarding: nat', 'replies: director')).toEqual([
      'FILE:9:3: expected no `replies` with `forwarding: nat`, found `director`; the replies go that way as it is',
    ]);
  });

  it('of two sides cannot be told for replies through the director', async () => {
    const both = 'devices: { director: { clients: bond0, realservers: bond1.12 } }';
    expect(await problemsIn(both, 'network: routed', 'replies: director')).toEqual([
      'FILE:8:24: expected one interface for both sides with `replies: director`, found two; the lab tells what realservers send by their addresses, and these replies have the VIP as their source',
    ]);
    expect((await scenarioOf(`${minimal}topology: { ${both} }\n`)).topology.sides).toEqual({
      clients: 'bond0',
      realservers: 'bond1.12',
    });
  });

  it('have names of two sides for all directors only', async () => {
    expect(await problemsIn('devices: { client: { clients: bond0, realservers: bond1 } }')).toEqual([
      'FILE:8:22: expected a name, found names for two sides; only `director`, which stands for all directors, has them',
    ]);
    const both = 'devices: { director: { clients: bond0, realservers: bond1 }, director2: ens3 }';
    expect(await problemsIn(both, 'directors: 2')).toEqual([
      'FILE:8:64: expected a name for director2 or names for the two sides of `director`, found both',
    ]);
  });

  it('chosen for the client leaves it no fixed address', async () => {
    const lines = ['subnet: 198.18.7.0/24', 'addresses: { client: 198.18.7.9, router: 198.18.7.8 }'];
    expect(await problemsIn(...lines, 'network: routed')).toEqual([
      'FILE:9:16: expected no fixed address of the client in a routed network, found one; ' +
        "its network is not the scenario's to choose",
    ]);
    expect((await problemsIn(...lines))[0]).toContain('found `router`');
  });
});

describe('two directors', () => {
  it('are needed for synchronisation', async () => {
    expect(await problemsIn('sync: true')).toEqual([
      'FILE:8:9: expected `directors: 2` with `sync: true`, found one director, which has none to tell',
    ]);
    await scenarioOf(`${minimal}topology: { sync: true, directors: 2 }\n`);
  });
});

describe('IPv6', () => {
  it('has no fixed addresses of a subnet', async () => {
    const refusal =
      'expected no fixed address with `family: ipv6` and a subnet, found one; IPv6 addresses follow from the subnet, so leave one of them out';
    expect(
      await problemsIn(
        'family: ipv6',
        'subnet: 198.18.7.0/24',
        'vip: 198.18.7.9',
        'addresses: { client: 198.18.7.2 }',
      ),
    ).toEqual([`FILE:10:3: ${refusal}`, `FILE:11:16: ${refusal}`]);
    await scenarioOf(`${minimal}topology: { family: ipv6, subnet: 198.18.7.0/24 }\n`);
  });
});

describe('links', () => {
  it('belong to nodes of the topology', async () => {
    expect(await problemsIn('links: { router: { loss: 1 }, client: { delay: 5ms } }')).toEqual([
      'FILE:8:12: expected a node of this topology (client, director, realserver1, realserver2), found `router`',
    ]);
    await scenarioOf(`${minimal}topology: { network: routed, links: { router: { loss: 1 } } }\n`);
  });

  it('lose percents', async () => {
    expect(await problemsIn('links: { client: { loss: 101 } }')).toEqual([
      'FILE:8:28: expected at most 100, found `101`',
    ]);
  });
});
