import type { Emit, Stage } from '../model/labEvents.js';

/** Does a stage's work and tells when it began and how long it took; a stage that fails is never finished. */
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
