import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeServices, folder, lvsLab, scenarioFiles, type Calls } from '../../harness.js';

/** A place with a scenario, a folder that is in use, and a file that is no kernel. */
function place() {
  const cwd = folder();
  const files = scenarioFiles(cwd, [{ id: 't/a' }]);
  mkdirSync(join(cwd, 'used/before'), { recursive: true });
  const noKernel = join(cwd, 'notes.txt');
  writeFileSync(noKernel, 'not a kernel\n');
  const calls: Calls = [];
  const run = (...options: readonly string[]) =>
    lvsLab(['run', ...files, ...options], fakeServices({}, calls), { cwd });
  return { cwd, calls, noKernel, run };
}

describe('run --list', () => {
  it.each([
    ['an outcome there is none of', ['--expect', 'fine'], 'Allowed choices are healthy'],
    ['a kernel that is not there', ['--kernel', '/nix/vmlinuz'], 'there is no /nix/vmlinuz'],
    ['a kernel that is none', ['--kernel', 'NOTES'], 'is not a kernel that can be booted here'],
    ['an image there is none of', ['--image', 'debian:nosuch'], '--image debian:nosuch'],
    [
      'an accelerator for the local engine',
      ['--engine', 'local', '--accel', 'kvm'],
      'only a VM has an accelerator',
    ],
    [
      'a kernel for the local engine',
      ['--engine', 'local', '--kernel', 'debian:sid'],
      'a local engine has the kernel',
    ],
    [
      'a place for evidence that is in use',
      ['--out', 'used'],
      'expected --out to name an empty or a new folder',
    ],
    ['one place for two reports', ['--junit', 'x', '--ktap', 'x'], 'to go to two places'],
  ])('refuses what a run refuses: %s', async (_, words, message) => {
    const { calls, noKernel, run } = place();
    const options = words.map((word) => (word === 'NOTES' ? noKernel : word));
    const [ran, listed] = [await run(...options), await run('--list', ...options)];
    expect(ran).toMatchObject({ code: 5, out: '' });
    expect(ran.err).toContain(message);
    expect({ ...listed, cwd: '' }).toEqual({ ...ran, cwd: '' });
    expect(calls).toEqual([]);
  });

  it('lists a matrix although one of its kernels is none, for the others run', async () => {
    const { noKernel, run } = place();
    const kernels = `${noKernel},debian:sid`;
    const { code, out } = await run('--list', '--kernel', kernels);
    expect(code).toBe(0);
    expect(out).toContain('2 jobs');
    expect((await run('--list', '--kernel', kernels, '--image', 'debian:nosuch')).code).toBe(5);
  });

  it('leaves a kernel that is none to the engine in a child of a matrix, which reports it job by job', async () => {
    const { cwd, noKernel, run } = place();
    const jobs = join(cwd, 'jobs.json');
    writeFileSync(jobs, '["t/a"]');
    expect((await run('--list', '--kernel', noKernel)).code).toBe(5);
    expect((await run('--list', '--kernel', noKernel, '--jobs', jobs)).code).toBe(0);
  });

  it('says of names that the lab does not have what a run says', async () => {
    const cwd = folder();
    const rules = ['director:', '  commands: ["iptables -A INPUT -i bond0 -j DROP"]'];
    const files = scenarioFiles(cwd, [{ id: 't/a', more: rules }]);
    const [ran, listed] = [
      await lvsLab(['run', ...files], fakeServices(), { cwd }),
      await lvsLab(['run', '--list', ...files], fakeServices(), { cwd }),
    ];
    expect(listed.err).toContain('has no interface `bond0`');
    expect(ran.err).toContain(listed.err);
  });

  it('shows what the run would expect', async () => {
    const { run } = place();
    const expected = async (...options: readonly string[]) => {
      const { code, out } = await run('--list', '--json', ...options);
      expect(code).toBe(0);
      const { jobs } = JSON.parse(out) as { readonly jobs: readonly { readonly expect: object }[] };
      return jobs.map((job) => job.expect);
    };
    expect(await expected()).toEqual([{ outcome: 'healthy' }]);
    expect(await expected('--expect', 'close-blocked')).toEqual([{ outcome: 'close-blocked' }]);
    expect((await run('--list', '--expect', 'close-blocked')).out).toMatch(/t\/a .* close-blocked/);
  });
});
