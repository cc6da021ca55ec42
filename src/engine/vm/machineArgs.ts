import { availableParallelism } from 'node:os';
import type { BootableKernel } from '../kernel/kernel.js';

export type Accelerator = 'kvm' | 'tcg';

export interface MachineShape {
  readonly accelerator: Accelerator;
  /** MiB. */
  readonly memory: number;
  readonly cpus: number;
}

/** 2 GiB holds Docker and a dozen nodes; more processors than four do not make a lab faster. */
export function defaultShape(accelerator: Accelerator): MachineShape {
  return { accelerator, memory: 2048, cpus: Math.min(4, availableParallelism()) };
}

export interface MachineFiles {
  readonly kernel: BootableKernel;
  /** A qcow2 disk, written to. */
  readonly disk: string;
  readonly qmpSocket: string;
  readonly handoverSocket: string;
  /** A saved machine to go on from; undefined: boot. */
  readonly state: string | undefined;
  /** False keeps the guest from reaching anything outside; true only while images are built from a registry. */
  readonly outbound: boolean;
}

/**
 * The parts of QEMU's command line that make up the virtual hardware: a saved state fits only the same ones.
 * Under emulation a processor without AVX is faster: libraries then take code paths that are cheap to translate.
 */
export function hardwareArgs(shape: MachineShape): readonly string[] {
  const cpu = shape.accelerator === 'kvm' ? 'host' : 'Nehalem';
  return [
    ...['-machine', 'pc'],
    ...['-accel', shape.accelerator === 'kvm' ? 'kvm' : 'tcg,thread=multi'],
    ...['-cpu', cpu, '-smp', String(shape.cpus), '-m', String(shape.memory)],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-device', 'virtio-rng-pci'],
    // Tells the kernel that it was restored, so that it reseeds its random generator.
    ...['-device', 'vmgenid,guid=auto'],
  ];
}

/**
 * The kernel's command line. Mitigations cost a lot under emulation and protect nobody in a guest that lives a minute. Random addresses
 * cost more: QEMU translates code for the address it runs at, so with them the same libraries again for each process.
 */
export const kernelCommandLine =
  'console=ttyS0 quiet panic=-1 oops=panic mitigations=off norandmaps apparmor=0 audit=0';

/** setpriv's arguments: the kernel kills QEMU when the thread that started it is gone, whatever ended it. */
export const tiedToParent = ['--pdeathsig', 'KILL', '--', 'qemu-system-x86_64'] as const;

/** QEMU's whole argument vector, program name included. */
export function machineArgv(shape: MachineShape, files: MachineFiles): readonly string[] {
  return [
    'setpriv',
    ...tiedToParent,
    ...hardwareArgs(shape),
    ...['-kernel', files.kernel.image, '-initrd', files.kernel.initramfs, '-append', kernelCommandLine],
    ...['-drive', `file=${escapeOption(files.disk)},if=virtio,format=qcow2,cache=unsafe`],
    ...[
      '-netdev',
      `user,id=net,restrict=${files.outbound ? 'off' : 'on'},hostfwd=tcp:127.0.0.1:0-:2376`,
      ...['-device', 'virtio-net-pci,netdev=net,romfile='],
    ],
    ...['-device', 'virtio-serial-pci'],
    ...['-chardev', `socket,id=handover,path=${escapeOption(files.handoverSocket)},server=on,wait=off`],
    ...['-device', 'virtserialport,chardev=handover,name=lvs-lab'],
    ...['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console'],
    ...['-qmp', `unix:${escapeOption(files.qmpSocket)},server=on,wait=off`],
    ...(files.state === undefined ? [] : ['-incoming', `exec:cat ${shellWord(files.state)}`]),
  ];
}

/** QEMU's option syntax: a comma in a value is doubled. */
const escapeOption = (value: string): string => value.replaceAll(',', ',,');

const shellWord = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;
