import { access, constants, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { LabError } from '../../../support/errors.js';
import { parseJson } from '../../../support/parseJson.js';
import { entryKey } from '../../cache/cache.js';
import { makeKeptFolder } from '../../lifetime/makeKeptFolder.js';
import { cacheRoot } from '../../lifetime/paths.js';
import type { EngineProgress } from '../../port/engineProgress.js';
import type { BootableKernel } from '../../kernel/bootableKernel.js';
import { vmSize, hardwareArgs, tiedToParent, type Accelerator } from './machineArgs.js';
import { durationText } from '../../../support/duration.js';

export interface ChosenAccelerator {
  readonly accelerator: Accelerator;
  /** Why it was chosen, as one sentence for the user. */
  readonly reason: string;
}

/** What trying KVM has shown: why it does not work; left out: it does. */
const kvmAnswerSchema = z.object({ failure: z.string().optional() });
type KvmAnswer = z.infer<typeof kvmAnswerSchema>;

const probeSeconds = 10;

/**
 * Chooses KVM when it really boots a guest, else emulation. Opening /dev/kvm proves nothing: a guest on it may hang for ever. The answer is
 * kept until this machine boots again.
 */
export async function chooseAccelerator(
  wanted: 'auto' | Accelerator,
  kernel: BootableKernel,
  qemuVersion: string,
  progress: EngineProgress,
): Promise<ChosenAccelerator> {
  if (wanted === 'tcg') return { accelerator: 'tcg', reason: 'asked for with --accel tcg' };
  const failure = await whyNotKvm(kernel, qemuVersion, progress);
  if (failure === undefined) return { accelerator: 'kvm', reason: 'KVM booted a kernel' };
  if (wanted === 'kvm') {
    throw new LabError(`--accel kvm: KVM does not work here: ${failure}`, {
      hint: 'use --accel tcg, or let the lab choose with --accel auto',
    });
  }
  return { accelerator: 'tcg', reason: `software emulation, because ${failure}` };
}

async function whyNotKvm(
  kernel: BootableKernel,
  qemuVersion: string,
  progress: EngineProgress,
): Promise<string | undefined> {
  try {
    await access('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? 'this machine has no /dev/kvm'
      : '/dev/kvm cannot be opened by this user';
  }
  const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  const question = JSON.stringify({ bootId, qemuVersion, kernel: kernel.key });
  const file = path.join(cacheRoot(), `${entryKey('kvm-probe', question)}.json`);
  const known = await readAnswer(file);
  if (known !== undefined) return known.failure;
  const failure = await progress.step('trying KVM', () => probe(kernel));
  await makeKeptFolder(cacheRoot(), 'XDG_CACHE_HOME');
  const answer: KvmAnswer = { failure };
  await writeFile(file, JSON.stringify(answer));
  return failure;
}

/** Boots the kernel's initramfs on KVM and waits for its message; returns why that failed, or undefined. */
async function probe(kernel: BootableKernel): Promise<string | undefined> {
  const result = await execa(
    'setpriv',
    [
      ...tiedToParent,
      ...hardwareArgs({ ...vmSize('kvm', false), memory: 512, cpus: 1 }),
      ...['-kernel', kernel.image, '-initrd', kernel.initramfs],
      ...['-append', 'console=ttyS0 quiet panic=-1 lvs_lab.probe', '-serial', 'stdio'],
    ],
    { reject: false, timeout: probeSeconds * 1000, killSignal: 'SIGKILL', stdin: 'ignore' },
  );
  if (result.stdout.includes('lvs-lab-guest: probe ok')) return undefined;
  if (result.timedOut) return `a kernel on KVM said nothing within ${durationText(probeSeconds, 'set')}`;
  const lines = result.stderr.trim().split('\n');
  return `a kernel on KVM did not reach user space${lines[0] === '' ? '' : ` (${lines.at(-1) ?? ''})`}`;
}

/** The kept answer; undefined when there is none that can be read, and KVM has to be tried. */
async function readAnswer(file: string): Promise<KvmAnswer | undefined> {
  try {
    return parseJson(kvmAnswerSchema, await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
