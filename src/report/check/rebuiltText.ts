import type { Rebuilt, RebuildNote } from '../../rebuild/rebuilt.js';
import { serviceEnd } from './serviceEnd.js';

/** Lines that say how the lab differs from the site, and which services are in no lab. */
export function rebuiltLines({ notes, unbuilt }: Pick<Rebuilt, 'notes' | 'unbuilt'>): readonly string[] {
  return [
    ...notes.map((note) => `in the lab: ${noteText(note)}`),
    ...unbuilt.map(({ service, why }) => `not in the lab: ${serviceEnd(service)}: ${why}`),
  ];
}

function noteText({ text, at }: RebuildNote): string {
  return at === undefined ? text : `${at.file}:${at.line}: ${text}`;
}
