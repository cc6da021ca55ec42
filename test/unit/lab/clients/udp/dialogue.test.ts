import { describe, expect, it } from 'vitest';
import { answerIn, pushesOf, requestText } from '../../../../../lab/clients/udp/dialogue.js';

const dns = { as: 'dns', pause: 0.2, wait: 2 } as const;

describe('the words of clients of UDP', () => {
  it('ask for a reply, and in a stream for two datagrams more', () => {
    expect(requestText('c1', 3, dns)).toBe('ask c1 3 0 0.2\n');
    expect(requestText('f12', 1, { ...dns, as: 'quic' })).toBe('ask f12 1 2 0.2\n');
    expect([pushesOf(dns), pushesOf({ as: 'quic' })]).toEqual([0, 2]);
  });

  it('are understood when they come back', () => {
    expect(answerIn('reply c1 3 realserver2\n')).toEqual({
      kind: 'reply',
      id: 'c1',
      sequence: 3,
      by: 'realserver2',
    });
    expect(answerIn('push f12 1 director')).toMatchObject({ kind: 'push', id: 'f12' });
  });

  it.each(['', 'reply c1 3', 'reply c1 x realserver1\n', 'ask c1 3 0 0\n', 'reply c1 3 two words\n'])(
    'are nothing in %j',
    (text) => {
      expect(answerIn(text)).toBeUndefined();
    },
  );
});
