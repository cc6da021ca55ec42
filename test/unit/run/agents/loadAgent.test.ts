import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Node } from '../../../../src/engine/port/port.js';
import { LoadAgent } from '../../../../src/run/agents/loadAgent.js';
import { agentArgv } from '../../../../src/scenario/plan/commands/standing.js';
import { driveOrderSchema } from '../../../../src/contracts/agents/driveOrder.js';
import { readOrder } from '../../../../src/contracts/agents/readOrder.js';
import { orderOf } from '../../contracts/agents/orders.js';
import { LabError } from '../../../../src/support/errors.js';
import { command } from '../fakeEngine.js';

/** An agent that waits in a client, and says what the test has it say. */
async function start() {
  let said = '';
  const told: string[] = [];
  const stdin = new PassThrough();
  stdin.on('data', (chunk: Buffer) => told.push(chunk.toString()));
  const running = command('', () => said);
  const client = {
    start: (argv: readonly string[]) => {
      expect(argv).toEqual(agentArgv);
      return Promise.resolve({ ...running, stdin });
    },
  } as unknown as Node;
  const agent = await LoadAgent.start(client);
  return { agent, told, ...running, say: (words: string) => void (said += words) };
}

describe('the load agent', () => {
  it('drives one load after the other, and gives each its own report and its own words', async () => {
    const { agent, told, stdout, say } = await start();
    const first = agent.drive(orderOf({}, { connections: 1 }), 5);
    say('@@ connected 1700000000.125\n');
    stdout.write('{"exitCode":0,"report":{"requested":1}}\n');
    expect(await first).toEqual({
      exitCode: 0,
      report: '{"requested":1}',
      stderr: '@@ connected 1700000000.125\n',
    });
    const second = agent.drive(orderOf({}, { connections: 2 }), 5);
    say('Error: EMFILE\n');
    stdout.write('{"exitCode":2}\n');
    expect(await second).toEqual({ exitCode: 2, report: '', stderr: 'Error: EMFILE\n' });
    const orders = told
      .join('')
      .trim()
      .split('\n')
      .map((line) => readOrder(driveOrderSchema, line));
    expect(orders).toEqual([orderOf({}, { connections: 1 }), orderOf({}, { connections: 2 })]);
  });

  it('takes a report that comes in pieces', async () => {
    const { agent, stdout } = await start();
    const answer = agent.drive(orderOf(), 5);
    stdout.write('{"exitCode":0,');
    await new Promise((resolve) => setTimeout(resolve, 50));
    stdout.write('"report":{}}\n');
    expect((await answer).report).toBe('{}');
  });

  it('has all connections open when it says so of the load that is being driven', async () => {
    const { agent, say, stdout } = await start();
    const first = agent.drive(orderOf(), 5);
    say('@@ connected 1700000000.125\n');
    expect(await agent.connected(5)).toBe(1_700_000_000.125);
    stdout.write('{"exitCode":0}\n');
    await first;
    const second = agent.drive(orderOf(), 5);
    await expect(agent.connected(0.1)).rejects.toThrow("waited 100 ms for the load's connections to be open");
    stdout.write('{"exitCode":0}\n');
    await second;
  });

  it('breaks the lab when it ends in the middle of a load, and shows what it said', async () => {
    const { agent, say, end } = await start();
    const answer = agent.drive(orderOf(), 5);
    say('out of memory\n');
    end(137);
    const error: unknown = await answer.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).message).toBe(
      "the client's load agent ended with exit code 137, expected it to wait for the next load",
    );
    expect((error as LabError).details).toBe('out of memory');
    await expect(agent.connected(5)).rejects.toThrow('ended with exit code 137');
  });

  it('waits no longer than it was told to', async () => {
    const { agent } = await start();
    await expect(agent.drive(orderOf(), 0.1)).rejects.toThrow("waited 100 ms for the load agent's report");
  });
});
