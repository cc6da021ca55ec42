import { LabError } from '../../src/support/errors.js';
import { type ToolOutcome, toolOutcomeOf } from '../outcomes/toolOutcome.js';
import { measure } from '../places/measure.js';
import type { ClientPlace } from '../places/clientPlace.js';
import type { Work } from './work.js';

/** wrk with `Connection: close`, one thread. */
export async function wrk(place: ClientPlace, { seconds, concurrency }: Work): Promise<ToolOutcome> {
  const { measured, output } = await measure(place, [
    ...(await place.program('wrk')),
    ...['--threads', '1', '--connections', String(concurrency), '--duration', `${seconds}s`],
    ...['--header', 'Connection: close', urlOf(place)],
  ]);
  const found = /(\d+) requests in ([\d.]+)s/.exec(output);
  if (found === null) throw new LabError('wrk said nothing of its requests', { details: output });
  const errors = /Socket errors: .*/.exec(output);
  return toolOutcomeOf('wrk', 'conversations', measured, {
    connections: Number(found[1]),
    seconds: Number(found[2]),
    remarks: errors === null ? [] : [errors[0]],
  });
}

/** ab, which opens a connection for each request. */
export async function ab(place: ClientPlace, { connections, concurrency }: Work): Promise<ToolOutcome> {
  const { measured, output } = await measure(place, [
    ...(await place.program('ab')),
    ...['-q', '-n', String(connections), '-c', String(concurrency)],
    ...['-H', 'Connection: close', urlOf(place)],
  ]);
  const number = (name: string) => Number(new RegExp(`^${name}: +([\\d.]+)`, 'm').exec(output)?.[1]);
  const complete = number('Complete requests');
  if (Number.isNaN(complete)) throw new LabError('ab said nothing of its requests', { details: output });
  const failed = number('Failed requests');
  return toolOutcomeOf('ab', 'conversations', measured, {
    connections: complete,
    seconds: number('Time taken for tests'),
    remarks: failed > 0 ? [`${failed} failed`] : [],
  });
}

function urlOf({ target: { vip, port } }: ClientPlace): string {
  return `http://${vip}:${port}/close/text`;
}
