import { describe, expect, it } from 'vitest';
import { minimal, problemsOf, scenarioOf } from './scenarioFile.js';

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

  it.each(['198.18.7', '198.18.7.300', 'fd00::1', '198.18.007.5'])(
    'must be IPv4, unlike %s',
    async (address) => {
      expect(await problemsIn('subnet: 198.18.7.0/24', `vip: "${address}"`)).toEqual([
        `FILE:9:8: expected an IPv4 address such as \`198.18.7.10\`, found the text \`${address}\``,
      ]);
    },
  );

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

  it('need a subnet', async () => {
    expect(await problemsIn('vip: 198.18.7.9', 'addresses: { client: 198.18.7.2 }')).toEqual([
      'FILE:8:3: a fixed address needs `topology.subnet`, found none; add it or leave `vip` out',
      'FILE:9:16: a fixed address needs `topology.subnet`, found none; add it or leave `addresses.client` out',
    ]);
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
    expect(await problemsIn('subnet: 198.18.7.0/24', 'prot: 80', 'vip: 10.0.0.1')).toEqual([
      'FILE:9:3: unknown key `prot`; did you mean `port`?',
      `FILE:10:8: ${range}, found \`10.0.0.1\`, which is outside the subnet`,
    ]);
  });
});

describe('a scheduler that keeps to one realserver', () => {
  it.each(['sh', 'dh', 'mh', 'lblc', 'lblcr', 'fo', 'ovf'])(
    '%s needs a single realserver',
    async (scheduler) => {
      const problems = await problemsIn(`scheduler: ${scheduler}`);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(
        `FILE:8:14: scheduler \`${scheduler}\` sends all connections of the one client to one`,
      );
      const single = await scenarioOf(`${minimal}topology: { scheduler: ${scheduler}, realservers: 1 }\n`);
      expect(single.topology.scheduler).toBe(scheduler);
    },
  );
});
