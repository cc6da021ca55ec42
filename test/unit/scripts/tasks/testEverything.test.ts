import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../../../scripts/bootstrap/children.mjs';
import { testEverything } from '../../../../scripts/tasks/testEverything.js';

/** Runs everything with programs that end as `codes` says (0 when it does not), and suites of three passing tests. */
async function everything(codes: Record<string, number> = {}, build = () => Promise.resolve()) {
  const ran: string[] = [];
  const printed: string[] = [];
  const run = (_command: string, args: readonly string[], tell?: (output: string) => void) => {
    const name = args[0] === 'run' ? args[2]! : args[1]!;
    ran.push(name);
    tell?.(`of ${name}\n`);
    const out = args.find((arg) => arg.startsWith('--outputFile.json='))?.split('=')[1];
    const tests = Array.from({ length: 3 }, () => ({ status: codes[name] === 1 ? 'failed' : 'passed' }));
    const failing = codes[name] === 1;
    if (out !== undefined && codes[name] !== 99) {
      const report = {
        numPassedTests: failing ? 0 : 3,
        numPendingTests: 0,
        numTodoTests: 0,
        startTime: 0,
        testResults: [
          { name: 'a.test.ts', endTime: 0, status: failing ? 'failed' : 'passed', assertionResults: tests },
        ],
      };
      writeFileSync(out, JSON.stringify(report));
    }
    return Promise.resolve(codes[name] ?? 0);
  };
  const exitCode = await testEverything({ run, build, print: (line) => void printed.push(line) });
  return { ran, printed, exitCode, last: printed.at(-1) };
}

const cheap = [
  'lint',
  'types',
  'unused',
  'format:check',
  'imports',
  'shell',
  'rules:find',
  'unit',
  'browser:find',
  'browser',
];

describe('npm test', () => {
  it('runs every check in order and counts each test and each static check', async () => {
    expect(await everything()).toMatchObject({
      ran: [...cheap, 'doctor', 'integration'],
      exitCode: 0,
      last: '16 passed, 0 failed',
    });
  });

  it('runs the other cheap checks when one fails, but not the integration tests', async () => {
    expect(await everything({ lint: 2 })).toMatchObject({
      ran: cheap,
      exitCode: 1,
      last: '12 passed, 1 failed',
    });
    expect(await everything({ unit: 1 })).toMatchObject({
      ran: cheap,
      exitCode: 1,
      last: '10 passed, 3 failed',
    });
  });

  it('tells what each check that ran beside another wrote below its name', async () => {
    expect((await everything()).printed.slice(0, 3)).toEqual([
      '\n== lint\nof lint',
      '\n== types\nof types',
      '\n== unused\nof unused',
    ]);
  });

  it('fails when a suite dies without a report', async () => {
    expect(await everything({ integration: 99 })).toMatchObject({ exitCode: 1, last: '13 passed, 1 failed' });
  });

  it('does not start the integration tests when the machine cannot be prepared', async () => {
    expect(await everything({ doctor: 2 })).toMatchObject({
      ran: [...cheap, 'doctor'],
      exitCode: 1,
      last: '13 passed, 1 failed',
    });
    const broken = await everything({}, () => Promise.reject(new Error('no compiler')));
    expect(broken).toMatchObject({ ran: cheap, exitCode: 1, last: '13 passed, 1 failed' });
  });

  it('fails when there is no browser to see the page in, and none can be installed', async () => {
    expect(await everything({ 'browser:find': 2 })).toMatchObject({
      ran: cheap.slice(0, -1),
      exitCode: 1,
      last: '10 passed, 1 failed',
    });
  });

  it('ends at once when interrupted', async () => {
    await expect(everything({}, () => Promise.reject(new Interrupted('SIGINT')))).rejects.toMatchObject({
      exitCode: 130,
    });
  });
});
