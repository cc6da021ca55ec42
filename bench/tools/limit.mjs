import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { measure, run } from '../measured.mjs';
import { outcomeOf } from '../outcome.mjs';

/** @import { Place, Outcome } from '../place.mjs' */
/** @import { Work } from '../work.mjs' */

const source = fileURLToPath(new URL('../limit.c', import.meta.url));

/**
 * The C program, built with gcc; statically, so that it runs in any container.
 * @param {Place} place @param {Work} work @returns {Promise<Outcome>}
 */
export async function limit(place, { connections, concurrency, scratch }) {
  const binary = path.join(scratch, 'limit');
  await run(['gcc', '-O2', '-static', '-o', binary, source]);
  const { device, nextHopMac, vip, port, firstSource, sources } = place.target;
  const argv = [device, nextHopMac, vip, port, firstSource, sources, connections, concurrency].map(String);
  const { measured, output } = await measure(place, [await place.put(binary), ...argv]);
  const line = output.split('\n').find((one) => one.startsWith('{'));
  if (line === undefined) throw new Error(`the C program said nothing of its connections:\n${output}`);
  const found =
    /** @type {{ connections: number, opened: number, seconds: number, sent: number, received: number }} */ (
      JSON.parse(line)
    );
  return outcomeOf('C, sendmmsg and recvmmsg', 'conversations', measured, {
    ...found,
    remarks: found.connections < found.opened ? [`${found.opened - found.connections} not complete`] : [],
  });
}
