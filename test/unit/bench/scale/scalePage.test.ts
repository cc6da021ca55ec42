import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { matrixOf } from '../../../../bench/scale/matrixOf.js';
import { recordedSchema } from '../../../../bench/scale/recorded.js';
import { simulate, type ScaleResult } from '../../../../bench/scale/simulate.js';
import { scaleTable } from '../../../../bench/scale/scaleTable.js';
import { findScenarios } from '../../../../src/scenario/library/library.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';

const read = (name: string) => readFileSync(path.join(packageRoot, name), 'utf8');
const kept = JSON.parse(read('bench/results/scale.json')) as {
  readonly recorded: string;
  readonly results: readonly ScaleResult[];
};
const recorded = recordedSchema.parse(JSON.parse(read('bench/results/scale-recorded.json')));
const page = read('docs/use/scale.md');
/** A table's cells, whatever blanks pad them. */
const cells = (table: string) => table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));

describe('docs/use/scale.md', () => {
  it('has the kept table', () => {
    const wanted = cells(scaleTable(kept.results)).filter((_, index) => index !== 1);
    const found = cells(page);
    expect(wanted.filter((row) => !found.some((line) => line.join('|') === row.join('|')))).toEqual([]);
  });

  it('has the times that were recorded, and says where', () => {
    expect(kept.recorded).toBe(recorded.about);
    expect(page.replace(/\s+/g, ' ')).toContain(recorded.about);
    const { parts } = recorded;
    for (const [part, { seconds, bytes }] of Object.entries(parts)) {
      const row = cells(page).find(([, name]) => name === part);
      expect(row?.slice(2, 4), part).toEqual([`${seconds.toFixed(0)} s`, `${(bytes / 1e6).toFixed(0)} MB`]);
    }
  });

  it('has what the simulation comes to with these times, on the machines that are simulated soonest', async () => {
    const library = await findScenarios(Object.keys(recorded.scenarios));
    const [one] = kept.results;
    const matrix = matrixOf(recorded, library, { kernels: 20, images: 10 });
    expect(await simulate(recorded, matrix, { machines: 1, cache: 'own' })).toEqual(one);
    expect(one?.cells).toBe(10_000);
  });
});
