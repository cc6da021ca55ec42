import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { jsonLine } from '../../../../bench/tools/jsonLine.js';

const schema = z.object({ sent: z.number() });

describe('jsonLine', () => {
  it('is found among others', () => {
    expect(jsonLine(schema, 'warming up\n{"sent":3,"more":1}\n', 'it')).toEqual({ sent: 3 });
  });

  it.each(['', 'Killed', '{"received":3}'])('is missed in %j', (output) => {
    expect(() => jsonLine(schema, output, 'the tool')).toThrow('the tool said nothing of what it did');
  });
});
