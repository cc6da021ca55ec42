import { LabError } from '../support/errors.js';

/** What tells that a stream cannot be written to: the process's own. */
export interface FailingStream {
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/**
 * Watches standard output: `failure` is why not all that was printed arrived, once that is so. Whoever reads may have had enough
 * (`lvs-lab list | head`): that is no failure, and cleanup must still run. On standard error is status, which nothing ends for.
 */
export function watchOutputs({ stdout, stderr }: Record<'stdout' | 'stderr', FailingStream>): {
  readonly failure: () => LabError | undefined;
} {
  let failure: LabError | undefined;
  stdout.on('error', (error) => {
    if (error.code === 'EPIPE') return;
    failure ??= new LabError(`could not write all of the results to standard output: ${error.message}`, {
      cause: error,
      hint: 'free some space where it goes, or send it somewhere else',
    });
  });
  stderr.on('error', () => undefined);
  return { failure: () => failure };
}
