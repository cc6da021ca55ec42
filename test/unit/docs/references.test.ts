import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/support/packageRoot.js';
import {
  declaredOptions,
  filesBelow,
  filesIn,
  isThere,
  leadsSomewhere,
  linksIn,
  optionsIn,
  pages,
  pagesIn,
  type Reference,
} from './references.js';

const read = (file: string) => readFileSync(path.join(packageRoot, file), 'utf8');

/** Options of other programs that pages name by themselves, and whose they are. */
const othersOptions = new Map([
  ['--array', 'sbatch'],
  ['--cluster-cidr', 'kube-proxy'],
  ['--device', 'docker run'],
  ['--network', 'docker run'],
  ['--privileged', 'docker run'],
  ['--state', 'iptables'],
  ['--suite', 'lab/from-source/build.sh'],
]);
/** Files of other projects, and of a run's directory. */
const othersFiles = new Map([
  ['src/firewall/core/fw_zone.py', 'firewalld'],
  ['src/firewall/core/ipXtables.py', 'firewalld'],
  ['lab/console.log', 'a run directory'],
]);

const all = (find: (text: string) => Reference[]) =>
  pages().flatMap((page) => find(read(page)).map((reference) => ({ page, ...reference })));
const told = ({ page, line, text }: Reference & { readonly page: string }) =>
  `${page}:${String(line)}: ${text}`;

/** Pages and schemas of `docs/` that an index in it does not lead to. */
function leftOut(text: string): readonly string[] {
  const linked = new Set(linksIn(text).map((link) => path.posix.join('docs', link.text)));
  return filesBelow('docs').filter(
    (file) => /\.(?:md|schema\.json)$/.test(file) && file !== 'docs/README.md' && !linked.has(file),
  );
}

describe('what pages name', () => {
  it('are links that lead somewhere, to the heading', () => {
    const links = all(linksIn);
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter(({ page, text }) => !leadsSomewhere(page, text, read)).map(told)).toEqual([]);
  });

  it('are files that are there', () => {
    const files = all(filesIn);
    expect(files.length).toBeGreaterThan(25);
    expect(files.filter(({ text }) => !isThere(text) && !othersFiles.has(text)).map(told)).toEqual([]);
    const named = new Set(files.map(({ text }) => text));
    expect([...othersFiles.keys()].filter((file) => !named.has(file))).toEqual([]);
  });

  it('are options that a command has', () => {
    const declared = declaredOptions();
    const options = all(optionsIn);
    expect(options.length).toBeGreaterThan(50);
    expect(options.filter(({ text }) => !declared.has(text) && !othersOptions.has(text)).map(told)).toEqual(
      [],
    );
    const named = new Set(options.map(({ text }) => text));
    expect([...othersOptions.keys()].filter((option) => !named.has(option) || declared.has(option))).toEqual(
      [],
    );
  });

  it('are pages that are there, in code and examples too', () => {
    const files = ['src', 'lab', 'ci', 'images', 'scenarios', 'scripts', 'bench'].flatMap(filesBelow);
    const named = files.flatMap((file) => pagesIn(read(file)).map((page) => ({ page: file, ...page })));
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter(({ text }) => !isThere(text)).map(told)).toEqual([]);
    expect(pagesIn('// see\n// docs/nowhere/page.md, and https://x.org/docs/other.md')).toEqual([
      { line: 2, text: 'docs/nowhere/page.md' },
    ]);
  });

  it('is missed where it is not there', () => {
    const text = [
      'See [this](docs/nowhere.md), [that](docs/use/load.md#no-such-heading), [both](docs/use/load.md#safety).',
      'In `src/nothing.ts` and `src/cli/`; `--bogus=3` and `--kernel debian:sid`.',
      '```sh',
      '[not](a-link) `src/not/seen.ts` --nor',
      '```',
    ].join('\n');
    const lost = linksIn(text).filter(({ text: target }) => !leadsSomewhere('README.md', target, read));
    expect(lost).toEqual([
      { line: 1, text: 'docs/nowhere.md' },
      { line: 1, text: 'docs/use/load.md#no-such-heading' },
    ]);
    expect(filesIn(text).filter(({ text: file }) => !isThere(file))).toEqual([
      { line: 2, text: 'src/nothing.ts' },
    ]);
    expect(optionsIn(text).filter(({ text: option }) => !declaredOptions().has(option))).toEqual([
      { line: 2, text: '--bogus' },
    ]);
  });
});

it('docs/README.md leads to every page and schema of docs', () => {
  const index = read('docs/README.md');
  expect(leftOut(index)).toEqual([]);
  expect(leftOut(index.replaceAll('](use/load.md)', ''))).toEqual(['docs/use/load.md']);
});
