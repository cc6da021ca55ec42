import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../src/support/packageRoot.js';

const page = readFileSync(path.join(packageRoot, 'docs/public-reports.md'), 'utf8');
const fileOf = (id: string) => path.join(packageRoot, 'scenarios', `${id}.yaml`);
const idsIn = (text: string) => [...text.matchAll(/`([a-z0-9]+\/[a-z0-9-]+)`/g)].map(([, id = '']) => id);

it('names scenarios that there are', () => {
  const ids = idsIn(page);
  expect(ids.length).toBeGreaterThan(10);
  expect(ids.filter((id) => !existsSync(fileOf(id)))).toEqual([]);
});

it('has for each report a scenario that names it', () => {
  const rows = page.split('\n').filter((line) => /^\| \w+.* \d+/.test(line));
  expect(rows.length).toBeGreaterThan(5);
  const unnamed = rows.filter((row) => {
    const [, report = '', scenarios = ''] = row.split('|');
    const numbers = report.match(/\b\d{3,}\b/g) ?? [];
    const texts = idsIn(scenarios).map((id) => readFileSync(fileOf(id), 'utf8'));
    return !texts.some((text) => numbers.some((number) => text.includes(`/${number}`)));
  });
  expect(unnamed).toEqual([]);
});
