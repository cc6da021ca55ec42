import type { Job } from '../../run/model/jobs.js';
import type { Share } from '../targets/shard.js';

/** What most scenarios take in an emulated guest, waiting for quiet not included. */
const typicalSeconds = 15;
/** Of a raw-socket load: getting ready, and reading what it left. */
const flowSeconds = 60;

/** Targets by what they will take, longest first, so that none is left to run alone in the end. Rough: only their order matters. */
export function longestFirst(shares: readonly Share<Job>[]): readonly Share<Job>[] {
  const estimated = shares.map((share) => ({
    share,
    seconds: share.jobs.reduce((sum, job) => sum + secondsOf(job), 0),
  }));
  return estimated.sort((one, other) => other.seconds - one.seconds).map(({ share }) => share);
}

/** Each load runs twice, as control and measured. */
function secondsOf({ scenario: { deadlines, flows } }: Job): number {
  const load = flows === undefined ? 0 : flowSeconds + flows.count / flows.rate;
  return typicalSeconds + 2 * (deadlines.quiet + load);
}
