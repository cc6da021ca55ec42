import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectDocker } from '../../../src/engine/docker/connection.js';
import { factsOf } from '../../../src/engine/docker/identity.js';
import { installPackages } from '../../../src/engine/debian/install.js';
import { LabError } from '../../../src/support/errors.js';
import { waitFor } from '../../../src/support/wait.js';
import { hostCommand } from '../../../src/support/exec.js';

/** A Docker engine on this machine's own kernel. */
export interface LocalDocker extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly host: string;
}

/**
 * The engine that DOCKER_HOST or the default socket leads to; where none answers, one of the test's own, which touches
 * neither the firewall nor the bridges of this machine. Needs root for that, and says so.
 */
export async function localDocker(): Promise<LocalDocker> {
  const usual = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
  if (usual.startsWith('unix://') && (await answers(usual.slice('unix://'.length)))) {
    return { host: usual, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  return startDockerd();
}

async function startDockerd(): Promise<LocalDocker> {
  if (process.getuid?.() !== 0) {
    throw new LabError('no Docker engine answers, and starting one for the tests needs root', {
      hint: 'start Docker, or run the tests as root',
    });
  }
  const never = new AbortController().signal;
  await hostCommand(['dockerd', '--version'], { purpose: 'find dockerd', seconds: 20 }).catch(() =>
    installPackages(['docker.io'], never),
  );
  const directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-dockerd-'));
  const at = (name: string): string => path.join(directory, name);
  const host = `unix://${at('docker.sock')}`;
  const quiet = ['--iptables=false', '--ip6tables=false', '--ip-masq=false', '--bridge=none'];
  const places = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid'), '-H', host];
  const log = ['sh', '-c', 'exec "$@" >"$0" 2>&1', at('log'), 'dockerd', ...quiet, ...places] as const;
  const [program, ...args] = log;
  const child = spawn(program, args, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await waitFor(
      "the tests' dockerd to answer",
      async () => {
        if (child.exitCode !== null)
          throw new LabError('dockerd ended', { details: await readFile(at('log'), 'utf8') });
        return (await answers(at('docker.sock'))) ? true : undefined;
      },
      { seconds: 60 },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { host, [Symbol.asyncDispose]: stop };
}

async function answers(socketPath: string): Promise<boolean> {
  const docker = await connectDocker({ kind: 'socket', socketPath });
  return factsOf(docker).then(
    () => true,
    () => false,
  );
}
