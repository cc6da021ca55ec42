import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { usageOf } from '../../../../bench/usage/usage.js';

const run = promisify(execFile);
const busySeconds = 0.6;
/** A program that takes so much of a processor, by what the kernel counts: a slow machine makes it take longer, not more. */
const busy = `
const start = process.cpuUsage();
let used = start;
while (used.user + used.system < ${busySeconds * 1e6}) used = process.cpuUsage(start);
`;
/** The kernel counts in hundredths of a second, for user and system each. */
const rounding = 0.04;

describe('usageOf', () => {
  it('has the processor time of a command and of what it starts', async () => {
    const started = `
      require('node:child_process').execFileSync(process.execPath, ['-e', ${JSON.stringify(busy)}]);
      ${busy}`;
    const { usage } = await usageOf((variables) =>
      run(process.execPath, ['-e', started], { env: { ...process.env, ...variables } }),
    );
    expect(usage.cpuSeconds).toBeGreaterThanOrEqual(2 * busySeconds - rounding);
    expect(usage.seconds).toBeGreaterThanOrEqual(2 * busySeconds);
  });

  it('has that of a process for which nobody waits', async () => {
    // The shell is gone at once. What it started tells when it has done its work, and stays until its input ends.
    const { value: orphans, usage } = await usageOf(async (variables) => {
      const program = `${busy} console.log('done'); process.stdin.resume();`;
      const shell = spawn('sh', ['-c', 'exec 3<&0; "$0" -e "$1" <&3 &', process.execPath, program], {
        env: { ...process.env, ...variables },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      await once(shell.stdout, 'data');
      return shell.stdin;
    });
    orphans.end();
    expect(usage.cpuSeconds).toBeGreaterThanOrEqual(busySeconds - rounding);
  });

  it('counts no time that only passes', async () => {
    const { usage } = await usageOf(() => run('sleep', ['0.5']));
    expect(usage.seconds).toBeGreaterThanOrEqual(0.5);
    expect(usage.cpuSeconds).toBeLessThan(0.4);
  });
});
