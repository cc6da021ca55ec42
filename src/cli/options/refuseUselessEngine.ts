import type { AcceleratorChoice, EngineChoice } from '../../contracts/words/engines.js';
import { UsageError } from '../../support/errors.js';

/** Throws UsageError for the local engine together with options that only a VM has a use for. */
export function refuseUselessEngine({
  engine,
  kernel,
  accel,
}: {
  readonly engine: EngineChoice;
  readonly kernel?: unknown;
  readonly accel: AcceleratorChoice;
}): void {
  if (engine !== 'local') return;
  if (kernel !== undefined) {
    throw new UsageError(
      'expected --kernel or --engine local, found both: a local engine has the kernel it has',
      { hint: 'leave --engine local out: each kernel is booted in a VM' },
    );
  }
  if (accel !== 'auto') {
    throw new UsageError(
      `expected --accel ${accel} or --engine local, found both: only a VM has an accelerator`,
      { hint: 'leave one of them out; --engine vm boots a VM' },
    );
  }
}
