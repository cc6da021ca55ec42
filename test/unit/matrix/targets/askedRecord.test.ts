import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { askedFile, readAsked, writeAsked } from '../../../../src/matrix/targets/askedRecord.js';
import { UsageError } from '../../../../src/support/errors.js';
import { folder, share } from '../matrices.js';

const usual = { engine: 'vm', accel: 'auto', repeatEach: 1, mutate: false } as const;
const options = { ...usual, freshControl: false, explain: false, stopOnFailure: false };

/** A folder with the record of a run of two jobs, and how to edit the file's text. */
async function recorded() {
  const directory = folder();
  const file = path.join(directory, askedFile);
  const shares = [share('debian:sid', 'a', 'b')];
  const values = { runId: 'r1', process: 'p.1', isMatrix: true, shard: undefined, seed: undefined };
  await writeAsked(directory, { ...values, options, shares });
  const text = readFileSync(file, 'utf8');
  const edited = (change: (from: string) => string) => {
    writeFileSync(file, change(text));
    return readAsked(directory);
  };
  return { directory, edited };
}

describe('the record of what a run was asked for', () => {
  it('is read as it was written, whatever its blanks are', async () => {
    const { directory, edited } = await recorded();
    const asked = await readAsked(directory);
    expect(asked).toMatchObject({ runId: 'r1', options, shares: [{ jobs: ['a', 'b'] }] });
    expect(await edited((text) => JSON.stringify(JSON.parse(text), undefined, 4))).toEqual(asked);
  });

  it.each([
    ['an id', '"id": "a"', '"id": "c"'],
    ['an option', '"mutate": false', '"mutate": true'],
    ['the run', '"runId": "r1"', '"runId": "r2"'],
    ['a member more', '"runId"', '"more": 1, "runId"'],
    ['no digest', /,\s*"sha256": "\w+"/, ''],
  ])('is refused where it was changed since: %s', async (_, from, to) => {
    const { edited } = await recorded();
    const error = await edited((text) => {
      const changed = text.replace(from, to);
      expect(changed).not.toBe(text);
      return changed;
    }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toContain('asked.json to be what `lvs-lab run` wrote, found that');
  });

  it('is read without a digest where an earlier version wrote it, which had none', async () => {
    const { directory, edited } = await recorded();
    const asked = await readAsked(directory);
    const earlier = await edited((text) => {
      const { sha256: _none, ...said } = JSON.parse(text) as { sha256: string };
      return JSON.stringify({ ...said, schema: 1 });
    });
    expect(earlier).toEqual(asked);
  });
});
