import type { EngineChoice } from '../../contracts/words/engines.js';
import type { RequirementState } from '../../contracts/words/requirements.js';
import { access, constants, statfs } from 'node:fs/promises';
import { freemem } from 'node:os';
import { LabError } from '../../support/errors.js';
import { makeKeptFolder } from '../lifetime/makeKeptFolder.js';
import { refuseWithoutProc } from '../lifetime/owner.js';
import { cacheRoot } from '../lifetime/paths.js';
import { imageGroups } from '../images/groups.js';
import { installCommand, installPackages } from '../debian/install.js';
import { tryLocal } from '../local/local.js';
import { engineProgress } from '../port/engineProgress.js';
import type { EmitEngine } from '../port/engineEvents.js';
import { missingPrograms, requiredPrograms } from './requiredPrograms.js';

/** One thing that the lab needs of this machine, and whether the machine has it. */
export interface Requirement {
  readonly name: string;
  readonly state: RequirementState;
  readonly detail: string;
  /** How to get it: a command to paste where there is one. */
  readonly fix: string | undefined;
  /** The Debian packages that contain it. */
  readonly packages?: readonly string[];
}

const wantedDisk = 6e9;
const wantedMemory = 3e9;

/**
 * Checks what a run with this engine would need. The local engine is really tried, as a run would; the VM's needs are checked when a run
 * may need a VM.
 */
export async function diagnose({
  engine,
}: {
  readonly engine: EngineChoice;
}): Promise<readonly Requirement[]> {
  const unfit = await hostRequirement();
  if (unfit !== undefined) return [unfit];
  const local = engine === 'vm' ? undefined : await localRequirement(engine === 'local');
  const useful = local?.state === 'ok' || engine === 'local';
  return [...(local === undefined ? [] : [local]), ...(useful ? [] : await vmRequirements())];
}

/** What keeps this machine from any engine; undefined: nothing. */
async function hostRequirement(): Promise<Requirement | undefined> {
  try {
    await refuseWithoutProc();
    return undefined;
  } catch (error) {
    return missingBecause('this machine', error);
  }
}

/** The requirement that a LabError tells of; throws any other error. */
function missingBecause(name: string, error: unknown): Requirement {
  if (!(error instanceof LabError)) throw error;
  const { message: detail, hint: fix } = error;
  return { name, state: 'missing', detail, fix };
}

async function localRequirement(required: boolean): Promise<Requirement> {
  const name = 'local engine';
  const quiet: EmitEngine = () => undefined;
  try {
    const { facts, where, reached } = await tryLocal({
      groups: imageGroups('auto').local,
      tools: undefined,
      runId: 'doctor',
      progress: engineProgress(quiet, new AbortController().signal),
    });
    await reached[Symbol.asyncDispose]();
    return {
      name,
      state: 'ok',
      detail: `Docker ${facts.dockerVersion} at ${where} does IPVS on ${facts.kernel}`,
      fix: undefined,
    };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    const state = required ? 'missing' : 'warning';
    return {
      name,
      state,
      detail: required ? error.message : `${error.message}; the VM will be used`,
      fix: error.hint,
    };
  }
}

async function vmRequirements(): Promise<readonly Requirement[]> {
  const missing = await missingPrograms();
  const programs = requiredPrograms().map((required): Requirement => {
    const name = required.program;
    if (!missing.includes(required)) return { name, state: 'ok', detail: required.purpose, fix: undefined };
    return {
      name,
      state: 'missing',
      detail: `not installed; ${required.purpose}`,
      fix: installCommand([required.package]),
      packages: [required.package],
    };
  });
  return [...programs, await kvmRequirement(), await diskRequirement(), memoryRequirement()];
}

async function kvmRequirement(): Promise<Requirement> {
  const name = 'KVM';
  const usable = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  return usable
    ? {
        name,
        state: 'ok',
        detail: '/dev/kvm can be opened; whether it boots anything is tried at the first run',
        fix: undefined,
      }
    : {
        name,
        state: 'warning',
        detail: '/dev/kvm cannot be opened: the VM will run under software emulation, several times slower',
        fix: 'enable virtualization, and add yourself to the group kvm',
      };
}

async function diskRequirement(): Promise<Requirement> {
  const name = 'disk space';
  try {
    await makeKeptFolder(cacheRoot(), 'XDG_CACHE_HOME');
  } catch (error) {
    return missingBecause(name, error);
  }
  const { bavail, bsize } = await statfs(cacheRoot());
  const free = bavail * bsize;
  const detail = `${gigabytes(free)} GB free in ${cacheRoot()}, ${gigabytes(wantedDisk)} GB wanted for the first run`;
  return free >= wantedDisk
    ? { name, state: 'ok', detail, fix: undefined }
    : {
        name,
        state: 'warning',
        detail,
        fix: 'free some, or point XDG_CACHE_HOME at a larger disk',
      };
}

function memoryRequirement(): Requirement {
  const detail = `${gigabytes(freemem())} GB free, ${gigabytes(wantedMemory)} GB wanted for a guest`;
  return freemem() >= wantedMemory
    ? { name: 'memory', state: 'ok', detail, fix: undefined }
    : {
        name: 'memory',
        state: 'warning',
        detail,
        fix: 'close something: a guest short of memory ends with a panic',
      };
}

/** Installs the packages of what is missing. Rejects with the command to type when that cannot be done. */
export async function installMissing(requirements: readonly Requirement[], emit: EmitEngine): Promise<void> {
  const packages = requirements.flatMap((requirement) =>
    requirement.state === 'missing' ? (requirement.packages ?? []) : [],
  );
  if (packages.length === 0) return;
  const progress = engineProgress(emit, new AbortController().signal);
  await progress.step(`installing ${packages.join(' ')}`, (tell) =>
    installPackages(packages, progress.signal, tell),
  );
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
