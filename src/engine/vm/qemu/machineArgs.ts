import { availableParallelism } from 'node:os';
import type { BootableKernel } from '../../kernel/bootableKernel.js';

export type Accelerator = 'kvm' | 'tcg';

export interface VmSize {
  readonly accelerator: Accelerator;
  /** Memory in MiB. */
  readonly memory: number;
  readonly cpus: number;
}

/**
 * The size of a VM. 2 GiB is enough for Docker and a dozen nodes. Raw-socket flows need processors, of which more than four do not make a lab
 * faster. All else needs one: labs are run side by side, and an emulated second processor made a case no quicker, and was seen to lock up with
 * the first.
 */
export function vmSize(accelerator: Accelerator, hasFlows: boolean): VmSize {
  const most = accelerator === 'kvm' ? 2 : 1;
  return { accelerator, memory: 2048, cpus: Math.min(hasFlows ? 4 : most, availableParallelism()) };
}

/** Bytes of memory that a machine with a lab takes for itself. What it has not changed of its saved state is shared with others. */
export const bytesPerMachine = 700e6;

/** A file of as many bytes as the machine has memory. */
export interface MemoryFile {
  readonly file: string;
  /** Whether what the machine writes goes into the file. Otherwise any number of machines may begin with it at the same time. */
  readonly isWritten: boolean;
}

export interface MachineFiles {
  readonly kernel: BootableKernel;
  /** Path of a qcow2 disk, which the machine writes to. */
  readonly disk: string;
  readonly qmpSocket: string;
  /** The socket of the port to the guest's relay. */
  readonly relaySocket: string;
  /** The file that holds the machine's memory; undefined: only this process does. */
  readonly memory: MemoryFile | undefined;
  /** Path of a saved state to resume from; undefined: boot. */
  readonly state: string | undefined;
  /** False keeps the guest from reaching anything outside. True only while images are built from a registry. */
  readonly outbound: boolean;
}

/**
 * The arguments of QEMU that define the virtual hardware, which must be the same to resume a saved state. An emulated processor without AVX
 * is faster, because libraries then choose code that is cheap to translate.
 */
export function hardwareArgs(size: VmSize): readonly string[] {
  const cpu = size.accelerator === 'kvm' ? 'host' : 'Nehalem';
  return [
    ...['-machine', 'pc'],
    ...['-accel', size.accelerator === 'kvm' ? 'kvm' : 'tcg,thread=multi'],
    ...['-cpu', cpu, '-smp', String(size.cpus), '-m', String(size.memory)],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-device', 'virtio-rng-pci'],
    // Tells the kernel that it was restored, so that it reseeds its random generator.
    ...['-device', 'vmgenid,guid=auto'],
  ];
}

/**
 * The kernel's command line. Mitigations and what hardens a kernel are off: they cost a lot under emulation
 * and protect nobody in a guest that lives for a minute. So is the accounting of containers' memory, which nobody
 * limits here. Random addresses are off: QEMU translates code for the address it runs at, so they would make it translate the same
 * libraries again for each process. Grace periods of RCU are expedited: each change of rules, sockets or networks waits for one.
 */
export const kernelCommandLine = [
  'console=ttyS0 quiet panic=-1 oops=panic mitigations=off norandmaps apparmor=0 audit=0',
  'init_on_alloc=0 hardened_usercopy=off randomize_kstack_offset=off lsm=capability cgroup_disable=memory',
  'rcupdate.rcu_expedited=1',
].join(' ');

/** Arguments of setpriv that make the kernel kill QEMU when the thread that started it ends, for whatever reason. */
export const tiedToParent = ['--pdeathsig', 'KILL', '--', 'qemu-system-x86_64'] as const;

/** QEMU's whole argument vector, program name included. */
export function machineArgv(size: VmSize, files: MachineFiles): readonly string[] {
  return [
    'setpriv',
    ...tiedToParent,
    ...hardwareArgs(size),
    ...['-kernel', files.kernel.image, '-initrd', files.kernel.initramfs, '-append', kernelCommandLine],
    ...['-drive', `file=${escapeOption(files.disk)},if=virtio,format=qcow2,cache=unsafe`],
    ...memoryArgs(size, files.memory),
    ...['-netdev', `user,id=net,restrict=${files.outbound ? 'off' : 'on'}`],
    ...['-device', 'virtio-net-pci,netdev=net,romfile='],
    ...['-device', 'virtio-serial-pci'],
    ...['-chardev', `socket,id=relay,path=${escapeOption(files.relaySocket)},server=on,wait=off`],
    ...['-device', 'virtserialport,chardev=relay,name=lvs-lab'],
    ...['-chardev', 'stdio,id=console,signal=off', '-serial', 'chardev:console'],
    ...['-qmp', `unix:${escapeOption(files.qmpSocket)},server=on,wait=off`],
    // Nothing is read until it has been told how.
    ...(files.state === undefined ? [] : ['-incoming', 'defer']),
  ];
}

function memoryArgs({ memory }: VmSize, file: MemoryFile | undefined): readonly string[] {
  if (file === undefined) return [];
  const share = file.isWritten ? 'on' : 'off';
  return [
    ...[
      '-object',
      `memory-backend-file,id=memory,size=${memory}M,mem-path=${escapeOption(file.file)},share=${share}`,
    ],
    ...['-machine', 'memory-backend=memory'],
  ];
}

/** A value in QEMU's option syntax, where a comma is doubled. */
const escapeOption = (value: string): string => value.replaceAll(',', ',,');
