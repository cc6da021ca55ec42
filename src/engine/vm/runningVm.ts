import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type Docker from 'dockerode';
import { LabError } from '../../support/errors.js';
import { isNoSpace, noSpaceError } from '../../support/noSpace.js';
import { Scope } from '../../support/scope.js';
import { abortable, withDeadline } from '../../support/wait.js';
import { connectDocker } from '../docker/connection.js';
import type { DockerConnection } from '../port/dockerConnection.js';
import { factsOf } from '../docker/identity.js';
import type { EngineProgress } from '../port/engineProgress.js';
import { makeCertificates, writeClientCertificates } from './certificates.js';
import { GuestControlPort } from './guestControlPort.js';
import type { BootableKernel } from '../kernel/kernel.js';
import { Machine } from './machine.js';
import type { VmSize } from './machineArgs.js';
import { makeScratch } from '../lifetime/scratch.js';
import { durationText } from '../../support/duration.js';

export interface VmRequest {
  readonly kernel: BootableKernel;
  readonly shape: VmSize;
  /** A qcow2 disk that only this VM uses: its path, or a function that makes it in the VM's private folder. */
  readonly disk: string | ((scratch: string) => Promise<string>);
  /** Path of a saved state to resume from; undefined: boot. */
  readonly state: string | undefined;
  readonly outbound: boolean;
  readonly consoleFile: string;
  readonly progress: EngineProgress;
  /** Seconds from the start until Docker must be up; by default they depend on the accelerator. */
  readonly bootSeconds?: number;
}

/** A VM whose Docker engine answers. */
export interface RunningVm extends AsyncDisposable {
  readonly machine: Machine;
  readonly docker: Docker;
  readonly connection: DockerConnection;
  /** Lets the guest stop Docker and write its disk, and waits for QEMU to end. */
  readonly powerOff: () => Promise<void>;
  /** Closes the client's connections to the guest, so that a machine is saved without any. */
  readonly disconnect: () => void;
}

/** Seconds that a boot may take: minutes under emulation on a busy machine. */
const bootSeconds = { kvm: 90, tcg: 400 } as const;
const serveSeconds = 60;

/** Starts a VM and waits until its Docker engine answers over TLS. Rejects with the console's tail when it does not. */
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
  const { kernel, shape, progress } = request;
  const scratch = await makeScratch(randomBytes(4).toString('hex'));
  scope.defer("the VM's folder", () => scratch.remove());
  const at = (name: string): string => path.join(scratch.directory, name);
  const disk = typeof request.disk === 'string' ? request.disk : await request.disk(scratch.directory);
  const machine = await Machine.start(
    shape,
    {
      kernel,
      disk,
      qmpSocket: at('qmp'),
      handoverSocket: at('handover'),
      state: request.state,
      outbound: request.outbound,
    },
    request.consoleFile,
  );
  scope.use(machine, 'the VM');
  const alive = <T>(work: Promise<T>): Promise<T> =>
    abortable(Promise.race([work, machine.lost]), progress.signal);

  const seconds = request.bootSeconds ?? bootSeconds[shape.accelerator];
  if (request.state === undefined) {
    await alive(
      withDeadline('boot', machine.console.seen('docker up'), seconds).catch(() => {
        throw machine.console.error(
          `the guest did not bring up Docker within ${durationText(seconds, 'set')}`,
          'look at the console for what it waits for; --accel tcg rules out a broken KVM',
        );
      }),
    );
  } else {
    await alive(machine.resume());
  }
  const handover = await alive(GuestControlPort.connect(at('handover')));
  scope.defer('the handover port', () => {
    handover.close();
  });
  const certificates = await makeCertificates(new Date());
  await writeClientCertificates(at('tls'), certificates);
  await alive(
    withDeadline('handover', handover.give(certificates, new Date()), serveSeconds).catch(() => {
      throw machine.console.error(
        `the guest did not take its certificates within ${durationText(serveSeconds, 'set')}`,
      );
    }),
  );
  const connection: DockerConnection = {
    kind: 'tls',
    host: '127.0.0.1',
    port: await machine.dockerPort(),
    certificates: at('tls'),
  };
  const docker = await connectDocker(connection);
  await alive(
    withDeadline('first answer', factsOf(docker), serveSeconds).catch((error: unknown) => {
      throw new LabError("the guest's Docker engine does not answer over TLS", { cause: error });
    }),
  );
  return {
    machine,
    docker,
    connection,
    disconnect: () => {
      (docker.modem as { readonly agent?: { destroy(): void } }).agent?.destroy();
    },
    powerOff: async () => {
      handover.powerOff();
      await withDeadline('the guest to power off', machine.ended(), serveSeconds);
    },
    [Symbol.asyncDispose]: () => scope.close(),
  };
}

/** Runs `work` with a VM that is removed afterwards, whatever happens; rejects at once when the VM is lost. */
export async function withVm<T>(request: VmRequest, work: (vm: RunningVm) => Promise<T>): Promise<T> {
  await using vm = await request.progress.step('booting the guest', () => startVm(request));
  return await abortable(Promise.race([work(vm), vm.machine.lost]), request.progress.signal);
}
