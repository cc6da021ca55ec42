import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/support/packageRoot.js';

const page = readFileSync(path.join(packageRoot, 'docs', 'reference', 'run-directory.md'), 'utf8');
const runs = path.join(packageRoot, 'test', 'fixtures', 'runs');
// Those that are cut down are of an earlier lvs-lab, and have no manifest.
const files = readdirSync(runs, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(path.join(runs, entry.name, 'manifest.json')))
  .flatMap(({ name }) => readdirSync(path.join(runs, name), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile());
const texts = (ending: string) =>
  files
    .filter(({ name }) => name.endsWith(ending))
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'));

// A section of earlier recordings is not written any more.
const scripts = ['collect.sh', 'sampler.sh']
  .map((name) => readFileSync(path.join(packageRoot, 'lab', 'node', name), 'utf8'))
  .join('\n');

/** Those that the page does not name: as code, or in its tree of files. */
const unnamed = (names: Iterable<string>) =>
  [...new Set(names)].filter(
    (name) => !page.includes(`\`${name}\``) && !new RegExp(`^ +.*${name}[ ,]`, 'm').test(page),
  );

describe('docs/reference/run-directory.md', () => {
  it('names every file of recorded runs', () => {
    const names = files.map(({ name }) =>
      name.replace(/^(?:client|router|director|realserver)\d?(?=\.)/, '<node>'),
    );
    expect(unnamed(names)).toEqual([]);
    expect(unnamed([...names, 'weather.json'])).toEqual(['weather.json']);
  });

  it('names every section of final states, and every kind of sample', () => {
    const sections = texts('.final').flatMap((text) => [...text.matchAll(/^## (\S+) exit=/gm)]);
    const kinds = texts('.samples').flatMap((text) => [...text.matchAll(/^@@ (\S+) \d/gm)]);
    expect(sections.length).toBeGreaterThan(20);
    expect(kinds.length).toBeGreaterThan(20);
    const names = [...sections, ...kinds]
      .map(([, name = '']) => name)
      .filter((name) => scripts.includes(name) && name !== 'same');
    expect(unnamed(names)).toEqual([]);
  });

  it('names what is in phase.json', () => {
    const keys = texts('phase.json').flatMap((text) => Object.keys(JSON.parse(text) as object));
    const tree = /phase\.json[^]*?flows\.jsonl/.exec(page)?.[0] ?? '';
    expect([...new Set(keys)].filter((key) => !new RegExp(`\\b${key}\\b`).test(tree))).toEqual([]);
  });
});
