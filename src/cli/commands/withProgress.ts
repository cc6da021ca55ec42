import type { EmitEngine } from '../../engine/port/engineEvents.js';
import type { Context } from '../frame/context.js';
import type { ProgressAndSignal } from '../frame/services.js';
import type { ProgressOption } from '../options/options.js';
import { reporterFor } from '../options/reporterFor.js';

/** Runs work that prepares engines without opening one, and shows its progress on stderr. */
export async function withProgress<T>(
  { io }: Context,
  options: ProgressOption,
  work: (progress: ProgressAndSignal) => Promise<T>,
): Promise<T> {
  const reporter = reporterFor(options.progress, io);
  try {
    const emit: EmitEngine = (event) => {
      io.left.take(event);
      reporter.emit(event);
    };
    return await work({ emit, signal: io.signal });
  } finally {
    reporter.close();
  }
}
