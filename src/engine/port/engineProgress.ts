import { eachSecond, type TellDownload } from './download.js';
import type { EmitEngine } from './engineEvents.js';

/** How the code that prepares an engine reports progress, and the signal that stops it. */
export interface EngineProgress {
  readonly signal: AbortSignal;
  /** Tells the user something: a choice made, a thing made again. */
  readonly note: (message: string) => void;
  /** Runs `work` and reports it as a step with this name, and how far what it downloads has got. */
  readonly step: <T>(name: string, work: (tell: TellDownload) => Promise<T>) => Promise<T>;
}

/** Makes a progress that reports by engine events. */
export function engineProgress(emit: EmitEngine, signal: AbortSignal): EngineProgress {
  return {
    signal,
    note: (message) => {
      emit({ type: 'engine-note', message });
    },
    step: async (step, work) => {
      const start = performance.now();
      emit({ type: 'engine-step', step, state: 'started' });
      const result = await work(
        eachSecond((download) => {
          emit({ type: 'engine-download', step, ...download });
        }),
      );
      emit({ type: 'engine-step', step, state: 'finished', seconds: (performance.now() - start) / 1000 });
      return result;
    },
  };
}
