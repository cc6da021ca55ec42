import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../../../src/support/suggest.js';

describe('nearest', () => {
  const words = ['how', 'rules', 'topology', 'server', 'client'];

  it.each([
    ['rulez', 'rules'],
    ['hwo', 'how'],
    ['topolgy', 'topology'],
    ['Servre', 'server'],
    ['rules', 'rules'],
  ])('takes %s for %s', (word, meant) => {
    expect(nearest(word, words)).toBe(meant);
  });

  it.each(['', 'xyz', 'forwarding'])('takes %j for none', (word) => {
    expect(nearest(word, words)).toBeUndefined();
  });

  it('takes the closer of two', () => {
    expect(nearest('close/client-frist', ['close/client-first-fixed', 'close/client-first'])).toBe(
      'close/client-first',
    );
  });
});

describe('didYouMean', () => {
  it('ends a message, or adds nothing', () => {
    expect(didYouMean('rulez', ['rules'])).toBe('; did you mean `rules`?');
    expect(didYouMean('colour', ['rules'])).toBe('');
    expect(didYouMean('colour', [])).toBe('');
  });
});
