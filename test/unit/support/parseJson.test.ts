import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { JsonError, parseJson } from '../../../src/support/parseJson.js';

const schema = z.object({ jobs: z.array(z.object({ name: z.string() })) });

const problemOf = (text: string): string => {
  try {
    parseJson(schema, text);
  } catch (error) {
    expect(error).toBeInstanceOf(JsonError);
    return (error as JsonError).message;
  }
  return 'none';
};

describe('parseJson', () => {
  it('gives what the schema describes', () => {
    expect(parseJson(schema, '{"jobs":[{"name":"a"}]}')).toEqual({ jobs: [{ name: 'a' }] });
  });

  it.each([
    ['', 'expected JSON, found ""'],
    ['{"jobs":[', 'expected JSON, found "{\\"jobs\\":["'],
    [
      '{"jobs":[{"name":1}]}',
      'unexpected contents at jobs.0.name: Invalid input: expected string, received number',
    ],
    ['null', 'unexpected contents at the top level: Invalid input: expected object, received null'],
  ])('says what is wrong with `%s`', (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });
});
