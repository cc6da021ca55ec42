import type { AcceleratorChoice, EngineChoice } from '../contracts/words/engines.js';
import { LabError } from '../support/errors.js';
import type { EmitEngine } from './port/engineEvents.js';
import { imageGroups } from './images/groups.js';
import { openLocal } from './local/local.js';
import type { Engine } from './port/port.js';
import { engineProgress, type EngineProgress } from './port/engineProgress.js';
import { parseKernelSpec } from './kernel/kernelSpec.js';
import { refuseWithoutProc } from './lifetime/owner.js';
import { openVm } from './vm/vm.js';

export interface OpenOptions {
  readonly engine: EngineChoice;
  /** The kernel, as `parseKernelSpec` reads it; undefined: the local engine's own, or in a VM the default one. */
  readonly kernel: string | undefined;
  readonly accel: AcceleratorChoice;
  /** The image, as `parseImageSpec` reads it. */
  readonly image: string;
  readonly runId: string;
  readonly runDirectory: string;
  readonly emit: EmitEngine;
  readonly signal: AbortSignal;
}

/** The kernel that is booted when none is named. */
const defaultKernel = 'debian:bookworm';

/**
 * Opens an engine: the one asked for or, with `auto`, the local one if its kernel really does IPVS, else the VM. Tells which one it chose
 * and why. Rejects with LabError, and then leaves nothing behind.
 */
export async function openEngine(options: OpenOptions): Promise<Engine> {
  const start = performance.now();
  await refuseWithoutProc();
  const engine = await open(options, engineProgress(options.emit, options.signal));
  options.emit({
    type: 'engine-ready',
    identity: engine.identity,
    seconds: (performance.now() - start) / 1000,
  });
  return engine;
}

async function open(options: OpenOptions, progress: EngineProgress): Promise<Engine> {
  const kernel = parseKernelSpec(options.kernel ?? defaultKernel);
  const groups = imageGroups(options.image);
  const local = (reason: string): Promise<Engine> =>
    openLocal({ groups: groups.local, tools: groups.tools, runId: options.runId, progress }, reason);
  const vm = (reason: string): Promise<Engine> =>
    openVm({
      kernel,
      accelerator: options.accel,
      groups: groups.vm,
      tools: groups.tools,
      runDirectory: options.runDirectory,
      progress,
      reason,
    });

  if (options.engine === 'local') return local('asked for with --engine local');
  if (options.engine === 'vm') return vm('asked for with --engine vm');
  if (options.kernel !== undefined) return vm(`the kernel ${options.kernel} was asked for`);
  try {
    return await local('an IPVS service could be created there');
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof LabError)) throw error;
    progress.note(`not using the local engine: ${error.message}`);
    // Why not has just been said, and is not said again when the VM is ready.
    return vm('the local engine will not do');
  }
}
