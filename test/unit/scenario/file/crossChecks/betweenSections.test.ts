import { describe, expect, it } from 'vitest';
import { minimal, problemsOf, scenarioOf } from '../../scenarioFile.js';

const nodes = '(client, director, realserver1, realserver2)';

/** Problems of the minimal scenario with lines added; the first of them is line 7. */
function problemsWith(lines: string): Promise<readonly string[]> {
  return problemsOf(`${minimal}${lines}\n`);
}

describe('the router', () => {
  it('has settings only where there is one', async () => {
    expect(await problemsWith('router: { iptables: nft }')).toEqual([
      'FILE:7:1: expected a `router` section with `topology.network: routed` only, found it in a flat network',
    ]);
    await scenarioOf(`${minimal}router: { iptables: nft }\ntopology: { forwarding: nat }\n`);
  });

  it.each([
    ['{ icmp: 3/1, from: router }', '6:60'],
    ['{ tcp-reset: { from: router } }', '6:62'],
  ])('sends %s only where there is one', async (signal, place) => {
    const text = minimal.replace('{ outcome: healthy }', `{ outcome: unreachable, signal: ${signal} }`);
    expect(await problemsOf(text)).toEqual([
      `FILE:${place}: expected a sender of this topology, found \`router\`; there is one with \`topology.network: routed\` only`,
    ]);
    await scenarioOf(`${text}topology: { network: routed }\n`);
  });
});

describe('events', () => {
  const event = (text: string) => problemsWith(`events:\n  - { at: settled, ${text} }`);

  it('happen on nodes that there are', async () => {
    expect(await event('on: realserver3, run: ls')).toEqual([
      `FILE:8:24: expected a node of this topology ${nodes}, found \`realserver3\`; did you mean \`realserver1\`?`,
    ]);
  });

  it('stop servers only where there is one', async () => {
    expect(await event('on: director, do: stop-server')).toEqual([
      'FILE:8:24: expected a node that serves (realserver1, realserver2) for `stop-server`, found `director`',
    ]);
    await scenarioOf(
      `${minimal}topology: { local-realserver: true }\nevents: [{ at: settled, on: director, do: stop-server }]\n`,
    );
  });

  it('move the VIP only to the director that has it not', async () => {
    const [problem] = await event('on: director, do: take-vip');
    expect(problem).toMatch(/^FILE:8:24: expected `director2` .* for `take-vip`, found `director`/);
  });

  it.each([
    ['on: client', 'found nothing'],
    ['on: client, run: ls, sysctls: { net.a: 1 }', 'found `sysctls` and `run`'],
    ['on: client, nftables: add table ip x, commands: [y], run: ls', 'found `nftables, commands` and `run`'],
  ])('do one thing, unlike %s', async (text, found) => {
    const problems = await event(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(
      /^FILE:8:5: expected rules \(ipset, rules, rules6, nftables, commands\), `sysctls`, /,
    );
    expect(problems[0]).toContain(found);
  });

  it('name a flavour only for rules', async () => {
    expect(await event('on: client, iptables: nft, run: ls')).toEqual([
      'FILE:8:32: expected rules beside `iptables`, found none',
    ]);
  });

  it.each([
    ['later', 'found the text `later`'],
    ['setled', 'found the text `setled`; did you mean `settled`?'],
    ['5', 'found `5`'],
  ])('happen at a moment, unlike %s', async (at, problem) => {
    expect(await problemsWith(`events:\n  - { at: ${at}, on: client, run: ls }`)).toEqual([
      `FILE:8:11: expected \`connected\`, \`settled\` or a duration such as \`500ms\`, \`15s\` or \`2m\`, ${problem}`,
    ]);
  });

  it('are not asked for what they do when a key is misspelt', async () => {
    expect(await event('on: client, rum: ls')).toEqual(['FILE:8:32: unknown key `rum`; did you mean `run`?']);
  });
});

describe('the load', () => {
  const load = (text: string) => problemsOf(minimal.replace('load: { ', `load: { ${text}, `));

  it.each([
    [
      'upload: 64KB',
      'FILE:5:17: expected bytes as a number, or such as `64KiB` or `1MiB`, found the text `64KB`',
    ],
    ['upload: -1', 'FILE:5:17: expected 0 to 1024 MiB, found -1 bytes'],
    ['upload: 2000MiB', 'FILE:5:17: expected 0 to 1024 MiB, found 2097152000 bytes'],
    ['upload: 1.5', 'FILE:5:17: expected bytes as a number, or such as `64KiB` or `1MiB`, found `1.5`'],
    ['upload: true', 'FILE:5:17: expected bytes as a number, or such as `64KiB` or `1MiB`, found `true`'],
    [
      'rate: 5',
      'FILE:5:9: expected `upload` or `download` beside `rate`, found neither; nothing would go that slowly',
    ],
    ['requests: -1', 'FILE:5:19: expected at least 0, found `-1`'],
    ['every: 1', 'FILE:5:16: expected a duration such as `500ms`, `15s` or `2m`, found `1`'],
    [
      'upload: 1KiB, download: 1KiB',
      'FILE:5:23: expected `upload` or `download`, found both; a connection has one of them',
    ],
    ...['requests: 2', 'idle: 1s', 'reopen: true'].map((key): [string, string] => [
      `connect: blocking, ${key}`,
      `FILE:5:28: expected no \`${key.split(':')[0]}\` with \`connect: blocking\`, found it; that client makes one request, and waits for nothing but the reply`,
    ]),
    ['ports: any', 'FILE:5:16: expected one of `own`, `kernel`, found the text `any`'],
  ])('%s', async (text, problem) => {
    expect(await load(text)).toEqual([problem]);
  });

  it('must be over before its deadline', async () => {
    const problem =
      'FILE:5:1: expected a load that can be over within `deadlines.drive`, 60 s, found one that takes';
    expect(await load('idle: 61s')).toEqual([`${problem} 61 s or longer`]);
    expect(await load('idle: 2s, think: 60s')).toEqual([`${problem} 62 s or longer`]);
    expect(await load('idle: 2s, later: { connections: 1, after: 59s }')).toEqual([
      `${problem} 61 s or longer`,
    ]);
    expect(await load('every: 7s')).toEqual([`${problem} 63 s or longer`]);
    expect(await load('upload: 1MiB, rate: 10KiB')).toEqual([`${problem} 103 s or longer`]);
    const late = minimal.replace('{ first: server }', '{ first: server, after: 61s }');
    await expect(scenarioOf(late)).rejects.toThrow('found one that takes 61 s or longer');
    const text = minimal.replace('load: { ', 'load: { idle: 61s, ');
    await scenarioOf(`${text}deadlines: { drive: 70s }\n`);
  });
});

describe('bounds on connect()', () => {
  const bounds = (text: string) =>
    problemsOf(minimal.replace('{ outcome: healthy }', `{ outcome: healthy, connect: ${text} }`));

  it.each([
    ['{}', 'FILE:6:38: expected `at-least`, `at-most` or both, found neither'],
    [
      '{ at-least: 2s, at-most: 1s }',
      'FILE:6:50: expected `at-least` not above `at-most`, found 2 s and 1 s',
    ],
    ['{ at-last: 2s }', 'FILE:6:40: unknown key `at-last`; did you mean `at-least`?'],
  ])('%s', async (text, problem) => {
    expect(await bounds(text)).toEqual([problem]);
  });
});

describe('quiet', () => {
  it('must be shorter than settling may take', async () => {
    expect(await problemsWith('deadlines: { settle: 3s }')).toEqual([
      'FILE:7:1: expected `quiet` below `settle`, found 3 s and 3 s; nothing would ever settle in time',
    ]);
  });
});
