import { execa } from 'execa';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { LabError } from '../../../support/errors.js';
import { noSpaceError } from '../../../support/noSpace.js';
import { shellQuote } from '../../../support/quote.js';
import type { Pace } from '../../../support/patience.js';
import { waitFor } from '../../../support/wait.js';
import { ProcessPace } from '../../pace/processPace.js';
import { SerialConsole } from './console.js';
import { machineArgv, type MachineFiles, type VmSize } from './machineArgs.js';
import { Qmp, type QmpEvent } from './qmp.js';

const lastWordsMs = 500;

/** QEMU's answer to query-status, as far as it is needed. */
const runStateSchema = z.object({ status: z.string() });

/** QEMU's answer to query-migrate, as far as it is needed; without a status it has not begun. */
const migrationSchema = z.object({ status: z.string().optional(), 'error-desc': z.string().optional() });

const saveSeconds = 120;

const launch = (program: string, args: readonly string[]) =>
  // A process group of its own: Ctrl-C in the terminal is for lvs-lab, which ends the VM in its own time.
  execa(program, args, {
    detached: true,
    cleanup: false,
    reject: false,
    buffer: { stdout: false, stderr: true },
    stdin: 'ignore',
  });

interface MachineParts {
  readonly process: ReturnType<typeof launch>;
  readonly console: SerialConsole;
  readonly qmp: Qmp;
  readonly lost: Promise<never>;
  /** Whether QEMU is expected to end. */
  readonly state: { ending: boolean };
  readonly pace: ProcessPace;
}

/** A running QEMU. It ends with this process, or earlier when disposed. */
export class Machine implements AsyncDisposable {
  /** Rejects when the guest or QEMU is lost; never resolves. */
  readonly lost: Promise<never>;
  readonly pid: number;
  /** How fast QEMU works, and so what is in the guest. */
  readonly pace: ProcessPace;

  readonly console: SerialConsole;
  readonly qmp: Qmp;
  private readonly process: MachineParts['process'];
  private readonly state: MachineParts['state'];

  private constructor({ process, console, qmp, lost, state, pace }: MachineParts) {
    this.process = process;
    this.console = console;
    this.qmp = qmp;
    this.lost = lost;
    this.state = state;
    this.pid = process.pid ?? -1;
    this.pace = pace;
  }

  /** Starts QEMU; resolves when its control socket answers. When the signal aborts QEMU is killed at once: nobody wants any more what is in it. */
  static async start(
    size: VmSize,
    files: MachineFiles,
    consoleFile: string,
    signal?: AbortSignal,
  ): Promise<Machine> {
    signal?.throwIfAborted();
    const argv = machineArgv(size, files);
    const [program, ...args] = argv as [string, ...string[]];
    const state = { ending: false };
    const process = launch(program, args);
    let lose!: (error: Error) => void;
    const lost = new Promise<never>((_, reject) => (lose = reject));
    lost.catch(() => undefined);
    const console = new SerialConsole(process.stdout, consoleFile, (diagnosis) => {
      lose(console.error(diagnosis));
    });
    const kill = (): void => void process.kill('SIGKILL');
    signal?.addEventListener('abort', kill, { once: true });
    void process.then(async (result) => {
      signal?.removeEventListener('abort', kill);
      await console.ended;
      if (!state.ending) lose(exitError(result, argv, console));
    });
    const pace = ProcessPace.of('QEMU', process.pid ?? -1);
    try {
      const onEvent = (event: QmpEvent): void => {
        // QEMU stops the guest then, which would be waited for until some deadline.
        if (isDiskFull(event)) lose(noRoomFor(files));
      };
      const qmp = await Promise.race([connectQmp(files.qmpSocket, onEvent, pace), lost]);
      return new Machine({ process, console, qmp, lost, state, pace });
    } catch (error) {
      // A QEMU that ends while it starts closes its socket first; what it says itself comes a moment later and says more.
      const { reason } = await Promise.race([
        lost.catch((reason: unknown) => ({ reason })),
        sleep(lastWordsMs, { reason: error }),
      ]);
      state.ending = true;
      process.kill('SIGKILL');
      throw reason;
    }
  }

  /** Lets a machine that was started with a saved state read it, and go on from there. */
  async resume(state: string): Promise<void> {
    await this.#leaveMemoryOut();
    await this.qmp.execute('migrate-incoming', { uri: `exec:cat ${shellQuote([state])}` });
    await waitFor(
      'QEMU to read the saved machine',
      async (observed) => {
        const { status } = await this.qmp.ask('query-status', runStateSchema);
        observed(status);
        return status === 'inmigrate' ? undefined : true;
      },
      { seconds: 120, everyMs: 10, pace: this.pace },
    );
    await this.qmp.execute('cont');
  }

  /** Stops the machine, writes its state but for its memory, which has a file, and ends QEMU, which writes out the disk. */
  async save(state: string): Promise<void> {
    await this.qmp.execute('stop');
    await this.#leaveMemoryOut();
    await this.qmp.execute('migrate-set-parameters', { 'max-bandwidth': 16e9 });
    await this.qmp.execute('migrate', { uri: `exec:cat > ${shellQuote([state])}` });
    await waitFor(
      'QEMU to write its state',
      async (observed) => {
        const { status, 'error-desc': reason } = await this.qmp.ask('query-migrate', migrationSchema);
        if (status === 'failed')
          throw new LabError(`QEMU could not save the machine: ${reason ?? 'no reason given'}`);
        observed(String(status));
        return status === 'completed' ? true : undefined;
      },
      { seconds: saveSeconds, everyMs: 50, pace: this.pace },
    );
    // QEMU may be gone before its answer is.
    await this.qmp.execute('quit').catch(() => undefined);
    await this.ended();
  }

  /** Memory that is in a file is not part of a state. Said on both sides: QEMU reads a state as it was written. */
  async #leaveMemoryOut(): Promise<void> {
    await this.qmp.execute('migrate-set-capabilities', {
      capabilities: [{ capability: 'x-ignore-shared', state: true }],
    });
  }

  /** Waits until QEMU ends by itself, as it does after the guest has powered off. */
  async ended(): Promise<void> {
    this.state.ending = true;
    await this.process;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.state.ending = true;
    this.qmp.close();
    this.process.kill('SIGKILL');
    await this.process;
    await this.console.ended;
  }
}

function isDiskFull({ event, data }: QmpEvent): boolean {
  return event === 'BLOCK_IO_ERROR' && data?.['nospace'] === true;
}

/** The error for a full disk. A disk that is thrown away is beside the sockets; one that is kept is in the cache. */
function noRoomFor({ disk, qmpSocket }: MachineFiles): LabError {
  const directory = path.dirname(disk);
  const setting = directory === path.dirname(qmpSocket) ? 'TMPDIR' : 'XDG_CACHE_HOME';
  return noSpaceError('what the guest writes to its disk', { directory, setting }, undefined);
}

/** Errors that pass: the socket's file exists a moment before QEMU listens on it. */
const notYet = new Set(['ENOENT', 'ECONNREFUSED']);

function connectQmp(socket: string, onEvent: (event: QmpEvent) => void, pace: Pace): Promise<Qmp> {
  return waitFor(
    'QEMU to open its control socket',
    async (observed) => {
      try {
        return await Qmp.connect(socket, onEvent);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (!notYet.has(code ?? '')) throw error;
        observed(message);
        return undefined;
      }
    },
    { seconds: 30, everyMs: 20, pace },
  );
}

function exitError(
  result: {
    readonly exitCode?: number | undefined;
    readonly signal?: string | undefined;
    readonly stderr?: string | undefined;
    readonly code?: string | undefined;
  },
  argv: readonly string[],
  console: SerialConsole,
): LabError {
  if (result.code === 'ENOENT') {
    return new LabError('could not start QEMU: `setpriv` is not installed', { hint: 'install util-linux' });
  }
  const stderr = (result.stderr ?? '').trim();
  if (result.signal !== undefined) return console.error(`QEMU was killed by ${result.signal}`);
  if (stderr !== '') {
    return new LabError(`QEMU ended with exit code ${String(result.exitCode)}`, {
      details: `$ ${shellQuote(argv)}\n${stderr}`,
      hint: 'if the message speaks of a program that is not found, run `lvs-lab doctor`',
    });
  }
  return console.error('the guest powered off before its time');
}
