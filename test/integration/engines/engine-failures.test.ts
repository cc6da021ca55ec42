import { execa } from 'execa';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runExec } from '../../../src/engine/docker/nodes/containerExec.js';
import { makeOverlay } from '../../../src/engine/vm/qemu/disk.js';
import { bootableKernel } from '../../../src/engine/kernel/bootableKernel.js';
import { parseKernelSpec } from '../../../src/engine/kernel/kernelSpec.js';
import { Machine } from '../../../src/engine/vm/qemu/machine.js';
import { startVm, type VmRequest } from '../../../src/engine/vm/qemu/runningVm.js';
import { makeShape } from '../../../src/scenario/plan/shape.js';
import type { LabError } from '../../../src/support/errors.js';
import { kernelWithInit, quietProgress } from '../support/smallGuest.js';
import { dockerOf, imageOf } from '../support/labDocker.js';
import { shipped, temporaryFolder } from '../support/run.js';
import { sharedEngine } from '../support/sharedEngine.js';

const size = { accelerator: 'tcg', memory: 512, cpus: 1 } as const;

/** Boots a guest with this init and returns the error it ends with. */
async function failureOf(init: string, options: Partial<VmRequest> = {}): Promise<LabError> {
  const directory = await temporaryFolder();
  const disk = path.join(directory, 'disk.qcow2');
  await execa('qemu-img', ['create', '-q', '-f', 'qcow2', disk, '64M']);
  const consoleFile = path.join(directory, 'console.log');
  const starting = startVm({
    kernel: await kernelWithInit(directory, init),
    size,
    disk,
    memory: undefined,
    saved: undefined,
    outbound: false,
    consoleFile,
    progress: quietProgress,
    ...options,
  });
  const error = (await starting.then(
    () => new Error('the guest came up'),
    (failure: unknown) => failure,
  )) as LabError;
  // Whatever the end, the console is kept.
  expect(await readFile(consoleFile, 'utf8')).not.toBe('');
  return error;
}

describe('a guest that fails says how, with the end of its console', () => {
  it('panics', async () => {
    const error = await failureOf('exit 3');
    expect(error.message).toBe("the guest's kernel panicked: Attempted to kill init! exitcode=0x00000300");
    expect(error.details).toContain('Kernel panic');
  });

  it('runs out of memory', async () => {
    const error = await failureOf(
      [
        '/bin/busybox mkdir /proc /dev /full',
        '/bin/busybox mount -t proc proc /proc',
        '/bin/busybox mount -t devtmpfs dev /dev',
        '/bin/busybox mount -t ramfs full /full',
        'echo 1 >/proc/sys/vm/panic_on_oom',
        '/bin/busybox cat /dev/zero >/full/file',
      ].join('\n'),
    );
    expect(error.message).toBe('the guest ran out of memory');
  });

  it('says itself that it gives up', async () => {
    const error = await failureOf('echo "lvs-lab-guest: failed: no virtio disk"; /bin/busybox poweroff -f');
    expect(error.message).toBe('the guest gave up: no virtio disk');
  });

  it('powers off before its time', async () => {
    const error = await failureOf('echo going; /bin/busybox poweroff -f');
    expect(error.message).toBe('the guest powered off before its time');
    expect(error.details).toContain('going');
  });

  it('hangs', async () => {
    const error = await failureOf('echo "waiting for nothing"; while :; do /bin/busybox sleep 9; done', {
      bootSeconds: 12,
    });
    expect(error.message).toMatch(
      /^the guest did not bring up Docker: expected the boot to end within .+; it was still going on$/,
    );
    expect(error.details).toContain('waiting for nothing');
  });
});

describe('a guest that is lost in the middle', () => {
  it('says that its disk is full, and is the end of no other', async () => {
    const engine = await sharedEngine();
    const subnets = { lan: '198.18.7.0/24', front: '198.18.8.0/24' };
    const labShape = makeShape(await shipped('close/server-first'), { runId: 'full', lab: 1, subnets });
    await using full = await engine.createLab(labShape);
    await using other = await engine.createLab(labShape);
    const docker = await dockerOf(full);
    const image = await imageOf(docker, full, 'client');
    const container = await docker.createContainer({ Image: image, name: 'hog' });
    await container.start();
    const filled = runExec(docker, 'hog', ['fallocate', '-l', '7800M', '/fill'], { seconds: 60 });
    filled.catch(() => undefined);
    await expect(full.lost).rejects.toThrow(/the guest ran out of disk space: \d+ KiB left/);
    expect((await other.nodes[0]?.exec(['true'], { seconds: 30 }))?.exitCode).toBe(0);
  });
});

describe('a kernel that cannot be booted', () => {
  it.each([
    [
      'a text file',
      '/etc/os-release',
      5,
      /is not a kernel that can be booted here: .*expected an x86 bzImage/,
    ],
    ['a file that is not there', '/nonexistent/vmlinuz', 5, /cannot read the kernel/],
  ])('is refused: %s', async (_, file, exitCode, message) => {
    const boot = async () => bootableKernel(parseKernelSpec(file), quietProgress);
    const error = (await boot().catch((failure: unknown) => failure)) as LabError;
    expect(error.message).toMatch(message);
    expect(error.exitCode).toBe(exitCode);
  });
});

describe('a killed QEMU', () => {
  it('is an error of its own', async () => {
    const directory = await temporaryFolder();
    const kernel = await kernelWithInit(directory, 'echo alive; while :; do /bin/busybox sleep 9; done');
    const disk = path.join(directory, 'disk.qcow2');
    await execa('qemu-img', ['create', '-q', '-f', 'qcow2', disk, '64M']);
    await makeOverlay(disk, path.join(directory, 'overlay.qcow2'), quietProgress);
    await using machine = await Machine.start(
      size,
      {
        kernel,
        disk: path.join(directory, 'overlay.qcow2'),
        qmpSocket: path.join(directory, 'qmp'),
        relaySocket: path.join(directory, 'relay'),
        memory: undefined,
        state: undefined,
        outbound: false,
      },
      path.join(directory, 'console.log'),
    );
    process.kill(machine.pid, 'SIGKILL');
    await expect(machine.lost).rejects.toThrow('QEMU was killed by SIGKILL');
  });
});
