import { describe, expect, it } from 'vitest';
import { minimal, problemsOf, scenarioOf } from '../scenarioFile.js';

const udp = 'topology: { services: [{ port: 53, protocol: udp }, { port: 53 }] }\n';
const withLoad = (load: string) => minimal.replace('load: { close: { first: server } }', `load: ${load}`);

describe('a load of datagrams', () => {
  it('has no close, and goes to the services of UDP', async () => {
    const { load, topology } = await scenarioOf(withLoad('{ datagrams: { as: dns } }') + udp);
    expect(load).toMatchObject({ datagrams: { as: 'dns', pause: 0, wait: 2 }, close: { first: 'client' } });
    expect(topology.services.map(({ protocol }) => protocol)).toEqual(['udp', undefined]);
  });

  it.each([
    [
      '{ datagrams: { as: dns }, close: { first: client } }',
      33,
      'expected no `close` beside `datagrams`, found it; only connections of TCP have it',
    ],
    [
      '{ datagrams: { as: dns }, reopen: true }',
      33,
      'expected no `reopen` beside `datagrams`, found it; only connections of TCP have it',
    ],
    [
      '{ datagrams: { as: dsn } }',
      26,
      'expected one of `dns`, `quic`, found the text `dsn`; did you mean `dns`?',
    ],
    ['{ datagrams: { as: dns, wait: 0s } }', 37, 'expected a duration above 0 and at most 60m, found `0s`'],
    [
      '{ datagrams: { as: dns }, to: [53] }',
      38,
      'expected a service of UDP, as the load has `datagrams`, found `53`',
    ],
    [
      '{ close: { first: client }, to: [53/udp] }',
      40,
      'expected a service of TCP, as the load has no `datagrams`, found `53/udp`',
    ],
    [
      '{ datagrams: { as: dns }, to: [53/tcp] }',
      38,
      'expected a service of this topology (53/udp, 53), found `53/tcp`; did you mean `53/udp`?',
    ],
    [
      '{ datagrams: { as: dns, pause: 1m }, requests: 3 }',
      1,
      'expected a load that can be over within `deadlines.drive`, 60 s, found one that takes 120 s or longer',
    ],
  ])('%s', async (load, column, problem) => {
    expect(await problemsOf(withLoad(load) + udp)).toEqual([`FILE:5:${column}: ${problem}`]);
  });

  it('and services of UDP want each other', async () => {
    expect(await problemsOf(withLoad('{ datagrams: { as: dns } }'))).toEqual([
      'FILE:5:9: expected a service of UDP (`protocol: udp`) for `datagrams`, found none',
    ]);
    expect(await problemsOf(`${minimal}topology: { services: [{ port: 53, protocol: udp }] }\n`)).toEqual([
      'FILE:5:1: expected `datagrams` in a load on services of UDP, found none',
    ]);
  });

  it('has a request', async () => {
    expect(await problemsOf(withLoad('{ datagrams: { as: dns }, requests: 0 }') + udp)).toEqual([
      'FILE:5:43: expected a request at least beside `datagrams`, found 0; a client of UDP that asks for nothing sends nothing',
    ]);
  });

  it('leaves a load of TCP its close', async () => {
    expect(await problemsOf(withLoad('{ connections: 3 }'))).toEqual([
      'FILE:5:1: missing key `close`: How each connection ends. Clients of UDP have no such end.',
    ]);
  });

  it('expects no signal of an answer', async () => {
    const text = withLoad('{ datagrams: { as: dns } }').replace('healthy', 'answered-stale, signal: silence');
    expect(await problemsOf(text + udp)).toEqual([
      'FILE:6:36: expected no signal with `outcome: answered-stale`, found one; a answered-stale connection has none',
    ]);
  });
});

describe('flows beside a load of datagrams', () => {
  const asking = withLoad('{ requests: 3, idle: 2s, datagrams: { as: quic, pause: 100ms } }') + udp;

  it('do what its clients do', async () => {
    const { flows } = await scenarioOf(`${asking}flows: { count: 7, rate: 7 }\n`);
    expect(flows).toMatchObject({
      count: 7,
      mix: [],
      datagrams: { as: 'quic', pause: 0.1, wait: 2, requests: 3, idle: 2 },
    });
  });

  it.each([
    ['conversation: hold', 'conversation', 29],
    ['mix: [{ conversation: hold }]', 'mix', 29],
  ])('have no conversation of TCP: %s', async (keys, key, column) => {
    expect(await problemsOf(`${asking}flows: { count: 7, rate: 7, ${keys} }\n`)).toEqual([
      `FILE:8:${column}: expected no \`${key}\` beside \`load.datagrams\`, found one; flows of UDP do what the clients of the load do`,
    ]);
  });

  it('may be expected to be answered, or not', async () => {
    const text = asking.replace(
      'outcome: healthy',
      'outcome: answered, flows: { unanswered: { at-most: 1 } }',
    );
    const { expect: expected } = await scenarioOf(`${text}flows: { count: 7, rate: 7 }\n`);
    expect(expected.flows?.shares).toEqual({ unanswered: { atMost: 1 } });
  });
});
