import type { EmitEngine } from '../engine/events.js';
import type { EngineProgress } from '../engine/progress.js';
import type { Context } from './context.js';
import type { ProgressOption } from './options.js';
import { reporterFor } from './progress.js';

/** Does work that takes an engine's time, but no engine, and shows on stderr what goes on. */
export async function withProgress<T>(
  { io }: Context,
  options: ProgressOption,
  work: (progress: EngineProgress) => Promise<T>,
): Promise<T> {
  const { engineProgress } = await import('../engine/progress.js');
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
