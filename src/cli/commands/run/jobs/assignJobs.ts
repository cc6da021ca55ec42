import { type IptablesFlavour, roles } from '../../../../contracts/words/nodes.js';
import { resolve } from 'node:path';
import { refuseOtherFlavours } from '../../../../engine/images/imageSpec.js';
import { parseKernelSpec, type KernelSpec } from '../../../../engine/kernel/kernelSpec.js';
import { kernelFile } from '../../../../engine/kernel/sources/kernelFile.js';
import { readJobList } from '../../../../matrix/targets/jobsFile.js';
import { shardFrom } from '../../../../matrix/targets/autoShard.js';
import { sharesOf, type Shard, type Share, wholeShard } from '../../../../matrix/targets/shard.js';
import { targetsOf, type Target } from '../../../../matrix/targets/target.js';
import type { Job } from '../../../../run/model/jobs.js';
import { UsageError } from '../../../../support/errors.js';
import type { Io } from '../../../frame/io.js';
import type { MatrixOptions } from '../../../options/matrixOptions.js';

/** Which jobs run on which kernel and image, and which of them in this shard. */
export interface AssignedJobs {
  /** All kernels and images that were asked for, including those of other shards. */
  readonly targets: readonly Target[];
  /** The jobs that every target runs. */
  readonly jobs: readonly Job[];
  /** The shard that this process runs; undefined: it runs everything. */
  readonly shard: Shard | undefined;
  /** The jobs that this process runs, by target. */
  readonly shares: readonly Share<Job>[];
}

/**
 * Assigns the jobs to kernels and images, and takes this shard's part. Throws UsageError when `--shard auto` finds no shard in the
 * environment, `--jobs` names an unknown job, a kernel or image is unknown, or an image lacks a flavour of iptables that a job wants.
 */
export async function assignJobs(
  chosen: readonly Job[],
  { kernel = [], image = [], shard: wanted, jobs: file }: MatrixOptions,
  { env, cwd }: Io,
): Promise<AssignedJobs> {
  const targets = targetsOf(kernel, image);
  const shard = wanted === 'auto' ? shardFrom(env) : wanted;
  const jobs = file === undefined ? chosen : await listed(chosen, resolve(cwd, file));
  const flavours = new Set(jobs.flatMap(wantedFlavours));
  const specs = kernel.map(parseKernelSpec);
  // Among others it costs only its own cells: the others run, and the child process that runs these (`--jobs`) reports what became of them.
  if (specs.length === 1 && file === undefined) await refuseUnbootable(specs);
  for (const name of image) refuseOtherFlavours(name, flavours);
  return { targets, jobs, shard, shares: sharesOf(targets, jobs, shard ?? wholeShard) };
}

/** Throws UsageError for a file that is no kernel for this program, and for modules that are not there. */
async function refuseUnbootable(specs: readonly KernelSpec[]): Promise<void> {
  for (const spec of specs) if (spec.kind === 'file') await kernelFile(spec.image, spec.modules);
}

/** Flavours of iptables that the job wants on the nodes made of the image. */
function wantedFlavours({ scenario, iptables }: Job): readonly IptablesFlavour[] {
  const { roles: settings, events } = scenario;
  const ofImage = roles.filter((role) => role !== 'client');
  return iptables === undefined
    ? [
        ...ofImage.map((role) => settings[role].iptables),
        ...events.flatMap(({ action }) => (action.kind === 'rules' ? [action.iptables] : [])),
      ]
    : [iptables];
}

async function listed(chosen: readonly Job[], file: string): Promise<readonly Job[]> {
  const names = await readJobList(file);
  const known = new Map(chosen.map((job) => [job.name, job]));
  return names.map((name) => {
    const job = known.get(name);
    if (job !== undefined) return job;
    throw new UsageError(`expected ${file} to list jobs of the scenarios named, found ${name}`, {
      hint: 'leave the scenario files as they are while a matrix runs',
    });
  });
}
