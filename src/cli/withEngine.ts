import type { Engine } from '../engine/port.js';
import { Scope } from '../support/scope.js';
import type { OpenRequest, Services } from './services.js';

/** Seconds for an engine to go away: a VM powers off in these. */
const closeSeconds = 60;

/**
 * Opens an engine for `body` and closes it whatever happens. Cleanup that fails is an event, and never hides the error of
 * the body; once the request's signal has aborted, its reason is the error.
 */
export async function withEngine<T>(
  services: Services,
  request: OpenRequest,
  body: (engine: Engine) => Promise<T>,
): Promise<T> {
  const scope = new Scope((what, error) => {
    request.emit({ type: 'cleanup-problem', what, error });
  }, closeSeconds);
  try {
    const engine = scope.use(await services.openEngine(request), 'the engine');
    return await body(engine);
  } catch (error) {
    // What failed because it was aborted says so in a hundred ways; why it was aborted is the one worth reading.
    throw request.signal.aborted ? request.signal.reason : error;
  } finally {
    await scope.close();
  }
}
