import type { EmitEngine } from './engineEvents.js';

/** What everything that makes parts of an engine shares: how to tell what it does, and when to stop. */
export interface EngineProgress {
  readonly signal: AbortSignal;
  /** A remark for the user: a choice made, a thing made again. */
  readonly note: (message: string) => void;
  /** Reports that `name` takes a while, around `work`. */
  readonly step: <T>(name: string, work: () => Promise<T>) => Promise<T>;
}

/** A context that reports through engine events. */
export function engineProgress(emit: EmitEngine, signal: AbortSignal): EngineProgress {
  return {
    signal,
    note: (message) => {
      emit({ type: 'engine-note', message });
    },
    step: async (step, work) => {
      const start = performance.now();
      emit({ type: 'engine-step', step, state: 'started' });
      const result = await work();
      emit({ type: 'engine-step', step, state: 'finished', seconds: (performance.now() - start) / 1000 });
      return result;
    },
  };
}
