import { distance } from 'fastest-levenshtein';

/** The candidate that `word` is most likely a misspelling of; undefined when none is close. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: editsBetween(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  // A third of the letters wrong is still a typo, at least one of them; more is another word.
  const tolerated = Math.max(1, Math.floor(Math.max(word.length, best?.candidate.length ?? 0) / 3));
  return best !== undefined && best.edits <= tolerated ? best.candidate : undefined;
}

/** `; did you mean \`x\`?` to end an error message with, or nothing when no candidate is close. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const found = nearest(word, candidates);
  return found === undefined ? '' : `; did you mean \`${found}\`?`;
}

/** Levenshtein counts two swapped letters as two edits; typing them was one slip. */
function editsBetween(a: string, b: string): number {
  return a !== b && letters(a) === letters(b) ? 1 : distance(a, b);
}

function letters(word: string): string {
  return Array.from(word).sort().join('');
}
