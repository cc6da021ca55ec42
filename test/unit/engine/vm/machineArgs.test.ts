import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  defaultShape,
  hardwareArgs,
  machineArgv,
  type MachineFiles,
} from '../../../../src/engine/vm/machineArgs.js';

const files: MachineFiles = {
  kernel: { key: 'k', release: '6.1.0', image: '/cache/vmlinuz', initramfs: '/cache/initramfs.cpio' },
  disk: '/scratch/disk.qcow2',
  qmpSocket: '/scratch/qmp',
  handoverSocket: '/scratch/handover',
  state: undefined,
  outbound: false,
};
const shape = { accelerator: 'tcg', memory: 2048, cpus: 2 } as const;
const argvOf = (change: Partial<MachineFiles> = {}): readonly string[] =>
  machineArgv(shape, { ...files, ...change });

/** The values that follow an option. */
const valuesOf = (argv: readonly string[], option: string): string[] =>
  argv.flatMap((word, index) => (word === option ? [argv[index + 1] ?? ''] : []));

describe('machineArgv', () => {
  it('ends QEMU with the process that started it', () => {
    expect(argvOf().slice(0, 5)).toEqual(['setpriv', '--pdeathsig', 'KILL', '--', 'qemu-system-x86_64']);
  });

  it('listens on loopback only, on a port that QEMU chooses', () => {
    const argv = argvOf();
    const [netdev, ...others] = valuesOf(argv, '-netdev');
    expect(others).toEqual([]);
    expect(netdev?.match(/hostfwd=[^,]*/g)).toEqual(['hostfwd=tcp:127.0.0.1:0-:2376']);
    // Everything else that takes connections is a Unix socket.
    const listening = argv.filter(
      (word) => /server=on|listen|vnc|spice|tcp:|telnet:|udp:/.test(word) && word !== netdev,
    );
    expect(listening).toEqual([
      'socket,id=handover,path=/scratch/handover,server=on,wait=off',
      'unix:/scratch/qmp,server=on,wait=off',
    ]);
  });

  it.each([
    [false, 'restrict=on'],
    [true, 'restrict=off'],
  ])('with outbound %s has %s', (outbound, expected) => {
    expect(valuesOf(argvOf({ outbound }), '-netdev')[0]?.split(',')).toContain(expected);
  });

  it('doubles commas in paths, which would end the option', () => {
    const argv = argvOf({ disk: '/a,b/disk.qcow2', qmpSocket: '/a,b/qmp', handoverSocket: '/a,b/handover' });
    expect(valuesOf(argv, '-drive')).toEqual(['file=/a,,b/disk.qcow2,if=virtio,format=qcow2,cache=unsafe']);
    expect(valuesOf(argv, '-qmp')).toEqual(['unix:/a,,b/qmp,server=on,wait=off']);
    expect(valuesOf(argv, '-chardev')[0]).toContain('path=/a,,b/handover,server=on');
  });

  it('reads a saved state through a shell, whatever its path', () => {
    expect(argvOf()).not.toContain('-incoming');
    const state = "/it's a $HOME/state";
    const [incoming] = valuesOf(argvOf({ state }), '-incoming');
    const command = /^exec:cat (.*)$/.exec(incoming ?? '')?.[1] ?? '';
    expect(execFileSync('sh', ['-c', `printf %s ${command}`]).toString()).toBe(state);
  });

  it('boots the kernel with a console to read and a panic that ends it', () => {
    const argv = argvOf();
    expect(valuesOf(argv, '-kernel')).toEqual(['/cache/vmlinuz']);
    expect(valuesOf(argv, '-initrd')).toEqual(['/cache/initramfs.cpio']);
    expect(valuesOf(argv, '-append')[0]?.split(' ')).toEqual(
      expect.arrayContaining(['console=ttyS0', 'panic=-1', 'oops=panic']),
    );
    expect(argv).toContain('-no-reboot');
  });
});

describe('hardwareArgs', () => {
  it('is part of the whole, and the same for a machine that boots and one that goes on', () => {
    const hardware = hardwareArgs(shape).join('\0');
    expect(argvOf().join('\0')).toContain(hardware);
    expect(argvOf({ state: '/state' }).join('\0')).toContain(hardware);
  });

  it('uses the host’s processor with KVM only', () => {
    expect(valuesOf(hardwareArgs(shape), '-accel')).toEqual(['tcg,thread=multi']);
    expect(valuesOf(hardwareArgs(shape), '-cpu')).not.toEqual(['host']);
    const kvm = hardwareArgs({ ...shape, accelerator: 'kvm' });
    expect(valuesOf(kvm, '-accel')).toEqual(['kvm']);
    expect(valuesOf(kvm, '-cpu')).toEqual(['host']);
  });
});

describe('defaultShape', () => {
  it('has memory for Docker and at most four processors', () => {
    const { accelerator, memory, cpus } = defaultShape('kvm');
    expect(accelerator).toBe('kvm');
    expect(memory).toBeGreaterThanOrEqual(2048);
    expect([1, 2, 3, 4]).toContain(cpus);
  });
});
