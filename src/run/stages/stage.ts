import type { Emit, Stage } from '../model/labEvents.js';

/** Runs a stage and reports when it began and how long it took. A stage that fails is never reported as finished. */
export async function timedStage<T>(
  emit: Emit,
  scenario: string,
  stage: Stage,
  work: () => Promise<T>,
): Promise<T> {
  const start = performance.now();
  emit({ type: 'stage-started', scenario, stage });
  const result = await work();
  emit({ type: 'stage-finished', scenario, stage, seconds: (performance.now() - start) / 1000 });
  return result;
}
