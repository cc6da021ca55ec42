import { describe, expect, it } from 'vitest';
import { LocalPorts } from '../../../lab/agent/localPorts.js';
import { probe } from '../../../lab/agent/probe.js';
import { listen, listenAsRealservers } from './servers.js';

const ports = new LocalPorts(55_000 + (process.pid % 50) * 100);
const command = (target: { host: string; port: number }, expected: string[], timeoutSeconds = 3) =>
  ({ command: 'probe', target, expect: expected, timeoutSeconds }) as const;

describe('probe', () => {
  it('ends as soon as every realserver has answered', async () => {
    await using server = await listenAsRealservers(['realserver1', 'realserver1', 'realserver2']);
    const report = await probe(command(server.target, ['realserver1', 'realserver2']), ports);
    expect(report).toEqual({
      ready: true,
      tries: 3,
      answered: { realserver1: 1, realserver2: 3 },
      missing: [],
      errors: [],
    });
  });

  it('says who is missing, and who answered, when time is up', async () => {
    await using server = await listenAsRealservers(['realserver1']);
    const report = await probe(command(server.target, ['realserver1', 'realserver2'], 0.3), ports);
    expect(report).toMatchObject({
      ready: false,
      answered: { realserver1: 1 },
      missing: ['realserver2'],
    });
    expect(report.tries).toBeGreaterThan(1);
  });

  it('does not count an answer that is an error', async () => {
    await using server = await listenAsRealservers(['broken']);
    const report = await probe(command(server.target, ['broken'], 0.3), ports);
    expect(report.ready).toBe(false);
    expect(report.errors[0]).toBe('try 1: HTTP status 500');
  });

  it('is over in time when nobody answers, and says so', async () => {
    await using server = await listen(() => undefined);
    const started = Date.now();
    const report = await probe(command(server.target, ['realserver1'], 0.5), ports);
    expect(Date.now() - started).toBeLessThan(2000);
    expect(report).toMatchObject({ ready: false, answered: {}, missing: ['realserver1'] });
    expect(report.errors[0]).toMatch(/no reply in \d+ ms/);
  });
});
