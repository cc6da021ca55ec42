import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { LabError } from '../../support/errors.js';
import { copySparse } from '../../support/files/copySparse.js';
import { cacheEntry, entryKey } from '../cache/cache.js';
import { readEntryRecord } from '../cache/entryRecord.js';
import { dockerFactsSchema, factsOf, type DockerFacts } from '../docker/identity.js';
import { whyNoIpvs } from '../docker/ipvsProbe.js';
import type { EngineProgress } from '../port/engineProgress.js';
import { makeOverlay, type GuestDisk } from './qemu/disk.js';
import type { BootableKernel } from '../kernel/bootableKernel.js';
import { hardwareArgs, kernelCommandLine, type VmSize } from './qemu/machineArgs.js';
import { withVm, type SavedState, type VmRequest } from './qemu/runningVm.js';

export interface SavedMachineRequest {
  readonly kernel: BootableKernel;
  readonly size: VmSize;
  readonly disk: GuestDisk;
  readonly qemuVersion: string;
  readonly consoleFile: string;
  readonly progress: EngineProgress;
}

/** A saved machine. Its files are only read afterwards. */
export interface SavedMachine {
  /** The key of the cache entry, which stands for all that the machine depends on. */
  readonly key: string;
  readonly size: VmSize;
  readonly memory: string;
  readonly disk: string;
  readonly state: SavedState;
}

/** The names of the files of a saved machine in its cache entry. */
export const machineFiles = { memory: 'memory', disk: 'disk.qcow2', state: 'state' };

/** A machine that was saved with Docker running, and what its engine says it is. */
export interface DockerMachine extends SavedMachine {
  readonly facts: DockerFacts;
}

const recordFile = 'machine.json';
const recordSchema = z.object({ facts: dockerFactsSchema, nextStream: z.number() });

/** Boots once, proves that the kernel has IPVS, and saves the machine, from which others are made. */
export async function savedMachine(request: SavedMachineRequest): Promise<DockerMachine> {
  const { kernel, size, disk, progress } = request;
  const inputs = {
    recipe: 2,
    kernel: kernel.key,
    disk: disk.key,
    qemu: request.qemuVersion,
    hardware: hardwareArgs(size),
    kernelCommandLine,
    // Under KVM the guest sees this processor, and a state saved on another one does not fit.
    processor: size.accelerator === 'kvm' ? [cpus()[0]?.model, availableParallelism()] : undefined,
  };
  const directory = await cacheEntry({
    kind: 'warm',
    inputs,
    needsBytes: 3e9,
    note: progress.note,
    signal: progress.signal,
    make: async (partial) => {
      const at = (name: string): string => path.join(partial, name);
      await makeOverlay(disk.file, at(machineFiles.disk), progress);
      const memory = { file: at(machineFiles.memory), isWritten: true };
      const vm = { ...request, disk: at(machineFiles.disk), memory, saved: undefined, outbound: false };
      await withVm(vm, async ({ docker, quiet, save }) => {
        const failure = await whyNoIpvs(docker, disk.images.director, 'warm');
        if (failure !== undefined) {
          throw new LabError(`the kernel ${kernel.release} cannot be a director's: ${failure}`, {
            hint: 'choose a kernel with CONFIG_IP_VS and give its modules too: --kernel PATH:MODULES_DIR',
          });
        }
        const facts = await factsOf(docker);
        await quiet();
        const { nextStream } = await progress.step('saving the warm guest', () =>
          save(at(machineFiles.state)),
        );
        const record: z.infer<typeof recordSchema> = { facts, nextStream };
        await writeFile(at(recordFile), JSON.stringify(record));
      });
    },
  });
  const record = await readEntryRecord(directory, recordFile, recordSchema);
  return {
    ...savedIn(directory, { nextStream: record.nextStream, streams: [] }),
    size,
    key: entryKey('warm', inputs),
    facts: record.facts,
  };
}

/** Where the files of a saved machine are in a cache entry. */
export function savedIn(
  directory: string,
  { nextStream, streams }: Omit<SavedState, 'file'>,
): Omit<SavedMachine, 'key' | 'size'> {
  const at = (name: string): string => path.join(directory, name);
  return {
    memory: at(machineFiles.memory),
    disk: at(machineFiles.disk),
    state: { file: at(machineFiles.state), nextStream, streams },
  };
}

/** Copies a saved machine into an empty folder, where it can go on and be saved again, and says how it is started there. */
export async function copiedMachine(
  machine: SavedMachine,
  directory: string,
  guest: Pick<VmRequest, 'kernel' | 'consoleFile' | 'progress'>,
): Promise<VmRequest> {
  const { progress } = guest;
  const at = (name: string): string => path.join(directory, name);
  await copySparse(machine.memory, at(machineFiles.memory), progress.signal);
  await makeOverlay(machine.disk, at(machineFiles.disk), progress);
  return {
    ...guest,
    size: machine.size,
    disk: at(machineFiles.disk),
    memory: { file: at(machineFiles.memory), isWritten: true },
    saved: machine.state,
    outbound: false,
  };
}
