import { describe, expect, it } from 'vitest';
import { filterAsync } from '../../../src/support/filterAsync.js';

describe('filterAsync', () => {
  it('keeps the order of the items, whatever the order of the answers', async () => {
    const answers: (() => void)[] = [];
    const found = filterAsync([1, 2, 3, 4], (item) => {
      return new Promise((resolve) => {
        answers.unshift(() => {
          resolve(item % 2 === 1);
        });
      });
    });
    for (const answer of answers) answer();
    expect(await found).toEqual([1, 3]);
  });

  it('rejects when a question cannot be answered', async () => {
    await expect(filterAsync([1], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
