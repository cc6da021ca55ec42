import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { cacheEntry, entryKey, removeUnused } from '../cache/cache.js';
import { readEntryRecord } from '../cache/entryRecord.js';
import { imagesWithTools, provideTools } from '../images/toolLayer.js';
import type { ImageSet } from '../images/imageSet.js';
import type { KnownKernel } from '../kernel/bootableKernel.js';
import type { EngineProgress } from '../port/engineProgress.js';
import type { ToolSet } from '../toolSets/toolSet.js';
import { withVm } from './qemu/runningVm.js';
import { copiedMachine, machineFiles, savedIn, type DockerMachine } from './savedMachine.js';

export interface ToolMachineRequest {
  readonly machine: DockerMachine;
  /** The images that the machine has. */
  readonly images: ImageSet;
  readonly tools: ToolSet | undefined;
  readonly kernel: KnownKernel;
  readonly consoleFile: string;
  readonly progress: EngineProgress;
}

const recordFile = 'tools.json';
const recordSchema = z.object({ nextStream: z.number() });

/** Goes on from a saved machine, puts the tools into its images, and saves it again: neither disk nor boot has to be made anew. */
export async function toolMachine(request: ToolMachineRequest): Promise<DockerMachine> {
  const { machine, images, tools, kernel, consoleFile, progress } = request;
  if (tools === undefined) return machine;
  const inputs = { recipe: 1, machine: machine.key, images: imagesWithTools(images, tools) };
  const directory = await cacheEntry({
    kind: 'tools',
    inputs,
    needsBytes: 1.5e9,
    note: progress.note,
    signal: progress.signal,
    make: async (partial) => {
      await removeUnused('tools');
      const vm = await copiedMachine(machine, partial, { kernel, consoleFile, progress });
      await withVm(vm, async ({ docker, quiet, save }) => {
        await provideTools(docker, images, tools, progress);
        await quiet();
        const { nextStream } = await progress.step('saving the guest with the tools', () =>
          save(path.join(partial, machineFiles.state)),
        );
        await writeFile(path.join(partial, recordFile), JSON.stringify({ nextStream }));
      });
    },
  });
  const { nextStream } = await readEntryRecord(directory, recordFile, recordSchema);
  return {
    ...savedIn(directory, { nextStream, streams: [] }),
    size: machine.size,
    key: entryKey('tools', inputs),
    facts: machine.facts,
  };
}
