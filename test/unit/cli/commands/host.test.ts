import { describe, expect, it } from 'vitest';
import type { Requirement } from '../../../../src/engine/host/diagnose.js';
import { LabError } from '../../../../src/support/errors.js';
import { fakeServices, lvsLab, type Calls } from '../harness.js';

const ok: Requirement = { name: 'mmdebstrap', state: 'ok', detail: '1.3.5', fix: undefined };
const missing: Requirement = {
  name: 'qemu-system-x86_64',
  state: 'missing',
  detail: 'runs the guest',
  fix: 'sudo apt-get install -y qemu-system-x86',
  packages: ['qemu-system-x86'],
};

describe('lvs-lab doctor', () => {
  it('is content when nothing is missing', async () => {
    const services = fakeServices({ diagnose: () => Promise.resolve([ok]) });
    expect(await lvsLab(['doctor'], services)).toMatchObject({
      code: 0,
      out: 'ok       mmdebstrap: 1.3.5\n',
    });
    expect(await lvsLab(['doctor', '--quiet'], services)).toMatchObject({ code: 0, out: '' });
  });

  it('names what is missing and how to get it, and ends with 2', async () => {
    const services = fakeServices({ diagnose: () => Promise.resolve([ok, missing]) });
    expect(await lvsLab(['doctor', '--quiet'], services)).toMatchObject({
      code: 2,
      out: 'missing  qemu-system-x86_64: runs the guest\n         fix: sudo apt-get install -y qemu-system-x86\n',
    });
  });

  it('does not fail for a warning', async () => {
    const slow: Requirement = {
      name: 'kvm',
      state: 'warning',
      detail: 'does not work here',
      fix: 'use a faster machine',
    };
    const services = fakeServices({ diagnose: () => Promise.resolve([slow]) });
    expect(await lvsLab(['doctor', '--quiet'], services)).toMatchObject({ code: 0, out: '' });
    const { code, out } = await lvsLab(['doctor'], services);
    expect(code).toBe(0);
    expect(out).toMatch(/^warning {2}kvm: does not work here\n {9}fix: use a faster machine\n$/);
  });

  it('installs what is missing for the engine asked for, and looks again', async () => {
    let installed = false;
    const calls: Calls = [];
    const services = fakeServices({
      diagnose: ({ engine }) => {
        calls.push(`diagnose ${engine}`);
        return Promise.resolve(installed ? [ok] : [ok, missing]);
      },
      installMissing: (requirements) => {
        calls.push(`install ${requirements.flatMap(({ packages }) => packages ?? []).join()}`);
        installed = true;
        return Promise.resolve();
      },
    });
    expect((await lvsLab(['doctor', '--install', '--engine', 'vm'], services)).code).toBe(0);
    expect(calls).toEqual(['diagnose vm', 'install qemu-system-x86', 'diagnose vm']);
    await lvsLab(['doctor', '--install'], services);
    expect(calls.slice(3)).toEqual(['diagnose auto']);
  });

  it('ends with 2 when the installation fails', async () => {
    const services = fakeServices({
      diagnose: () => Promise.resolve([missing]),
      installMissing: () => Promise.reject(new LabError('not root', { hint: 'sudo apt-get install qemu' })),
    });
    const { code, err } = await lvsLab(['doctor', '--install'], services);
    expect(code).toBe(2);
    expect(err).toContain('error: not root\n  hint: sudo apt-get install qemu\n');
  });
});

describe('lvs-lab clean', () => {
  it('says what it removed, and when there was nothing', async () => {
    const services = fakeServices({ sweepLeftovers: () => Promise.resolve(['container a', '/tmp/x']) });
    expect(await lvsLab(['clean'], services)).toMatchObject({
      code: 0,
      out: 'removed container a\nremoved /tmp/x\n',
    });
    expect(await lvsLab(['clean'])).toMatchObject({ code: 0, out: 'nothing was left behind\n' });
  });

  it('removes the cache only when asked to', async () => {
    const services = fakeServices({ sweepCache: () => Promise.resolve(['/cache/root-1']) });
    expect((await lvsLab(['clean'], services)).out).toBe('nothing was left behind\n');
    expect((await lvsLab(['clean', '--cache'], services)).out).toBe('removed /cache/root-1\n');
  });
});
