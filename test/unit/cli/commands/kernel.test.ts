import { describe, expect, it } from 'vitest';
import type { KernelServices } from '../../../../src/cli/frame/services.js';
import { Interruption } from '../../../../src/cli/frame/interruption.js';
import { UsageError } from '../../../../src/support/errors.js';
import { fakeKernels, fakeServices, lvsLab, someKernel, type Calls } from '../harness.js';

function withKernels(kernels: Partial<KernelServices>, calls: Calls = []) {
  return fakeServices({ kernels: fakeKernels(kernels, calls) });
}

describe('lvs-lab kernel add', () => {
  it('hands over all that was said, and shows the kernel', async () => {
    const calls: Calls = [];
    const argv = ['kernel', 'add', 'mine', '--from', 'a.deb', '--from', 'b.deb', '--modules', 'lib'];
    const more = ['--config', 'conf', '--module', 'ip_vs.ko', '--module', 'nf_conntrack.ko'];
    const { code, out, err } = await lvsLab([...argv, ...more], withKernels({}, calls));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(calls).toEqual([
      `add ${JSON.stringify({
        name: 'mine',
        from: ['a.deb', 'b.deb'],
        modules: 'lib',
        config: 'conf',
        replacements: ['ip_vs.ko', 'nf_conntrack.ko'],
      })}`,
    ]);
    expect(out).toMatch(/^name {13}mine\nrelease {10}6\.1\.0-lab\n/);
    expect(out).toContain('missing options  none\n');
  });

  it('replaces no module where none was named, and prints JSON when it is asked to', async () => {
    const calls: Calls = [];
    const { code, out } = await lvsLab(
      ['kernel', 'add', 'mine', '--from', 'x', '--json'],
      withKernels({}, calls),
    );
    expect(code).toBe(0);
    expect(calls).toEqual([`add ${JSON.stringify({ name: 'mine', from: ['x'], replacements: [] })}`]);
    expect(JSON.parse(out)).toEqual({ ...JSON.parse(JSON.stringify(someKernel)), name: 'mine' });
  });

  it('shows on stderr what goes on, as --progress wants it', async () => {
    const services = withKernels({
      add: (_, { emit }) => {
        emit({ type: 'engine-note', message: 'made again' });
        return Promise.resolve(someKernel);
      },
    });
    const argv = ['kernel', 'add', 'mine', '--from', 'x', '--progress'];
    expect((await lvsLab([...argv, 'plain'], services)).err).toContain('made again');
    expect((await lvsLab([...argv, 'quiet'], services)).err).toBe('');
  });

  it('ends with 5 and the reason when the kernel is refused, and without --from', async () => {
    const refused = new UsageError('expected a kernel in x, found none', { hint: 'name its file' });
    const services = withKernels({ add: () => Promise.reject(refused) });
    const { code, out, err } = await lvsLab(['kernel', 'add', 'mine', '--from', 'x'], services);
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(err).toContain('error: expected a kernel in x, found none\n  hint: name its file\n');
    expect((await lvsLab(['kernel', 'add', 'mine'])).code).toBe(5);
  });

  it('lets the work know when somebody stops it', async () => {
    const controller = new AbortController();
    const services = withKernels({
      add: (_, { signal }) => {
        controller.abort(new Interruption('SIGINT'));
        return Promise.reject(signal.reason as Error);
      },
    });
    const argv = ['kernel', 'add', 'mine', '--from', 'x'];
    expect((await lvsLab(argv, services, { signal: controller.signal })).code).toBe(130);
  });
});

describe('lvs-lab kernel list', () => {
  it('lists what was added, or says how to add one', async () => {
    const { code, out } = await lvsLab(['kernel', 'list']);
    expect(code).toBe(0);
    expect(out).toMatch(/^ +patched +6\.1\.0-lab +\.\/linux +0 +2026-01-02$/m);
    const none = withKernels({ list: () => Promise.resolve([]) });
    expect(await lvsLab(['kernel', 'list'], none)).toMatchObject({
      code: 0,
      out: 'no kernel was added; see `lvs-lab kernel add --help`\n',
    });
    expect(JSON.parse((await lvsLab(['kernel', 'list', '--json'], none)).out)).toEqual([]);
  });
});

describe('lvs-lab kernel info', () => {
  it('says what is known of the one that was named', async () => {
    const calls: Calls = [];
    const services = withKernels({}, calls);
    const { code, out } = await lvsLab(['kernel', 'info', 'debian:sid'], services);
    expect(code).toBe(0);
    expect(calls).toEqual(['info debian:sid']);
    expect(out).toContain('build id         abc123\n');
    const { out: json } = await lvsLab(['kernel', 'info', 'patched', '--json'], services);
    expect(JSON.parse(json)).toMatchObject({ name: 'patched', release: '6.1.0-lab' });
  });

  it('ends with 5 for one that nobody knows', async () => {
    const services = withKernels({ info: () => Promise.reject(new UsageError('no such kernel')) });
    expect(await lvsLab(['kernel', 'info', 'mien'], services)).toMatchObject({ code: 5, out: '' });
  });
});

describe('lvs-lab kernel rm', () => {
  it('removes the one that was named and says so', async () => {
    const calls: Calls = [];
    const services = withKernels({}, calls);
    expect(await lvsLab(['kernel', 'rm', 'patched'], services)).toMatchObject({
      code: 0,
      out: 'removed the kernel patched\n',
    });
    expect(JSON.parse((await lvsLab(['kernel', 'rm', 'old', '--json'], services)).out)).toEqual({
      removed: 'old',
    });
    expect(calls).toEqual(['remove patched', 'remove old']);
  });

  it('says nothing of a removal that was refused', async () => {
    const services = withKernels({ remove: () => Promise.reject(new UsageError('no such kernel')) });
    expect(await lvsLab(['kernel', 'rm', 'mien'], services)).toMatchObject({ code: 5, out: '' });
  });
});
