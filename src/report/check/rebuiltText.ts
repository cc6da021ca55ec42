import type { Rebuilt, RebuildNote } from '../../rebuild/rebuilt.js';
import { serviceEnd } from './serviceEnd.js';

/** What of a site the lab has, and in what it is not as the site is. */
export function rebuiltLines({ notes, unbuilt }: Pick<Rebuilt, 'notes' | 'unbuilt'>): readonly string[] {
  return [
    ...notes.map((note) => `in the lab: ${noteText(note)}`),
    ...unbuilt.map(({ service, why }) => `not in the lab: ${serviceEnd(service)}: ${why}`),
  ];
}

function noteText({ text, at }: RebuildNote): string {
  return at === undefined ? text : `${at.file}:${at.line}: ${text}`;
}
