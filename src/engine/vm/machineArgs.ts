import { availableParallelism } from 'node:os';
import type { BootableKernel } from '../kernel/kernel.js';

export type Accelerator = 'kvm' | 'tcg';

export interface VmSize {
  readonly accelerator: Accelerator;
  /** Memory in MiB. */
  readonly memory: number;
  readonly cpus: number;
}

/** The default size of a VM. 2 GiB is enough for Docker and a dozen nodes, and more than four processors do not make a lab faster. */
export function defaultShape(accelerator: Accelerator): VmSize {
  return { accelerator, memory: 2048, cpus: Math.min(4, availableParallelism()) };
}

export interface MachineFiles {
  readonly kernel: BootableKernel;
  /** Path of a qcow2 disk, which the machine writes to. */
  readonly disk: string;
  readonly qmpSocket: string;
  readonly handoverSocket: string;
  /** Path of a saved state to resume from; undefined: boot. */
  readonly state: string | undefined;
  /** False keeps the guest from reaching anything outside. True only while images are built from a registry. */
  readonly outbound: boolean;
}

/**
 * The arguments of QEMU that define the virtual hardware, which must be the same to resume a saved state. An emulated processor without AVX
 * is faster, because libraries then choose code that is cheap to translate.
 */
export function hardwareArgs(shape: VmSize): readonly string[] {
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
 * The kernel's command line. Mitigations are off: they cost a lot under emulation, and protect nobody in a guest that lives for a minute.
 * Random addresses are off: QEMU translates code for the address it runs at, so they would make it translate the same libraries again for
 * each process.
 */
export const kernelCommandLine =
  'console=ttyS0 quiet panic=-1 oops=panic mitigations=off norandmaps apparmor=0 audit=0';

/** Arguments of setpriv that make the kernel kill QEMU when the thread that started it ends, for whatever reason. */
export const tiedToParent = ['--pdeathsig', 'KILL', '--', 'qemu-system-x86_64'] as const;

/** QEMU's whole argument vector, program name included. */
export function machineArgv(shape: VmSize, files: MachineFiles): readonly string[] {
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

/** A value in QEMU's option syntax, where a comma is doubled. */
const escapeOption = (value: string): string => value.replaceAll(',', ',,');

const shellWord = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;
