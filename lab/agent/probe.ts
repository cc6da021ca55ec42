import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProbeCommand, Target } from './arguments.js';
import type { LocalPorts } from './localPorts.js';

export interface ProbeReport {
  /** True when every expected realserver has answered with status 200. */
  readonly ready: boolean;
  readonly tries: number;
  /** X-Realserver -> the number of the try it answered first. */
  readonly answered: Readonly<Record<string, number>>;
  /** Expected, and not heard of. */
  readonly missing: readonly string[];
  /** The last few failures, oldest first. */
  readonly errors: readonly string[];
}

const tryMilliseconds = 2000;
const pauseMilliseconds = 100;
const errorsKept = 5;

/**
 * Asks the service, one short connection after the other, until every expected realserver has answered or time is up: proof
 * that packets go from the client through the director to each realserver, and back.
 */
export async function probe(
  { target, expect, timeoutSeconds }: ProbeCommand,
  ports: LocalPorts,
): Promise<ProbeReport> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  const answered = new Map<string, number>();
  const errors: string[] = [];
  let missing = [...expect];
  let tries = 0;
  while (missing.length > 0 && Date.now() < deadline) {
    tries += 1;
    const limit = Math.max(1, Math.min(tryMilliseconds, deadline - Date.now()));
    const known = answered.size;
    try {
      const name = await ask(target, ports.take(), limit);
      if (!answered.has(name)) answered.set(name, tries);
      missing = expect.filter((one) => !answered.has(one));
    } catch (error) {
      errors.push(`try ${tries}: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (answered.size === known) await delay(pauseMilliseconds);
  }
  return {
    ready: missing.length === 0,
    tries,
    answered: Object.fromEntries(answered),
    missing,
    errors: errors.slice(-errorsKept),
  };
}

/** One request; resolves with the X-Realserver of a reply with status 200. */
function ask(target: Target, localPort: number, milliseconds: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(
      { ...target, path: '/close', agent: false, localPort, signal: AbortSignal.timeout(milliseconds) },
      (response) => {
        const name = response.headers['x-realserver'];
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode !== 200) reject(new Error(`HTTP status ${response.statusCode}`));
          else if (typeof name !== 'string') reject(new Error('a reply without X-Realserver'));
          else resolve(name);
        });
        response.resume();
      },
    );
    request.on('error', (error) => {
      reject(error.name === 'AbortError' ? new Error(`no reply in ${milliseconds} ms`) : error);
    });
  });
}
