import { LabError } from '../support/errors.js';

/** A stream of the process that reports when it cannot be written to. */
export interface FailingStream {
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/**
 * Watches standard output: `failure` tells why something printed did not arrive, once that has happened. A reader that has read enough
 * (`lvs-lab list | head`) is no failure, and cleanup must still run. Standard error only has status, so errors there are ignored.
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
