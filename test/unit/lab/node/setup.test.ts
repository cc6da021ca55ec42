import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../../src/support/packageRoot.js';

const script = (name: string) => join(packageRoot, 'lab/node', name);

// Stand-ins for the tools, which would change this machine: they note how they were called.
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-lab-setup-'));
  for (const name of ['ip', 'nstat']) tool(name);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** `then` is what it does besides. */
function tool(name: string, then = ''): void {
  writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} $*" >>${folder}/calls\n${then}\n`);
  chmodSync(join(folder, name), 0o755);
}

function run(argv: readonly [string, ...string[]]) {
  const env = { ...process.env, PATH: `${folder}:/usr/bin:/bin` };
  const [program, ...args] = argv;
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env });
  return { status, stdout, stderr };
}

const calls = () => readFileSync(join(folder, 'calls'), 'utf8').split('\n').filter(Boolean);

describe('devices/tunnel.sh', () => {
  const absent = 'case "$*" in *show*) exit 1 ;; *) echo "File exists" >&2; exit 2 ;; esac';

  it('leaves a device that is there', () => {
    expect(run(['sh', script('devices/tunnel.sh'), 'tunl0', 'ipip'])).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
    expect(calls()).toEqual(['ip link show tunl0']);
  });

  it.each([
    ['tunl0', 'ipip', 'ip tunnel add tunl0 mode ipip'],
    ['ip6tnl0', 'ip6ip6', 'ip -6 tunnel add ip6tnl0 mode ip6ip6'],
  ])('asks for %s, and takes the error that comes with it', (device, mode, asked) => {
    tool('ip', absent);
    expect(run(['sh', script('devices/tunnel.sh'), device, mode])).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
    expect(calls()).toEqual([`ip link show ${device}`, asked]);
  });
});

describe('devices/add.sh', () => {
  const add = () => run(['sh', script('devices/add.sh'), 'bond0', 'lo']);

  it('makes an interface with the MAC address of another', () => {
    expect(add()).toEqual({ status: 0, stdout: '', stderr: '' });
    const mac = readFileSync('/sys/class/net/lo/address', 'utf8').trim();
    expect(calls()).toEqual(['ip link add bond0 type dummy', `ip link set bond0 address ${mac} arp on up`]);
  });

  it('fails with what ip says where there is one of that name', () => {
    tool('ip', 'echo "File exists" >&2; exit 2');
    expect(add()).toMatchObject({ status: 2, stderr: 'File exists\n' });
    expect(calls()).toEqual(['ip link add bond0 type dummy']);
  });
});

describe('zero.sh', () => {
  /** The script with this test's folder for the container's. */
  const zero = () => {
    const text = readFileSync(script('zero.sh'), 'utf8');
    expect(text).toContain('/lab/');
    writeFileSync(join(folder, 'zero.sh'), text.replaceAll('/lab/', `${folder}/`));
    return run(['sh', join(folder, 'zero.sh')]);
  };

  it('keeps the statistics that cannot be zeroed', () => {
    tool('conntrack', 'echo found=1');
    expect(zero()).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(calls()).toEqual(['nstat -n', 'conntrack -S']);
    expect(readFileSync(join(folder, 'conntrack-stats'), 'utf8')).toBe('found=1\n');
  });

  it('does without them where they cannot be had, and fails where the counters are not zeroed', () => {
    tool('conntrack', 'echo no >&2; exit 1');
    expect(zero()).toEqual({ status: 0, stdout: '', stderr: '' });
    tool('nstat', 'echo "nstat: no" >&2; exit 3');
    expect(zero()).toEqual({ status: 3, stdout: '', stderr: 'nstat: no\n' });
  });
});

describe('announce.sh', () => {
  it('tells the process id of what it becomes, which has its arguments and its exit code', () => {
    const argv = [
      'sh',
      script('announce.sh'),
      'sh',
      '-c',
      'echo "$$ $1"; exit 3',
      'sh',
      'two words',
    ] as const;
    const { status, stdout, stderr } = run([...argv]);
    expect(status).toBe(3);
    const [, pid = ''] = /^@@ pid (\d+)\n$/.exec(stderr) ?? [];
    expect(stdout).toBe(`${pid} two words\n`);
  });
});

describe('server/listening.sh', () => {
  it('ends as soon as nginx has written its process id, and not before', () => {
    mkdirSync(join(folder, 'run'));
    const file = join(folder, 'listening.sh');
    copyFileSync(script('server/listening.sh'), file);
    expect(run(['timeout', '0.4', 'sh', file]).status).toBe(124);
    writeFileSync(join(folder, 'run/nginx.pid'), '');
    expect(run(['timeout', '0.4', 'sh', file]).status).toBe(124);
    writeFileSync(join(folder, 'run/nginx.pid'), '7\n');
    expect(run(['timeout', '10', 'sh', file]).status).toBe(0);
  });
});
