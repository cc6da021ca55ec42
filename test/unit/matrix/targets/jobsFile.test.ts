import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJobList, writeJobList } from '../../../../src/matrix/targets/jobsFile.js';
import { UsageError } from '../../../../src/support/errors.js';
import { folder } from '../matrices.js';

describe('the list of jobs that a matrix gives to a child', () => {
  it('is read as it was written', async () => {
    const file = path.join(folder(), 'k.jobs.json');
    await writeJobList(file, [{ name: 'a' }, { name: 'b#2' }]);
    expect(readFileSync(file, 'utf8')).toBe('["a","b#2"]\n');
    expect(await readJobList(file)).toEqual(['a', 'b#2']);
  });

  it.each(['', '["a"', '{"jobs":["a"]}', '["a",1]'])(
    'is refused by name, and said what it is for, where it holds `%s`',
    async (text) => {
      const file = path.join(folder(), 'k.jobs.json');
      writeFileSync(file, text);
      const error = await readJobList(file).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UsageError);
      expect((error as UsageError).message).toContain(`expected ${file} to be a list of jobs for --jobs: `);
      expect((error as UsageError).hint).toContain('leave --jobs out');
    },
  );
});
