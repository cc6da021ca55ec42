import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { figures } from '../../../../scripts/tasks/figures.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';
import { folder } from '../../cli/harness.js';

describe('the figures of README and docs', () => {
  it('are what the recorded runs are drawn as now', async () => {
    const drawn = await figures(join(packageRoot, 'test', 'fixtures', 'runs'));
    const place = join(packageRoot, 'docs', 'figures');
    expect(drawn.map(({ name }) => name).sort()).toEqual(readdirSync(place).sort());
    for (const { name, text } of drawn) expect(readFileSync(join(place, name), 'utf8')).toBe(text);
  });

  it('are not drawn without evidence', async () => {
    await expect(figures(folder())).rejects.toThrow('plan.json');
  });
});
