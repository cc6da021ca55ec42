import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/support/packageRoot.js';

/** What `npm pack` would take, relative to the package's root. */
function packedFiles(): readonly string[] {
  const argv = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const text = execFileSync('npm', argv, {
    cwd: packageRoot,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [packed] = JSON.parse(text) as readonly { readonly files: readonly { readonly path: string }[] }[];
  return packed?.files.map((file) => file.path) ?? [];
}

/** Links of a page that lead to files, relative to the package's root. */
function linksOf(page: string, text: string): readonly string[] {
  return [...text.matchAll(/\]\(([^)\s]+)/g)]
    .map(([, link = '']) => link.replace(/#.*/, ''))
    .filter((link) => link !== '' && !link.includes('://'))
    .map((link) => path.posix.join(path.posix.dirname(page), link).replace(/\/$/, ''));
}

/** Links of pages that lead to nothing in the package. */
function dangling(files: readonly string[], textOf: (page: string) => string): readonly string[] {
  const there = (target: string) => files.some((file) => file === target || file.startsWith(`${target}/`));
  return files
    .filter((file) => file.endsWith('.md'))
    .flatMap((page) =>
      linksOf(page, textOf(page))
        .filter((target) => !there(target))
        .map((target) => `${page}: ${target}`),
    );
}

describe('the packed package', () => {
  it('has what its pages link to', () => {
    const files = packedFiles();
    expect(files).toContain('docs/use/ci.md');
    expect(dangling(files, (page) => readFileSync(path.join(packageRoot, page), 'utf8'))).toEqual([]);
  }, 60_000);

  it("has the rule files that the library's scenarios name", () => {
    const files = packedFiles();
    const named = files
      .filter((file) => /^scenarios\/.*\.yaml$/.test(file))
      .flatMap((file) =>
        [...readFileSync(path.join(packageRoot, file), 'utf8').matchAll(/\{ file: (\S+) \}/g)].map(
          ([, name = '']) => path.posix.join(path.posix.dirname(file), name),
        ),
      );
    const rules = files.filter((file) => file.startsWith('scenarios/rules/'));
    expect([...new Set(named)].sort()).toEqual(rules.sort());
    expect(rules.length).toBeGreaterThan(10);
  }, 60_000);

  it('says of each npm script that README and docs/start/install.md name that it takes a clone', () => {
    const pages = ['README.md', 'docs/start/install.md'].map((page) =>
      readFileSync(path.join(packageRoot, page), 'utf8'),
    );
    const silent = (text: string) =>
      text
        .split(/^##? /m)
        .filter(
          (section) => /`npm (?:run|test)|^npm (?:run|test)/m.test(section) && !section.includes('clone'),
        );
    expect(pages.flatMap(silent)).toEqual([]);
    expect(pages.flatMap((page) => silent(page.replaceAll('clone', 'copy'))).length).toBeGreaterThan(1);
  });

  it('is seen to lack what is linked and not packed', () => {
    const pages: Readonly<Record<string, string>> = {
      'docs/a.md': '[b](../test/b.ts) [c](c.md#x) [d](https://e/f)',
    };
    expect(dangling(['docs/a.md', 'docs/c.md'], (page) => pages[page] ?? '')).toEqual([
      'docs/a.md: test/b.ts',
    ]);
  });
});
