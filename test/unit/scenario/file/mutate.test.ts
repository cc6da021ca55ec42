import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../../../src/scenario/model/scenario.js';
import { problemsOf, scenarioOf } from '../scenarioFile.js';

/** Line 18 is that of `what`; the keys of a mutation start in line 19. */
const base = `id: close/example
title: An example
story: Something happens.
why: For a reason.
topology: { directors: 2 }
director:
  rules: |
    *filter
    -A INPUT -p tcp --dport 80 -j ACCEPT
    -A INPUT -j REJECT
    COMMIT
  commands: [iptables -A INPUT -j LOG]
  sysctls: { net.ipv4.vs.conntrack: 1 }
load: { connections: 5, close: { first: server } }
events: [{ at: settled, on: director2, do: take-vip }]
expect: { outcome: healthy }
mutation:
  what: something else
`;

const mutated = async (lines: string): Promise<Omit<Scenario, 'mutation'>> => {
  const { mutation } = await scenarioOf(base + lines);
  if (mutation === undefined) throw new Error('the scenario has no mutation');
  expect(mutation.what).toBe('something else');
  return mutation.scenario;
};

describe('a mutation', () => {
  it('replaces the keys it gives and leaves everything else as it is', async () => {
    const scenario = await scenarioOf(
      `${base}  load: { connections: 7 }\n  realserver: { sysctls: { net.ipv4.tcp_sack: 1 } }\n`,
    );
    const { mutation, ...original } = scenario;
    expect(original.load.connections).toBe(5);
    expect(mutation?.scenario).toEqual({
      ...original,
      load: { ...original.load, connections: 7 },
      roles: {
        ...original.roles,
        realserver: { ...original.roles.realserver, sysctls: { 'net.ipv4.tcp_sack': '1' } },
      },
      // What is new has a place of its own.
      places: expect.objectContaining(original.places) as unknown,
    });
  });

  it('replaces a key with all that is in it', async () => {
    const { roles, load } = await mutated(
      '  director: { sysctls: { net.ipv4.tcp_fack: 2 } }\n  load: { close: { first: client, how: rst } }\n',
    );
    expect(roles.director.sysctls).toEqual({ 'net.ipv4.tcp_fack': '2' });
    expect(load.close).toEqual({ first: 'client', how: 'rst', after: 0 });
  });

  it('removes a key with null, so that it has its default', async () => {
    const { roles, load } = await mutated(
      '  director: { rules: null, sysctls: null }\n  load: { connections: null }\n',
    );
    expect(roles.director.rules).toBeUndefined();
    expect(roles.director.sysctls).toEqual({});
    expect(roles.director.commands).toEqual(['iptables -A INPUT -j LOG']);
    expect(load.connections).toBe(10);
  });

  it('has other events, or none', async () => {
    expect((await mutated('  events: null\n')).events).toEqual([]);
    expect((await mutated('  events: [{ at: 1s, on: client, run: ls }]\n')).events).toHaveLength(1);
  });

  it('replaces text in the rules and in the commands', async () => {
    const { roles } = await mutated(`  director:
    replace:
      - { find: '-j ACCEPT', with: '-m state --state NEW -j ACCEPT $&' }
      - { find: LOG, with: DROP }
`);
    expect(roles.director.rules).toContain('--dport 80 -m state --state NEW -j ACCEPT $&\n');
    expect(roles.director.commands).toEqual(['iptables -A INPUT -j DROP']);
  });

  it('does not touch what an alias in the file shares', async () => {
    const scenario =
      await scenarioOf(`${base.replace('  rules: |', '  rules: &it |')}  director: { replace: [{ find: REJECT, with: DROP }] }
realserver: { rules: *it }
`);
    expect(scenario.roles.director.rules).toContain('REJECT');
    expect(scenario.mutation?.scenario.roles.director.rules).toContain('DROP');
    expect(scenario.mutation?.scenario.roles.realserver.rules).toContain('REJECT');
  });

  it('may be missing', async () => {
    const [file = ''] = base.split('mutation:');
    expect((await scenarioOf(file)).mutation).toBeUndefined();
  });
});

describe('problems of a mutation', () => {
  it.each([
    ['  load: { conections: 7 }\n', 'FILE:19:11: unknown key `conections`; did you mean `connections`?'],
    ['  load: { connections: 0 }\n', 'FILE:19:24: expected at least 1, found `0`'],
    ['  expect: { outcome: healthy }\n', 'FILE:19:3: unknown key `expect`; expected one of `what`, '],
    [
      '  director: { replace: [{ find: DROP, with: x }] }\n',
      'FILE:19:33: expected this text exactly once in the rules and commands of `director`, found it nowhere',
    ],
    [
      '  director: { replace: [{ find: INPUT, with: x }] }\n',
      'FILE:19:33: expected this text exactly once in the rules and commands of `director`, found it 3 times',
    ],
    ['  realserver: { replace: [{ find: INPUT, with: x }] }\n', 'found it nowhere'],
  ])('%s', async (lines, problem) => {
    const problems = await problemsOf(base + lines);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it('are found in the scenario as a whole, and shown in the mutation', async () => {
    expect(await problemsOf(`${base}  topology: { directors: 1 }\n`)).toEqual([
      'FILE:18:3: with the mutation made: expected a node of this topology (client, director, realserver1, realserver2), ' +
        'found `director2`; did you mean `director`?',
    ]);
    expect(await problemsOf(`${base}  topology: { network: flat, forwarding: nat }\n`)).toEqual([
      expect.stringMatching(/^FILE:19:24: with the mutation made: expected `routed` with `forwarding: nat`/),
    ]);
    expect(await problemsOf(`${base}  load: { close: null }\n`)).toEqual([
      'FILE:19:3: with the mutation made: missing key `close`: How each connection ends. Clients of UDP have no such end.',
    ]);
    expect(await problemsOf(`${base}  director: { replace: [{ find: COMMIT, with: x }] }\n`)).toEqual([
      'FILE:19:13: with the mutation made: expected a line `COMMIT` at the end of table `*filter`, found the end of the text',
    ]);
  });

  it('are looked for only where the scenario itself is right', async () => {
    const problems = await problemsOf(
      `${base.replace('connections: 5', 'connections: 0')}  topology: { directors: 1 }\n`,
    );
    expect(problems).toEqual(['FILE:14:22: expected at least 1, found `0`']);
  });

  it('include that it changes nothing', async () => {
    const nothing =
      'FILE:17:1: expected a change of what the run does, found none; the mutated scenario would be the same';
    expect(await problemsOf(base)).toEqual([nothing]);
    expect(await problemsOf(`${base}  load: { connections: 5 }\n`)).toEqual([nothing]);
  });
});
