import type { FlowFate } from '../../contracts/words/flowFates.js';
import { countsText } from '../model/expectationText.js';
import type { FlowNumbers } from '../model/verdict.js';

const fateWords: Readonly<Record<FlowFate, string>> = {
  closed: 'closed',
  reset: 'reset',
  refused: 'refused',
  opening: 'stuck in opening',
  transfer: 'stuck in transfer',
  closing: 'stuck in closing',
  data: 'stuck with data',
  held: 'held open',
  answered: 'answered',
  unanswered: 'unanswered',
  unfinished: 'unfinished',
};

/** `close-blocked (39000 of 40000 flows stuck in closing, 1000 closed)`. */
export function flowFatesText({ outcome, fates, leftOpen, answeredStale = 0, opened }: FlowNumbers): string {
  const counts = Object.entries(fateWords)
    .map(([fate, words]) => [words, fates[fate as FlowFate]] as const)
    .filter(([, flows]) => flows > 0);
  const open = leftOpen === 0 ? '' : `; ${leftOpen} of the closed are still open on a realserver`;
  const stale =
    answeredStale === 0
      ? ''
      : `; ${answeredStale} of the answered by a realserver that is none of the service's any more, or has weight 0`;
  return `${outcome ?? 'no outcome'} (${countsText(Object.fromEntries(counts), opened, 'flows')}${open}${stale})`;
}
