import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readEntryRecord } from '../../../../src/engine/cache/entryRecord.js';
import { LabError } from '../../../../src/support/errors.js';
import { tempFolder } from '../tempFolder.js';

const schema = z.object({ nextStream: z.number() });

const read = (text: string | undefined) => {
  const directory = tempFolder();
  if (text !== undefined) writeFileSync(path.join(directory, 'lab.json'), text);
  return { directory, record: readEntryRecord(directory, 'lab.json', schema) };
};

describe('a record in a cache entry', () => {
  it('is read', async () => {
    expect(await read('{"nextStream": 4}').record).toEqual({ nextStream: 4 });
  });

  it.each([
    ['of another shape', '{"nextStream": "4"}'],
    ['cut off', '{"nextStream"'],
    ['missing', undefined],
  ])('that is %s is named, with what to do about it', async (_, text) => {
    const { directory, record } = read(text);
    const error: unknown = await record.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LabError);
    const { message, hint } = error as LabError;
    expect(message).toContain(`${path.join(directory, 'lab.json')} cannot be read: `);
    expect(hint).toContain(`remove the folder ${directory}`);
  });
});
