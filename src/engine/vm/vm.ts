import path from 'node:path';
import { hostCommand } from '../../support/exec.js';
import { imagesWithTools } from '../images/toolLayer.js';
import type { ToolSet } from '../toolSets/toolSet.js';
import type { ImageGroup } from '../images/groups.js';
import type { EngineProgress } from '../port/engineProgress.js';
import { chooseAccelerator } from './qemu/accelerator.js';
import { diskParts, guestDisk } from './qemu/disk.js';
import { bootableKernel } from '../kernel/bootableKernel.js';
import type { KernelSpec } from '../kernel/kernelSpec.js';
import { vmSize, type Accelerator } from './qemu/machineArgs.js';
import { refuseMissingPrograms } from '../host/requiredPrograms.js';
import { savedMachine, type DockerMachine } from './savedMachine.js';
import { toolMachine } from './toolMachine.js';
import { TestcontainersSocket } from './testcontainersSocket.js';
import { VmEngine } from './vmEngine.js';

export interface VmOptions {
  readonly kernel: KernelSpec;
  readonly accelerator: 'auto' | Accelerator;
  readonly groups: readonly ImageGroup[];
  /** What is put into the images; undefined: nothing. */
  readonly tools: ToolSet | undefined;
  /** The folder where the serial console is kept as console.log. */
  readonly runDirectory: string;
  readonly progress: EngineProgress;
  readonly reason: string;
}

/** Opens an engine of the lab's own: makes whatever is not cached. Machines are started when labs are asked for. */
export async function openVm(options: VmOptions): Promise<VmEngine> {
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
  const common = { kernel, consoleFile, progress };
  const usual = vmSize(choice.accelerator, false);
  const disk = await guestDisk({ ...common, size: usual, parts: await parts });
  const { tools } = options;
  const machineOf = async (hasFlows: boolean): Promise<DockerMachine> => {
    const size = vmSize(choice.accelerator, hasFlows);
    const machine = await savedMachine({ ...common, size, disk, qemuVersion });
    return toolMachine({ ...common, machine, images: disk.images, tools });
  };
  const machine = await machineOf(false);
  return new VmEngine(
    { kind: 'vm', ...machine.facts, accelerator: choice.accelerator, reason: options.reason },
    {
      ...{ machineOf, kernel, consoleFile, progress },
      images: imagesWithTools(disk.images, tools),
      testcontainers: new TestcontainersSocket(),
    },
  );
}

async function readQemuVersion(): Promise<string> {
  const output = await hostCommand(['qemu-system-x86_64', '--version'], {
    purpose: 'ask QEMU its version',
    seconds: 20,
  });
  return output.split('\n')[0] ?? '';
}
