import { UsageError } from '../../../support/errors.js';
import { refuseUselessEngine } from '../../options/refuseUselessEngine.js';
import type { RunOptions } from './runOptions.js';

type Contradicting = Pick<RunOptions, 'mutate' | 'stopOnFailure' | 'engine' | 'kernel' | 'accel' | 'vms'>;

/** Throws UsageError for options of `run` that contradict each other. */
export function refuseContradictions({
  mutate,
  stopOnFailure,
  engine,
  kernel,
  accel,
  vms = 1,
}: Contradicting): void {
  if (mutate && stopOnFailure) {
    throw new UsageError('expected --mutate or --stop-on-failure, found both: a mutation is meant to fail', {
      hint: 'leave one of them out',
    });
  }
  if (stopOnFailure && vms > 1) {
    throw new UsageError(
      'expected --stop-on-failure or --vms, found both: what runs at the same time cannot be kept from starting',
      { hint: 'leave one of them out; with --stop-on-failure one kernel is run after the other' },
    );
  }
  refuseUselessEngine({ engine, kernel, accel });
}
