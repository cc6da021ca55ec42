import type { FlowProfile } from '../../../../src/contracts/agents/flowProfile.js';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Node } from '../../../../src/engine/port/port.js';
import type { FlowSecond } from '../../../../src/evidence/model/flowTypes.js';
import { FlowAgent } from '../../../../src/run/agents/flowAgent.js';
import { LabError } from '../../../../src/support/errors.js';
import { flowReport, flowSecond } from '../../evidence/flowSamples.js';
import { command } from '../fakeEngine.js';
import { runDirectory } from '../running.js';

const profile = { flows: { count: 4 }, deadline: 600 } as FlowProfile;
const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
const reportLine = line({ report: flowReport() });

/** An agent in a client that says what the test has it say, and what it was told. */
async function start() {
  let said = '';
  const told: string[] = [];
  const stdin = new PassThrough();
  stdin.on('data', (chunk: Buffer) => told.push(chunk.toString()));
  const running = command('', () => said);
  const started: (readonly string[])[] = [];
  const client = {
    start: (argv: readonly string[], options: { readonly stdin: boolean }) => {
      started.push(argv);
      return Promise.resolve(options.stdin ? { ...running, stdin } : running);
    },
  } as unknown as Node;
  const file = path.join(runDirectory(), 'flows.jsonl');
  const seconds: FlowSecond[] = [];
  const agent = await FlowAgent.start({
    client,
    command: { purpose: 'flows', argv: ['node', '/lab/load.cjs'] },
    profile,
    file,
    onSecond: (second) => seconds.push(second),
  });
  const say = (words: string): void => {
    said += words;
  };
  return { agent, ...running, told, stdin, seconds, file, started, say };
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

afterEach(() => {
  vi.useRealTimers();
});

describe('the raw load agent', () => {
  it('is told its profile first, then every two seconds that somebody is there', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { told, started, agent } = await start();
    vi.advanceTimersByTime(4000);
    await soon();
    expect(started).toEqual([['node', '/lab/load.cjs']]);
    expect(told.join('')).toBe(`${line(profile)}.\n.\n`);
    agent.abandon();
    vi.advanceTimersByTime(4000);
    await soon();
    expect(told.join('')).toBe(`${line(profile)}.\n.\n`);
  });

  it('gives its seconds as they come, whatever the chunks, and has them on disk at once', async () => {
    const { stdout, seconds, file, agent } = await start();
    const text = line(flowSecond({ at: 1 })) + line(flowSecond({ at: 2 }));
    stdout.write(text.slice(0, 200));
    await soon();
    stdout.write(text.slice(200));
    await expect.poll(() => seconds.map(({ at }) => at)).toEqual([1, 2]);
    await expect.poll(() => readFileSync(file, 'utf8')).toBe(text);
    agent.abandon();
  });

  it('has opened its flows when it says so, and not before', async () => {
    const { agent, say, stdout } = await start();
    stdout.write(line(flowSecond({ opened: 3 })));
    await expect(agent.reached('opened', 0.1)).rejects.toThrow(
      'waited 100 ms for the raw-socket load to be opened; last seen: 3 of 4 flows opened',
    );
    say('@@ connected\n');
    await expect(agent.reached('connected', 5)).resolves.toBeUndefined();
    await expect(agent.reached('opened', 0.1)).rejects.toThrow('to be opened');
    say('@@ opened\n');
    await expect(agent.reached('opened', 5)).resolves.toBeUndefined();
    agent.abandon();
  });

  it('stops when told to, and its account is on disk by then', async () => {
    const { agent, told, stdout, end, file } = await start();
    const report = agent.stop();
    await expect.poll(() => told.join('')).toContain('\nstop\n');
    stdout.write(reportLine);
    end(0);
    expect(await report).toEqual(flowReport());
    expect(readFileSync(file, 'utf8')).toBe(reportLine);
    expect(() => {
      agent.check();
    }).not.toThrow();
  });

  it('is left to end by itself when it is abandoned', async () => {
    const { agent, stdin } = await start();
    agent.abandon();
    await expect.poll(() => stdin.writableEnded).toBe(true);
    agent.abandon();
  });

  const broken = async (code: number, stdout: string, stderr: string, stopping = false) => {
    const agent = await start();
    agent.say(stderr);
    const stop = stopping ? agent.agent.stop() : undefined;
    agent.stdout.write(stdout);
    agent.end(code);
    const error: unknown = await (stop ?? agent.agent.reached('opened', 5)).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(LabError);
    return error as LabError;
  };

  it('breaks the lab when it ends before it was told to, and shows what it said', async () => {
    const error = await broken(2, '', 'Error: sendmmsg: ENOBUFS\n');
    expect(error.message).toBe(
      "the client's raw load agent ended with exit code 2, expected it to go on until it is told to stop",
    );
    expect(error.details).toBe('$ node /lab/load.cjs\nError: sendmmsg: ENOBUFS');
  });

  it('says that it refused its profile, and what to do', async () => {
    const error = await broken(5, '', '192.168.1.1 is in none of the networks of the lab\n');
    expect(error.message).toBe("the client's raw load agent refused the load");
    expect(error.details).toContain('in none of the networks');
    expect(error.hint).toContain('correct `flows`');
  });

  it('says that its time was up before the witnesses were over', async () => {
    const error = await broken(0, line({ report: flowReport({ ended: 'deadline' }) }), '');
    expect(error.message).toContain('ended by itself after 600 s');
    expect(error.hint).toContain('fewer flows');
  });

  it('says that there was no report when it was told to stop', async () => {
    const error = await broken(0, '', '', true);
    expect(error.message).toContain('ended with exit code 0, expected its report');
  });

  it('breaks the lab when it writes what cannot be read', async () => {
    const { agent, stdout } = await start();
    stdout.write('Segmentation fault\n');
    const error: unknown = await agent.reached('opened', 5).catch((reason: unknown) => reason);
    expect((error as LabError).message).toBe('the raw load agent wrote what cannot be read');
    expect((error as LabError).details).toContain('Segmentation fault');
    agent.abandon();
  });
});
