import path from 'node:path';
import { hostCommand } from '../../support/exec.js';
import { DockerEngine } from '../docker/engine.js';
import { bindAndIdentify } from '../docker/identity.js';
import type { ImageGroup } from '../images/groups.js';
import type { EngineProgress } from '../port/engineProgress.js';
import { chooseAccelerator } from './accelerator.js';
import { diskParts, guestDisk, makeOverlay } from './disk.js';
import { bootableKernel } from '../kernel/kernel.js';
import type { KernelSpec } from '../kernel/kernelSpec.js';
import { defaultShape, type Accelerator } from './machineArgs.js';
import { refuseMissingPrograms } from '../host/requiredPrograms.js';
import { startVm } from './runningVm.js';
import { savedMachine } from './savedMachine.js';

export interface VmOptions {
  readonly kernel: KernelSpec;
  readonly accelerator: 'auto' | Accelerator;
  readonly groups: readonly ImageGroup[];
  /** The folder where the serial console is kept as console.log. */
  readonly runDirectory: string;
  readonly progress: EngineProgress;
  readonly reason: string;
}

/** Opens an engine in a VM of the lab's own: makes whatever is not cached, and resumes a saved machine. */
export async function openVm(options: VmOptions): Promise<DockerEngine> {
  const { progress } = options;
  await refuseMissingPrograms();
  const consoleFile = path.join(options.runDirectory, 'console.log');
  const parts = diskParts(options.groups, progress);
  // Awaited below; a failure before that must not count as one that nobody handles.
  parts.catch(() => undefined);
  const kernel = await bootableKernel(options.kernel, progress);
  const qemuVersion = await readQemuVersion();
  const choice = await chooseAccelerator(options.accelerator, kernel, qemuVersion, progress);
  progress.note(`accelerator: ${choice.accelerator} (${choice.reason})`);
  const shape = defaultShape(choice.accelerator);
  const common = { kernel, shape, consoleFile, progress };
  const disk = await guestDisk({ ...common, parts: await parts });
  const warm = await savedMachine({ ...common, disk, qemuVersion });

  const vm = await progress.step('starting the warm guest', () =>
    startVm({
      ...common,
      state: warm.state,
      outbound: false,
      disk: async (scratch) => {
        const overlay = path.join(scratch, 'disk.qcow2');
        const rooms = [{ directory: scratch, setting: 'TMPDIR' }];
        await makeOverlay(warm.disk, overlay, { signal: progress.signal, rooms });
        return overlay;
      },
    }),
  );
  try {
    const facts = await bindAndIdentify(vm.docker, vm.connection);
    return new DockerEngine({
      docker: vm.docker,
      connection: vm.connection,
      images: disk.images,
      kernelConfig: kernel.facts.config,
      identity: { kind: 'vm', ...facts, accelerator: choice.accelerator, reason: options.reason },
      lost: vm.machine.lost,
      // Containers and networks go with the guest.
      discardsLabs: true,
      close: async () => {
        await vm[Symbol.asyncDispose]();
      },
    });
  } catch (error) {
    await vm[Symbol.asyncDispose]();
    throw error;
  }
}

async function readQemuVersion(): Promise<string> {
  const output = await hostCommand(['qemu-system-x86_64', '--version'], {
    purpose: 'ask QEMU its version',
    seconds: 20,
  });
  return output.split('\n')[0] ?? '';
}
