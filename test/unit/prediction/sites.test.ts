import { describe, expect, it } from 'vitest';
import { answered, predicted, siteAnswer, siteFiles, siteNames } from './siteAnswers.js';

describe('sites in the shapes that real ones have', () => {
  it.each(siteNames)('%s comes to its right answer, with the lines to blame', (name) => {
    const answer = siteAnswer(name);
    const prediction = predicted(siteFiles(name), answer.in);
    expect(prediction.problems.filter(({ done }) => done !== 'noted')).toEqual([]);
    const expected = Object.fromEntries(
      Object.entries(answer.services).map(([service, { outcome, blame, missed }]) => [
        service,
        { outcome, blame: blame.toSorted(), missed: missed.toSorted() },
      ]),
    );
    expect(answered(prediction)).toEqual(expected);
  });

  it.each(siteNames)('%s comes to another one where all its packets are dropped first', (name) => {
    const files = siteFiles(name).map((file) => ({
      ...file,
      text: file.text
        .replace(/^(?:\*filter\s*|-P INPUT .*)$/gm, '$&\n-A INPUT -p tcp -j DROP\n-A INPUT -p udp -j DROP')
        .replace(/(hook input[^\n]*)/g, '$1\n  meta l4proto { tcp, udp } drop'),
    }));
    const outcomes = Object.values(answered(predicted(files, siteAnswer(name).in))).map(
      ({ outcome }) => outcome,
    );
    expect(new Set(outcomes)).toEqual(new Set(['unreachable']));
  });
});
