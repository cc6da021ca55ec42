import { describe, expect, it } from 'vitest';
import { withFlows } from '../../../../src/scenario/library/withFlows.js';
import { UsageError } from '../../../../src/support/errors.js';
import { minimal, scenarioOf } from '../scenarioFile.js';

describe('a scenario that is run with flows', () => {
  it('gets as many as asked for, which do what its load does', async () => {
    const scenario = await scenarioOf(minimal);
    expect(withFlows(scenario, 500)).toEqual({
      ...scenario,
      flows: {
        count: 500,
        rate: 200,
        ramp: 0,
        concurrency: 1000,
        sources: 4,
        seed: 1,
        retries: { open: 5, data: 8, close: 8 },
        mix: [
          {
            weight: 1,
            conversation: expect.objectContaining({ name: 'server-first' }) as unknown,
          },
        ],
      },
    });
  });

  it('is none where some of its connections come later', async () => {
    const load = 'load: { later: { connections: 1, after: 5s }, close: { first: server } }';
    const scenario = await scenarioOf(minimal.replace('load: { close: { first: server } }', load));
    expect(() => withFlows(scenario, 5)).toThrow('connections that are opened later');
  });

  it('has sources enough for as many as there may be', async () => {
    const sources = async (count: number) => withFlows(await scenarioOf(minimal), count).flows?.sources;
    expect(await sources(240_000)).toBe(4);
    expect(await sources(240_001)).toBe(5);
    expect(await sources(1_000_000)).toBe(17);
  });

  it('has a mutation with them, whose load may be another', async () => {
    const scenario = await scenarioOf(
      `${minimal}mutation: { what: resets, load: { close: { first: client, how: rst } } }\n`,
    );
    const { mutation } = withFlows(scenario, 5);
    expect(mutation?.scenario.flows?.mix[0]?.conversation.name).toBe('client-rst');
    expect(mutation?.what).toBe('resets');
  });

  it('keeps those of its own', async () => {
    const own = await scenarioOf(`${minimal}flows: { count: 7, rate: 7, conversation: hold }\n`);
    expect(withFlows(own, 500)).toEqual(own);
  });

  it('opens them within a second where something happens at a time, and no slower than ever', async () => {
    const rate = async (at: string, count: number) => {
      const events = `events: [{ at: ${at}, on: realserver1, run: conntrack -F }]\n`;
      return withFlows(await scenarioOf(minimal + events), count).flows?.rate;
    };
    expect(await rate('2s', 500)).toBe(500);
    expect(await rate('connected', 500)).toBe(500);
    expect(await rate('2s', 50)).toBe(200);
    expect(await rate('settled', 500)).toBe(200);
  });

  it('gets flows of UDP where its clients send datagrams', async () => {
    const text = minimal.replace(
      'load: { close: { first: server } }',
      'load: { requests: 5, datagrams: { as: dns, pause: 600ms } }',
    );
    const scenario = await scenarioOf(`${text}topology: { services: [{ port: 53, protocol: udp }] }\n`);
    expect(withFlows(scenario, 500).flows).toMatchObject({
      count: 500,
      mix: [],
      datagrams: { as: 'dns', pause: 0.6, wait: 2, requests: 5, idle: 0 },
    });
  });

  it('cannot be one that is about ports the kernel has no more of', async () => {
    const scenario = await scenarioOf(minimal.replace('outcome: healthy', 'outcome: ports-exhausted'));
    expect(() => withFlows(scenario, 5)).toThrow(/found close\/example: it is about ports/);
  });

  it('cannot be one that is about several clients', async () => {
    const scenario = await scenarioOf(minimal.replace('{ close', '{ sources: 3, close'));
    expect(() => withFlows(scenario, 5)).toThrow(/it is about the addresses of several clients/);
  });

  it('cannot be one whose ports the kernel picks', async () => {
    const scenario = await scenarioOf(minimal.replace('{ close', '{ ports: kernel, close'));
    expect(() => withFlows(scenario, 5)).toThrow(UsageError);
    expect(() => withFlows(scenario, 5)).toThrow(/found close\/example: the kernel picks its local ports/);
  });
});
