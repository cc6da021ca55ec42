import type { FlowProfile, Flows } from '../../../src/contracts/agents/flowProfile.js';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { RunningCommand } from '../../../src/engine/port/port.js';
import type { RunScenariosOptions } from '../../../src/run/schedule/runScenarios.js';
import { builtInConversation } from '../../../src/scenario/model/builtInConversations.js';
import type { Scenario } from '../../../src/scenario/model/scenario.js';
import { LabError } from '../../../src/support/errors.js';
import { flowReport, flowSecond } from '../evidence/flowSamples.js';
import { command, recorded, type Script } from './fakeEngine.js';
import { runAll } from './running.js';

const flows: Flows = {
  ...{ count: 300, rate: 300, ramp: 0, concurrency: 10, sources: 4, seed: 1 },
  retries: { open: 5, data: 8, close: 8 },
  mix: [{ weight: 1, conversation: builtInConversation('server-first') }],
};
const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
/** All over: there is nothing to wait for behind the witnesses. */
const over = flowSecond({ opened: 4, closed: 3, refused: 1 });
const secondLine = line(over);
const reportLine = line({ report: flowReport() });

/** What happens, in order, to the raw load agents of a run, and in between to the load agent. */
type Story = string[];

/** An agent that opens its flows at once, if it ever does, and stops when it is told to, or left alone. */
function loadAgent(
  story: Story,
  opens: boolean,
  second = over,
  words = (): string => '@@ connected\n@@ opened\n',
): RunningCommand & ReturnType<typeof command> {
  const running = command(line(second), () => (opens ? words() : ''));
  const stdin = new PassThrough();
  let before = '';
  let stopped = false;
  stdin.on('data', (chunk: Buffer) => {
    const lines = (before + chunk.toString()).split('\n');
    before = lines.pop() ?? '';
    for (const text of lines) {
      if (text.startsWith('{')) story.push(`opens ${(JSON.parse(text) as FlowProfile).flows.count}`);
      if (text === 'stop') {
        stopped = true;
        story.push('stops');
        running.stdout.write(reportLine);
        running.end(0);
      }
    }
  });
  stdin.on('end', () => {
    if (stopped) return;
    story.push('is let go');
    running.end(0);
  });
  return { ...running, stdin };
}

/** Nodes that count what a raw-socket load leaves on them, beside what was recorded of the witnesses. */
function beside(story: Story, changes: Partial<Script> = {}, opens = true): Script {
  return {
    start: ({ what }) => (what === 'flows' ? loadAgent(story, opens) : undefined),
    sampling: ({ node, phase }, write) => {
      if (node === 'client') return undefined;
      write(readFileSync(path.join(recorded, phase, `${node}.samples`)));
      const kind = node === 'director' ? 'ipvs-tally' : 'tally';
      const timer = setInterval(() => {
        write(`@@ ${kind} 1.5\nESTAB 3\n@@ end\n`);
      }, 20);
      return () => {
        clearInterval(timer);
      };
    },
    drive: ({ phase }) => {
      story.push(`${phase} witnesses`);
      return undefined;
    },
    exec: ({ what, node }) => {
      if (what === 'collect' && node === 'client') story.push('collect');
      return undefined;
    },
    ...changes,
  };
}

const run = (script: Script, options: Partial<RunScenariosOptions> = {}, change: Partial<Scenario> = {}) =>
  runAll(script, options, (scenario) => [{ ...scenario, flows, ...change }]);

describe('a scenario with raw-socket load', () => {
  it('has its flows opened before the witnesses, and stopped when these have settled', async () => {
    const story: Story = [];
    const { results, events } = await run(beside(story));
    expect(results[0]?.error?.stack).toBeUndefined();
    expect(story).toEqual([
      ...['opens 200', 'control witnesses', 'stops', 'collect'],
      ...['opens 300', 'measured witnesses', 'stops', 'collect'],
    ]);
    expect(events.filter(({ type }) => type === 'flows')).toEqual([
      {
        type: 'flows',
        scenario: 'close/server-first',
        phase: 'control',
        requested: 200,
        second: over,
      },
      {
        type: 'flows',
        scenario: 'close/server-first',
        phase: 'measured',
        requested: 300,
        second: over,
      },
    ]);
  });

  it('has its flows go on behind the witnesses until they get no further', async () => {
    const story: Story = [];
    const script = beside(story);
    const withClosed = (closed: number) => flowSecond({ opened: 9, closed, refused: 0 });
    let agent: ReturnType<typeof loadAgent> | undefined;
    const deadlines = { ready: 1, drive: 1, settle: 5, collect: 1, quiet: 3 };
    const changed: Script = {
      ...script,
      start: (call) => {
        if (call.what !== 'flows') return script.start?.(call);
        return (agent = loadAgent(story, true, withClosed(3)));
      },
      drive: (call) => {
        for (const closed of [4, 5, 6, 7, 8, 9]) {
          setTimeout(() => {
            story.push(`${closed} closed`);
            agent?.stdout.write(line(withClosed(closed)));
          }, closed * 100);
        }
        return script.drive?.(call);
      },
    };
    const { results, directory } = await run(changed, {}, { deadlines });
    expect(results[0]?.error?.stack).toBeUndefined();
    const closing = [4, 5, 6, 7, 8, 9].map((closed) => `${closed} closed`);
    expect(story).toEqual([
      ...['opens 200', 'control witnesses', ...closing, 'stops', 'collect'],
      ...['opens 300', 'measured witnesses', ...closing, 'stops', 'collect'],
    ]);
    const phase = readFileSync(path.join(directory, 'measured', 'phase.json'), 'utf8');
    expect(JSON.parse(phase)).toMatchObject({ flows: { atRest: true } });
  });

  it.each([
    ['when they are done', 'settled', ['done', 'measured witnesses']],
    ['as soon as they are connected where something happens at a time', 0.01, ['measured witnesses', 'done']],
  ] as const)('has its witnesses come %s', async (_, at, order) => {
    const story: Story = [];
    const script = beside(story);
    let phases = 0;
    const start: Script['start'] = (call) => {
      if (call.what !== 'flows') return script.start?.(call);
      phases += 1;
      if (phases === 1) return loadAgent(story, true);
      let words = '@@ connected\n';
      setTimeout(() => {
        story.push('done');
        words += '@@ opened\n';
      }, 400);
      return loadAgent(story, true, over, () => words);
    };
    const event = { at, node: 'realserver1', action: { kind: 'run', command: 'conntrack -F' } } as const;
    const { results } = await run({ ...script, start }, {}, { events: [event] });
    expect(results[0]?.error?.stack).toBeUndefined();
    expect(story.filter((each) => each === 'done' || each === 'measured witnesses')).toEqual(order);
  });

  it('leaves what agent and captures said, and when the load was', async () => {
    const { directory } = await run(beside([]));
    const file = (name: string): string => readFileSync(path.join(directory, 'measured', name), 'utf8');
    expect(file('flows.jsonl')).toBe(secondLine + reportLine);
    expect(file('director.capture.txt')).toMatch(/^\d+ packets captured\n0 packets dropped by kernel\n$/);
    expect(JSON.parse(file('phase.json'))).toMatchObject({
      settled: true,
      flows: {
        startedAt: expect.any(String) as string,
        openedAt: expect.any(String) as string,
        atRest: true,
        counted: true,
        stoppedAt: expect.any(String) as string,
      },
    });
  });

  it('tells its agent the networks that the engine says there are, and breaks where there may be others', async () => {
    const told: FlowProfile[] = [];
    const story: Story = [];
    const script = beside(story);
    const start: Script['start'] = (call) => {
      const running = script.start?.(call);
      if (call.what === 'flows') {
        running?.stdin?.on('data', (chunk: Buffer) => {
          for (const text of chunk.toString().split('\n')) {
            if (text.startsWith('{')) told.push(JSON.parse(text) as FlowProfile);
          }
        });
      }
      return running;
    };
    const networks = [{ subnet: '8.8.8.0/24', gateway: '8.8.8.1' }];
    const { results } = await run({ ...script, start, networks: () => Promise.resolve(networks) });
    expect(results[0]?.error?.stack).toBeUndefined();
    expect(told.map((one) => one.networks)).toEqual([['8.8.8.0/24'], ['8.8.8.0/24']]);

    const refused = await run({
      ...script,
      start,
      networks: () => Promise.reject(new LabError('it leads out')),
    });
    expect(refused.results[0]?.error?.message).toBe('it leads out');
    expect(told).toHaveLength(2);
  });

  it('breaks when the agent ends early, and keeps what it wrote', async () => {
    let agent: ReturnType<typeof loadAgent> | undefined;
    const story: Story = [];
    const script = beside(story);
    const { results, directory } = await run({
      ...script,
      start: (call) => {
        if (call.what !== 'flows') return script.start?.(call);
        return (agent = loadAgent(story, true));
      },
      drive: () => {
        agent?.end(2);
        return undefined;
      },
    });
    expect(results[0]?.error?.message).toContain("the client's raw load agent ended with exit code 2");
    expect(readFileSync(path.join(directory, 'control', 'flows.jsonl'), 'utf8')).toBe(secondLine);
  });

  it('lets the agent go when something else breaks', async () => {
    const story: Story = [];
    const { results } = await run(
      beside(story, { drive: () => Promise.resolve({ exitCode: 2, stdout: '', stderr: '' }) }),
    );
    expect(results[0]?.error?.message).toBe("the client's load agent gave up with code 2");
    await expect.poll(() => story).toEqual(['opens 200', 'is let go']);
  });

  it('keeps its evidence so far when it is stopped while flows are being opened', async () => {
    const stop = new AbortController();
    const { results, directory, calls } = await run(beside([], {}, false), {
      signal: stop.signal,
      emit: ({ type }) => {
        if (type === 'flows') stop.abort(new LabError('interrupted by SIGINT'));
      },
    });
    expect(results[0]?.error?.message).toBe('interrupted by SIGINT');
    expect(calls.at(-1)).toBe('lab removed');
    await expect
      .poll(() => readFileSync(path.join(directory, 'control', 'flows.jsonl'), 'utf8'))
      .toBe(secondLine);
  });
});
