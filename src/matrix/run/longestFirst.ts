import type { Job } from '../../run/model/jobs.js';
import type { Share } from '../targets/shard.js';

/** Seconds that most scenarios take in an emulated guest, apart from waiting for quiet. */
const typicalSeconds = 15;
/** Seconds that a raw-socket load adds: for preparing it, and for reading what it left. */
const flowSeconds = 60;

/**
 * Sorts targets by their estimated time, longest first, so that none is left to run alone at the end. The estimate is rough, because only
 * the order matters.
 */
export function longestFirst(shares: readonly Share<Job>[]): readonly Share<Job>[] {
  const estimated = shares.map((share) => ({
    share,
    seconds: share.jobs.reduce((sum, job) => sum + secondsOf(job), 0),
  }));
  return estimated.sort((one, other) => other.seconds - one.seconds).map(({ share }) => share);
}

/** Estimated seconds of a job, whose load runs twice: as control and measured. */
function secondsOf({ scenario: { deadlines, flows } }: Job): number {
  const load = flows === undefined ? 0 : flowSeconds + flows.count / flows.rate;
  return typicalSeconds + 2 * (deadlines.quiet + load);
}
