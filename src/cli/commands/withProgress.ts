import type { EmitEngine } from '../../engine/port/engineEvents.js';
import type { EngineProgress } from '../../engine/port/engineProgress.js';
import type { Context } from '../frame/context.js';
import type { ProgressOption } from '../options/options.js';
import { reporterFor } from '../options/reporterFor.js';

/** Does work that takes an engine's time, but no engine, and shows on stderr what goes on. */
export async function withProgress<T>(
  { io }: Context,
  options: ProgressOption,
  work: (progress: EngineProgress) => Promise<T>,
): Promise<T> {
  const { engineProgress } = await import('../../engine/port/engineProgress.js');
  const reporter = reporterFor(options.progress, io);
  try {
    const emit: EmitEngine = (event) => {
      io.left.take(event);
      reporter.emit(event);
    };
    return await work(engineProgress(emit, io.signal));
  } finally {
    reporter.close();
  }
}
