import { measure } from '../measured.mjs';
import { outcomeOf } from '../outcome.mjs';

/** @import { Place, Outcome } from '../place.mjs' */
/** @import { Work } from '../work.mjs' */

/**
 * wrk with `Connection: close`, one thread.
 * @param {Place} place @param {Work} work @returns {Promise<Outcome>}
 */
export async function wrk(place, { seconds, concurrency }) {
  const { measured, output } = await measure(place, [
    ...(await place.program('wrk')),
    ...['--threads', '1', '--connections', String(concurrency), '--duration', `${seconds}s`],
    ...['--header', 'Connection: close', urlOf(place)],
  ]);
  const found = /(\d+) requests in ([\d.]+)s/.exec(output);
  if (found === null) throw new Error(`wrk said nothing of its requests:\n${output}`);
  const errors = /Socket errors: .*/.exec(output);
  return outcomeOf('wrk', 'conversations', measured, {
    connections: Number(found[1]),
    seconds: Number(found[2]),
    remarks: errors === null ? [] : [errors[0]],
  });
}

/**
 * ab, which opens a connection for each request.
 * @param {Place} place @param {Work} work @returns {Promise<Outcome>}
 */
export async function ab(place, { connections, concurrency }) {
  const { measured, output } = await measure(place, [
    ...(await place.program('ab')),
    ...['-q', '-n', String(connections), '-c', String(concurrency)],
    ...['-H', 'Connection: close', urlOf(place)],
  ]);
  const number = (/** @type {string} */ name) =>
    Number(new RegExp(`^${name}: +([\\d.]+)`, 'm').exec(output)?.[1]);
  const complete = number('Complete requests');
  if (Number.isNaN(complete)) throw new Error(`ab said nothing of its requests:\n${output}`);
  const failed = number('Failed requests');
  return outcomeOf('ab', 'conversations', measured, {
    connections: complete,
    seconds: number('Time taken for tests'),
    remarks: failed > 0 ? [`${failed} failed`] : [],
  });
}

/** @param {Place} place */
function urlOf({ target: { vip, port } }) {
  return `http://${vip}:${port}/close/text`;
}
