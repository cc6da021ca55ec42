import { availableParallelism, cpus } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { LabError } from '../../support/errors.js';
import { waitFor } from '../../support/wait.js';
import { cacheEntry } from '../cache/cache.js';
import { whyNoIpvs } from '../docker/ipvsProbe.js';
import type { EngineProgress } from '../port/engineProgress.js';
import { makeOverlay, type GuestDisk } from './disk.js';
import type { BootableKernel } from '../kernel/kernel.js';
import type { Machine } from './machine.js';
import { hardwareArgs, kernelCommandLine, type VmSize } from './machineArgs.js';
import { withVm } from './runningVm.js';

export interface SavedMachineRequest {
  readonly kernel: BootableKernel;
  readonly shape: VmSize;
  readonly disk: GuestDisk;
  readonly qemuVersion: string;
  readonly consoleFile: string;
  readonly progress: EngineProgress;
}

/** A machine that was saved with Docker running: its memory, and the disk that goes with it. Both are only read afterwards. */
export interface SavedMachine {
  readonly state: string;
  readonly disk: string;
}

const saveSeconds = 120;

/** QEMU's answer to query-migrate, as far as it is needed; without a status it has not begun. */
const migrationSchema = z.object({ status: z.string().optional(), 'error-desc': z.string().optional() });

/** Boots once, proves that the kernel has IPVS, and saves the machine, from which later VMs resume. */
export async function savedMachine(request: SavedMachineRequest): Promise<SavedMachine> {
  const { kernel, shape, disk, progress } = request;
  const inputs = {
    recipe: 1,
    kernel: kernel.key,
    disk: disk.key,
    qemu: request.qemuVersion,
    hardware: hardwareArgs(shape),
    kernelCommandLine,
    // Under KVM the guest sees this processor, and a state saved on another one does not fit.
    processor: shape.accelerator === 'kvm' ? [cpus()[0]?.model, availableParallelism()] : undefined,
  };
  const directory = await cacheEntry({
    kind: 'warm',
    inputs,
    needsBytes: 3e9,
    note: progress.note,
    make: async (partial) => {
      const file = path.join(partial, 'disk.qcow2');
      await makeOverlay(disk.file, file, progress);
      await withVm({ ...request, disk: file, state: undefined, outbound: false }, async (vm) => {
        const failure = await whyNoIpvs(vm.docker, disk.images.director, 'warm');
        if (failure !== undefined) {
          throw new LabError(`the kernel ${kernel.release} cannot be a director's: ${failure}`, {
            hint: 'choose a kernel with CONFIG_IP_VS and give its modules too: --kernel PATH:MODULES_DIR',
          });
        }
        vm.disconnect();
        await progress.step('saving the warm guest', () => save(vm.machine, path.join(partial, 'state')));
      });
    },
  });
  return { state: path.join(directory, 'state'), disk: path.join(directory, 'disk.qcow2') };
}

/** Stops the machine, writes its state, and ends QEMU, which writes out the disk. */
async function save(machine: Machine, file: string): Promise<void> {
  const { qmp } = machine;
  await qmp.execute('stop');
  await qmp.execute('migrate-set-parameters', { 'max-bandwidth': 16e9 });
  await qmp.execute('migrate', { uri: `exec:cat > '${file.replaceAll("'", "'\\''")}'` });
  await waitFor(
    'QEMU to write its state',
    async (observed) => {
      const { status, 'error-desc': reason } = await qmp.ask('query-migrate', migrationSchema);
      if (status === 'failed')
        throw new LabError(`QEMU could not save the machine: ${reason ?? 'no reason given'}`);
      observed(String(status));
      return status === 'completed' ? true : undefined;
    },
    { seconds: saveSeconds, everyMs: 100 },
  );
  // QEMU may be gone before its answer is.
  await qmp.execute('quit').catch(() => undefined);
  await machine.ended();
}
