import { describe, expect, it } from 'vitest';
import { processTimesIn } from '../../../../bench/usage/processTimes.js';

const stat = (name: string) =>
  `4711 (${name}) S 1 4711 4711 0 -1 4194560 1502 90210 0 4 250 150 1000 234 20 0 11 0 4242 730419200 12345 18446744073709551615`;

describe('processTimesIn', () => {
  it('has the times of the process and of its children', () => {
    expect(processTimesIn(stat('node'))).toEqual({ own: 4, children: 12.34 });
  });

  it('is not led astray by a name with blanks and brackets', () => {
    expect(processTimesIn(stat('a) S 9 9 (b'))).toEqual({ own: 4, children: 12.34 });
  });
});
