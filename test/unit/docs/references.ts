import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { declaration } from '../cli/harness.js';

/** What a page names: a link's target as the page has it, a file or an option in code marks. */
export interface Reference {
  readonly line: number;
  readonly text: string;
}

/** Relative links of a page. What is in code marks or in a block of code is none. */
export function linksIn(text: string): Reference[] {
  return proseLines(text).flatMap(({ line, prose }) =>
    [...prose.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)/g)]
      .map(([, target = '']) => ({ line, text: target }))
      .filter(({ text: target }) => !target.includes('://')),
  );
}

const folders = ['src', 'lab', 'test', 'docs', 'scenarios', 'images', 'scripts', 'ci', 'bench'];

/** Files and folders of the project that a page names in code marks, by their paths from the project's root or from `src/`. */
export function filesIn(text: string): Reference[] {
  return codeIn(text).filter(
    ({ text: code }) =>
      !/[\s<*$]/.test(code) &&
      (folders.some((folder) => code.startsWith(`${folder}/`)) || /^[\w-]+\/.*\.(?:ts|mjs|sh)$/.test(code)),
  );
}

/** Pages that any text names by their paths from the project's root. */
export function pagesIn(text: string): Reference[] {
  return text.split('\n').flatMap((line, index) =>
    [...line.matchAll(/(?<![\w/.-])docs\/[\w/-]+(?:\.[\w-]+)+/g)].map(([page]) => ({
      line: index + 1,
      text: page,
    })),
  );
}

/** All files below a folder of the project, by their paths from its root. */
export function filesBelow(folder: string): string[] {
  return readdirSync(path.join(packageRoot, folder), { recursive: true, withFileTypes: true }).flatMap(
    (entry) => (entry.isFile() ? [path.relative(packageRoot, path.join(entry.parentPath, entry.name))] : []),
  );
}

/** Options that a page names in code marks, without their values. */
export function optionsIn(text: string): Reference[] {
  return codeIn(text).flatMap(({ line, text: code }) => {
    const option = /^--[a-z][a-z-]*/.exec(code)?.[0];
    return option === undefined ? [] : [{ line, text: option }];
  });
}

/** Whether a link of a page leads to a file that is there, and to a heading in it. */
export function leadsSomewhere(page: string, target: string, read: (file: string) => string): boolean {
  const [file = '', anchor] = target.split('#');
  const found = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
  if (!existsSync(path.join(packageRoot, found))) return false;
  return anchor === undefined || anchorsOf(read(found)).has(anchor);
}

/** Whether a file or folder that a page names is there. */
export function isThere(file: string): boolean {
  const place = [file, path.join('src', file)]
    .map((each) => path.join(packageRoot, each))
    .find((each) => existsSync(each));
  return place !== undefined && (!file.endsWith('/') || statSync(place).isDirectory());
}

/** Every option of every command of the program. */
export function declaredOptions(): ReadonlySet<string> {
  const of = (command: CommandUnknownOpts): string[] => [
    ...command.options.map(({ long }) => long ?? ''),
    ...command.commands.flatMap(of),
  ];
  return new Set([...of(declaration()), '--help', '--version']);
}

/** All pages but what is made of the scenarios, whose texts name the options of iptables and ipvsadm. */
export function pages(): string[] {
  const below = ['docs', 'ci'].flatMap(filesBelow);
  return ['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...below].filter(
    (file) => file.endsWith('.md') && file !== 'docs/scenarios.md',
  );
}

/** Headings as a code host makes anchors of them: lower case, without punctuation, with hyphens. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = proseLines(text).flatMap(({ prose }) => /^#+ (.*)/.exec(prose)?.[1] ?? []);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function codeIn(text: string): Reference[] {
  return proseLines(text).flatMap(({ line, prose }) =>
    [...prose.matchAll(/`([^`]+)`/g)].map(([, code = '']) => ({ line, text: code })),
  );
}

function proseLines(text: string): { readonly line: number; readonly prose: string }[] {
  let inBlock = false;
  return text.split('\n').flatMap((prose, index) => {
    const isFence = /^\s*```/.test(prose);
    if (isFence) inBlock = !inBlock;
    return isFence || inBlock ? [] : [{ line: index + 1, prose }];
  });
}
