import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import {
  vmSize,
  hardwareArgs,
  machineArgv,
  type MachineFiles,
} from '../../../../../src/engine/vm/qemu/machineArgs.js';

const files: MachineFiles = {
  kernel: { key: 'k', release: '6.1.0', image: '/cache/vmlinuz', initramfs: '/cache/initramfs.cpio' },
  disk: '/scratch/disk.qcow2',
  qmpSocket: '/scratch/qmp',
  relaySocket: '/scratch/relay',
  memory: undefined,
  state: undefined,
  outbound: false,
};
const size = { accelerator: 'tcg', memory: 2048, cpus: 2 } as const;
const argvOf = (change: Partial<MachineFiles> = {}): readonly string[] =>
  machineArgv(size, { ...files, ...change });

/** The values that follow an option. */
const valuesOf = (argv: readonly string[], option: string): string[] =>
  argv.flatMap((word, index) => (word === option ? [argv[index + 1] ?? ''] : []));

describe('machineArgv', () => {
  it('ends QEMU with the process that started it', () => {
    expect(argvOf().slice(0, 5)).toEqual(['setpriv', '--pdeathsig', 'KILL', '--', 'qemu-system-x86_64']);
  });

  it('takes connections on Unix sockets in its own folder only', () => {
    const argv = argvOf();
    expect(valuesOf(argv, '-netdev')).toEqual(['user,id=net,restrict=on']);
    const listening = argv.filter((word) =>
      /server=on|listen|hostfwd|vnc|spice|tcp:|telnet:|udp:/.test(word),
    );
    expect(listening).toEqual([
      'socket,id=relay,path=/scratch/relay,server=on,wait=off',
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
    const argv = argvOf({ disk: '/a,b/disk.qcow2', qmpSocket: '/a,b/qmp', relaySocket: '/a,b/relay' });
    expect(valuesOf(argv, '-drive')).toEqual(['file=/a,,b/disk.qcow2,if=virtio,format=qcow2,cache=unsafe']);
    expect(valuesOf(argv, '-qmp')).toEqual(['unix:/a,,b/qmp,server=on,wait=off']);
    expect(valuesOf(argv, '-chardev')[0]).toContain('path=/a,,b/relay,server=on');
  });

  it('reads a saved state when it is told to, and boots where there is none', () => {
    expect(argvOf()).not.toContain('-incoming');
    expect(valuesOf(argvOf({ state: '/state' }), '-incoming')).toEqual(['defer']);
  });

  it('has its memory in a file of its size, where it has one', () => {
    const inFile = (isWritten: boolean) => argvOf({ memory: { file: '/a,b/memory', isWritten } });
    expect(valuesOf(inFile(true), '-object')).toEqual([
      'memory-backend-file,id=memory,size=2048M,mem-path=/a,,b/memory,share=on',
    ]);
    expect(valuesOf(inFile(true), '-machine')).toContain('memory-backend=memory');
    expect(argvOf().join(' ')).not.toContain('memory-backend');
  });

  it('leaves the file as it is that several machines begin with', () => {
    const [object] = valuesOf(argvOf({ memory: { file: '/memory', isWritten: false } }), '-object');
    expect(object?.split(',')).toContain('share=off');
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
    const hardware = hardwareArgs(size).join('\0');
    expect(argvOf().join('\0')).toContain(hardware);
    expect(argvOf({ state: '/state' }).join('\0')).toContain(hardware);
  });

  it('uses the host’s processor with KVM only', () => {
    expect(valuesOf(hardwareArgs(size), '-accel')).toEqual(['tcg,thread=multi']);
    expect(valuesOf(hardwareArgs(size), '-cpu')).not.toEqual(['host']);
    const kvm = hardwareArgs({ ...size, accelerator: 'kvm' });
    expect(valuesOf(kvm, '-accel')).toEqual(['kvm']);
    expect(valuesOf(kvm, '-cpu')).toEqual(['host']);
  });
});

describe('the size of a VM', () => {
  it('has memory for Docker and, with raw-socket flows, at most four processors', () => {
    const { accelerator, memory, cpus } = vmSize('kvm', true);
    expect(accelerator).toBe('kvm');
    expect(memory).toBeGreaterThanOrEqual(2048);
    expect([1, 2, 3, 4]).toContain(cpus);
  });

  it('has one emulated processor without flows', () => {
    expect(vmSize('tcg', false).cpus).toBe(1);
    expect(vmSize('tcg', true).cpus).toBe(Math.min(4, availableParallelism()));
  });
});
