import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type Docker from 'dockerode';
import { LabError, messageOf } from '../../../support/errors.js';
import { isNoSpace, noSpaceError } from '../../../support/noSpace.js';
import { Scope } from '../../../support/scope.js';
import { abortable, withDeadline } from '../../../support/wait.js';
import { dockerOverAgent } from '../../docker/connection.js';
import type { DockerConnection } from '../../port/dockerConnection.js';
import type { EngineProgress } from '../../port/engineProgress.js';
import type { BootableKernel } from '../../kernel/bootableKernel.js';
import { Machine } from './machine.js';
import type { MemoryFile, VmSize } from './machineArgs.js';
import { DockerAgent } from '../relay/dockerAgent.js';
import { GuestRelay } from '../relay/guestRelay.js';
import type { RelayStream } from '../relay/relayStream.js';
import { RelaySocket } from '../relay/relaySocket.js';
import { makeScratch } from '../../lifetime/scratch.js';

export interface VmRequest {
  readonly kernel: BootableKernel;
  readonly size: VmSize;
  /** A qcow2 disk that only this VM uses: its path, or a function that makes it in the VM's private folder. */
  readonly disk: string | ((scratch: string) => Promise<string>);
  readonly memory: MemoryFile | undefined;
  /** A saved machine to go on with; undefined: boot. */
  readonly saved: SavedState | undefined;
  readonly outbound: boolean;
  readonly consoleFile: string;
  readonly progress: EngineProgress;
  /** Seconds from the start until Docker must be up; by default they depend on the accelerator. */
  readonly bootSeconds?: number;
}

/** What a saved machine is, but for its memory and its disk. */
export interface SavedState {
  readonly file: string;
  /** The number of the first stream that was not in use in the machine's relay when it was saved. */
  readonly nextStream: number;
  /** Streams that were open when the machine was saved, and that are to be gone on with. */
  readonly streams: readonly number[];
}

/** A VM whose Docker engine answers. */
export interface RunningVm extends AsyncDisposable {
  readonly machine: Machine;
  /** The streams of the saved machine that were to be gone on with, by their numbers. */
  readonly streams: ReadonlyMap<number, RelayStream>;
  /** A client whose connections are streams of the relay. */
  readonly docker: Docker;
  /** How others reach the same engine. */
  readonly connection: Extract<DockerConnection, { readonly kind: 'socket' }>;
  /** Lets the guest stop Docker and write its disk, and waits for QEMU to end. */
  readonly powerOff: () => Promise<void>;
  /** Lets nothing be under way between this process and the guest, until the machine is saved. */
  readonly quiet: () => Promise<void>;
  /** Saves a quiet machine but for its memory, which has a file, and ends it. Streams that are open stay so in the saved machine. */
  readonly save: (file: string, streams?: readonly number[]) => Promise<SavedState>;
}

/** Seconds that a boot may take: minutes under emulation on a busy machine. */
const bootSeconds = { kvm: 90, tcg: 400 } as const;
const serveSeconds = 60;
/** Seconds of processor time that QEMU takes from its start until a saved guest has answered: 0.12 to 0.20 s under emulation, where it is most, on the machine of bench/README.md. */
const resumeSeconds = 0.2;

/** Starts a VM and waits until its Docker engine can be asked. Rejects with the console's tail when it does not. */
export async function startVm(request: VmRequest): Promise<RunningVm> {
  const scope = new Scope((what, error) => {
    request.progress.note(`cleanup of ${what} failed: ${error.message}`);
  });
  try {
    return await start(request, scope);
  } catch (error) {
    await scope.close();
    // What a VM writes outside of the cache is in its folder.
    if (isNoSpace(error) && !(error instanceof LabError)) {
      throw noSpaceError("a VM's own files", { directory: tmpdir(), setting: 'TMPDIR' }, error);
    }
    throw error;
  }
}

async function start(request: VmRequest, scope: Scope): Promise<RunningVm> {
  const { size, progress, saved } = request;
  const scratch = await makeScratch(randomBytes(4).toString('hex'));
  scope.defer("the VM's folder", () => scratch.remove());
  const at = (name: string): string => path.join(scratch.directory, name);
  const disk = typeof request.disk === 'string' ? request.disk : await request.disk(scratch.directory);
  const files = { ...request, disk, qmpSocket: at('qmp'), relaySocket: at('relay'), state: saved?.file };
  const machine = await Machine.start(size, files, request.consoleFile, progress.signal);
  scope.use(machine, 'the VM');
  const alive = <T>(work: Promise<T>): Promise<T> =>
    abortable(Promise.race([work, machine.lost]), progress.signal);

  // Connected to before the machine runs: a port that nobody holds reads as one that was left.
  const relay = await alive(GuestRelay.connect(at('relay'), { nextStream: saved?.nextStream ?? 1 }));
  scope.defer('the relay', () => {
    relay.close();
  });
  const streams = new Map((saved?.streams ?? []).map((id) => [id, relay.adopt(id)]));
  if (saved === undefined) {
    const seconds = request.bootSeconds ?? bootSeconds[size.accelerator];
    await alive(
      withDeadline('the boot', machine.console.seen('docker up'), seconds, {
        pace: machine.pace,
        moved: () => machine.console.lines,
      }).catch((error: unknown) => {
        throw machine.console.error(
          `the guest did not bring up Docker: ${messageOf(error)}`,
          'look at the console for what it waits for; --accel tcg rules out a broken KVM',
        );
      }),
    );
  } else {
    await alive(machine.resume(saved.file));
    await alive(
      withDeadline("the guest's relay to go on", relay.resume(), serveSeconds, { pace: machine.pace }),
    );
    machine.pace.hasDone(resumeSeconds);
  }
  // The clock of a saved machine stands where it was saved, and so do its random numbers.
  await alive(
    withDeadline("the answer of the guest's relay", relay.wake(new Date(), randomBytes(64)), serveSeconds, {
      pace: machine.pace,
    }).catch((error: unknown) => {
      throw machine.console.error(messageOf(error));
    }),
  );
  const socket = await RelaySocket.listen(relay, at('docker.sock'));
  scope.use(socket, "the engine's socket");
  const agent = new DockerAgent(relay);
  return {
    machine,
    streams,
    docker: dockerOverAgent(agent),
    connection: { kind: 'socket', socketPath: at('docker.sock') },
    powerOff: async () => {
      relay.powerOff();
      await withDeadline('the guest to power off', machine.ended(), serveSeconds, {
        pace: machine.pace,
      });
    },
    quiet: async () => {
      // Connections that are kept for later would be kept in the saved machine.
      agent.destroy();
      await alive(relay.quiet());
    },
    save: async (file, open = []) => {
      await machine.save(file);
      return { file, nextStream: relay.nextStream, streams: open };
    },
    [Symbol.asyncDispose]: () => scope.close(),
  };
}

/** Runs `work` with a VM that is removed afterwards, whatever happens; rejects at once when the VM is lost. */
export async function withVm<T>(request: VmRequest, work: (vm: RunningVm) => Promise<T>): Promise<T> {
  const step = request.saved === undefined ? 'booting the guest' : 'starting a saved guest';
  await using vm = await request.progress.step(step, () => startVm(request));
  const { signal } = request.progress;
  try {
    return await abortable(Promise.race([work(vm), vm.machine.lost]), signal);
  } catch (error) {
    throw signal.aborted ? error : vm.machine.console.withComplaint(error);
  }
}
