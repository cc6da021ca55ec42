import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../engine/port/port.js';
import { cleanupSeconds, Scope } from '../../support/scope.js';
import type { OpenRequest, Services } from './services.js';

/** Seconds that closing an engine may take when no user waits for it; a VM powers off in this time. */
const closeSeconds = 60;

/**
 * Opens an engine for `body` and closes it whatever happens. Cleanup that fails is an event, and never hides the error of
 * the body; once the request's signal has aborted, its reason is the error.
 */
export async function withEngine<T>(
  services: Services,
  request: OpenRequest,
  body: (engine: Engine) => Promise<T>,
  graceSeconds = cleanupSeconds,
): Promise<T> {
  const report = (what: string, error: Error): void => {
    request.emit({ type: 'cleanup-problem', what, error });
  };
  const scope = new Scope(report, closeSeconds, { signal: request.signal, seconds: graceSeconds });
  try {
    const opening = services.openEngine(request);
    const engine = scope.use(await unlessStuck(opening, request.signal, graceSeconds), 'the engine');
    return await body(engine);
  } catch (error) {
    // What failed because it was aborted says so in a hundred ways; why it was aborted is the one worth reading.
    throw request.signal.aborted ? request.signal.reason : error;
  } finally {
    await scope.close();
  }
}

/** After an abort, an engine that is being opened gets time to clean up after itself, but not for ever. */
async function unlessStuck<T>(opening: Promise<T>, signal: AbortSignal, graceSeconds: number): Promise<T> {
  const over = new AbortController();
  const giveUp = async (): Promise<never> => {
    if (!signal.aborted) await once(signal, 'abort', { signal: over.signal });
    await sleep(graceSeconds * 1000, undefined, { signal: over.signal });
    throw signal.reason;
  };
  try {
    return await Promise.race([opening, giveUp()]);
  } finally {
    over.abort();
  }
}
