import { mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linkLatest } from '../../../../../src/cli/commands/run/latestRun.js';
import { folder, lvsLab } from '../../harness.js';

describe('runs/latest', () => {
  it('leads to the last run of a working directory', async () => {
    const cwd = folder();
    for (const run of ['1', '2']) {
      mkdirSync(join(cwd, 'runs', run), { recursive: true });
      await linkLatest(cwd, join(cwd, 'runs', run));
      expect(readlinkSync(join(cwd, 'runs', 'latest'))).toBe(run);
    }
    expect(readdirSync(join(cwd, 'runs')).sort()).toEqual(['1', '2', 'latest']);
  });

  it('is made by run, and not for a directory that --out names', async () => {
    const cwd = folder();
    expect((await lvsLab(['run', 'close/server-first', '--out', 'own'], undefined, { cwd })).code).toBe(0);
    expect(readdirSync(join(cwd, 'runs'))).not.toContain('latest');
    expect((await lvsLab(['run', 'close/server-first'], undefined, { cwd })).code).toBe(0);
    const latest = readlinkSync(join(cwd, 'runs', 'latest'));
    expect(readdirSync(join(cwd, 'runs'))).toContain(latest);
    expect(readdirSync(join(cwd, 'runs', 'latest'))).toContain('asked.json');
  });

  it('takes the place of nothing else, which loses no run', async () => {
    const cwd = folder();
    mkdirSync(join(cwd, 'runs'));
    writeFileSync(join(cwd, 'runs', 'latest'), 'mine');
    const { code, err } = await lvsLab(['run', 'close/server-first'], undefined, { cwd });
    expect(code).toBe(0);
    expect(err).toContain('could not make');
    expect(err).toContain('it is there, and no link');
  });
});
