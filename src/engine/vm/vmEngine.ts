import { availableParallelism, freemem } from 'node:os';
import path from 'node:path';
import pLimit from 'p-limit';
import type { LabShape } from '../../scenario/model/planTypes.js';
import { DockerNode } from '../docker/nodes/node.js';
import { markUsed } from '../cache/cache.js';
import { labRoom } from '../docker/labRoom.js';
import { hasFlows } from '../docker/nodes/nodeFiles.js';
import { followKernel } from '../docker/followKernel.js';
import { hostRules, tryRules } from '../docker/oneShotScripts.js';
import type { EngineIdentity } from '../port/engineIdentity.js';
import type { Engine, ExecResult, Lab, RuleStep } from '../port/port.js';
import { makeOverlay } from './qemu/disk.js';
import { keptEvidence } from './keptEvidence.js';
import { bytesPerMachine } from './qemu/machineArgs.js';
import { startVm, type RunningVm } from './qemu/runningVm.js';
import { savedLab, type SavedLab, type SavedLabRequest } from './savedLab.js';
import type { DockerMachine, SavedMachine } from './savedMachine.js';
import { standingExecs } from './standingExecs.js';

/** The run id in names and labels on machines: each has a Docker of its own, so that all labs of a shape can be the same. */
const sharedRunId = 'vm';

/** What labs are made from. */
interface VmParts extends Omit<SavedLabRequest, 'machine'> {
  /** The saved machine without a lab that labs with raw-socket flows, or others, begin with. */
  readonly machineOf: (hasFlows: boolean) => Promise<DockerMachine>;
}

/** Machines that begin with a saved state, one for each lab. */
export class VmEngine implements Engine {
  readonly sharedRunId = sharedRunId;
  /** For each shape's key, its saved lab. */
  readonly #saved = new Map<string, Promise<SavedLab>>();
  /** Making a lab takes all processors, and testcontainers knows one engine at a time. */
  readonly #making = pLimit(1);
  readonly #running = new Set<AsyncDisposable>();

  constructor(
    readonly identity: EngineIdentity,
    private readonly parts: VmParts,
  ) {}

  get room(): number {
    return labRoom({ processors: availableParallelism(), memoryBytes: freemem() }, bytesPerMachine);
  }

  async createLab(shape: LabShape): Promise<Lab> {
    const begun = performance.now();
    const saved = await this.#savedLab(shape);
    const preparationSeconds = (performance.now() - begun) / 1000;
    const vm = await this.#start(saved);
    const { images, progress } = this.parts;
    const { docker, streams, connection, machine } = vm;
    const open = standingExecs(docker, streams, saved.record.standing);
    const access = { docker, open, pace: machine.pace };
    const { macs, networks, versions, listings } = saved.record;
    return {
      shape,
      nodes: shape.nodes.map(
        (node) => new DockerNode(access, node, macs[node.name] ?? [], listings[node.role]),
      ),
      connection,
      // A lab whose nodes know something is not saved.
      known: {},
      preparationSeconds,
      kept: keptEvidence(saved.key, progress.note),
      networks: () => Promise.resolve(networks.map(({ subnet, gateway }) => ({ subnet, gateway }))),
      versions: () => Promise.resolve(versions),
      hostRules: () => hostRules(docker, images.director, sharedRunId),
      followKernel: (request) => followKernel(docker, images.director, sharedRunId, request),
      withComplaint: (error) => machine.console.withComplaint(error),
      lost: machine.lost,
      [Symbol.asyncDispose]: () => this.#end(vm),
    };
  }

  usedSubnets(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  async tryRules(
    runId: string,
    steps: readonly RuleStep[],
    { seconds }: { readonly seconds: number },
  ): Promise<ExecResult> {
    const vm = await this.#start(await this.parts.machineOf(false));
    try {
      return await Promise.race([
        tryRules(vm.docker, this.parts.images.director, {
          ...{ runId, steps, seconds },
          pace: vm.machine.pace,
        }),
        vm.machine.lost,
      ]);
    } finally {
      await this.#end(vm);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running].map((vm) => vm[Symbol.asyncDispose]()));
    await this.parts.testcontainers[Symbol.asyncDispose]();
  }

  #savedLab(shape: LabShape): Promise<SavedLab> {
    const known = this.#saved.get(shape.key);
    if (known !== undefined) return known;
    const saved = this.#making(async () =>
      savedLab(shape, { ...this.parts, machine: await this.parts.machineOf(shape.nodes.some(hasFlows)) }),
    );
    this.#saved.set(shape.key, saved);
    // Whoever wants it next tries again.
    saved.catch(() => this.#saved.delete(shape.key));
    return saved;
  }

  async #start({ size, memory, disk, state }: SavedMachine): Promise<RunningVm> {
    await markUsed(path.dirname(memory));
    const { kernel, consoleFile, progress } = this.parts;
    const vm = await startVm({
      ...{ kernel, size, consoleFile, progress },
      memory: { file: memory, isWritten: false },
      saved: state,
      outbound: false,
      disk: async (scratch) => {
        const overlay = path.join(scratch, 'disk.qcow2');
        const rooms = [{ directory: scratch, setting: 'TMPDIR' }];
        await makeOverlay(disk, overlay, { signal: progress.signal, rooms });
        return overlay;
      },
    });
    this.#running.add(vm);
    return vm;
  }

  async #end(vm: RunningVm): Promise<void> {
    this.#running.delete(vm);
    await vm[Symbol.asyncDispose]();
  }
}
