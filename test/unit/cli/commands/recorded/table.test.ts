import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../../../src/support/packageRoot.js';
import { folder, judging, lvsLab, scenarioFiles } from '../../harness.js';
import { failed, passed } from '../../../report/samples.js';

const recorded = join(packageRoot, 'docs', 'compatibility');

/** The results of a run with a scenario that passed, and one that did not. */
async function run(): Promise<string> {
  const files = scenarioFiles(folder(), [{ id: 't/good' }, { id: 't/bad' }]);
  const services = judging(({ scenario }) => (scenario.id === 't/good' ? passed : failed));
  const { cwd } = await lvsLab(['run', ...files, '--out', 'r'], services);
  return join(cwd, 'r');
}

describe('lvs-lab table', () => {
  it('has any results as the page of compatibility has its own', async () => {
    const { code, out } = await lvsLab(['table', recorded, '--markdown']);
    expect(code).toBe(0);
    expect(out).toMatch(/^\d+ runs of \d+ scenarios/);
    expect(out).toContain('## the default image\n');
    expect(out).toMatch(/^\| close\/server-first \| close-blocked .*\| close-blocked \| close-blocked \|/m);
    expect(out).toMatch(/^\| debian:sid \| 7\.2/m);
    expect(out).not.toContain('](');
    expect((await lvsLab(['table', join(recorded, 'results.json')])).out).toBe(out);
  });

  it('makes what was not expected bold', async () => {
    const { out } = await lvsLab(['table', await run()]);
    expect(out).toMatch(/^\| t\/good \| .*\| [a-z-]+ \|$/m);
    expect(out).toMatch(/^\| t\/bad \| .*\| \*\*[^*]+\*\* \|$/m);
  });

  it('makes a page of it, in which no text is taken for markup', async () => {
    const { code, out } = await lvsLab(['table', await run(), '--html']);
    expect(code).toBe(0);
    expect(out).toMatch(/^<!doctype html>/);
    expect(out).toMatch(/<th scope="row">t\/bad<\/th>[^]*?<b>[^<]+<\/b>/);
    expect(out.match(/<b>/g)).toHaveLength(1);
  });

  it('refuses what is no results, and two forms at once', async () => {
    const file = join(folder(), 'results.json');
    writeFileSync(file, '{}');
    expect(await lvsLab(['table', file])).toMatchObject({ code: 5, out: '' });
    expect((await lvsLab(['table', recorded, '--html', '--markdown'])).code).toBe(5);
  });
});
