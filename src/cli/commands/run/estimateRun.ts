import { estimateOf } from '../../../matrix/estimate/estimate.js';
import type { Share } from '../../../matrix/targets/shard.js';
import type { Job } from '../../../run/model/jobs.js';
import type { Estimate } from '../../../run/model/labEvents.js';
import type { Services } from '../../frame/services.js';
import type { RunOptions } from './runOptions.js';
import { targetsAtOnce } from './runOnTargets.js';

/** How long a run will probably take; undefined: it has nothing to do, or the process that started this one has said so. */
export async function estimateRun(
  shares: readonly Share<Job>[],
  options: Pick<RunOptions, 'engine' | 'accel' | 'vms' | 'stopOnFailure' | 'jobs'>,
  { times }: Pick<Services, 'times'>,
): Promise<Estimate | undefined> {
  if (options.jobs !== undefined || shares.length === 0) return undefined;
  const { engine, accel } = options;
  return estimateOf(shares, await times.read(), { engine, accel, atOnce: targetsAtOnce(options) });
}
