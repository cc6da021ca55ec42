import type { SiteProblem } from '../model/siteProblem.js';
import type { FileKind, PlacedFile } from '../model/sourceFile.js';

/**
 * Whether the end of a file is missing, as far as its kind tells: a table of iptables ends with COMMIT, and blocks of nft with a brace. A
 * file of single lines has no such end; it is noted where the last line has none.
 */
export function cutOff(file: PlacedFile, kind: FileKind): readonly SiteProblem[] {
  switch (kind) {
    case 'iptables-save':
    case 'ip6tables-save':
      return /^\s*\*\w/m.test(file.text) ? withoutCommit(file) : withoutLineEnd(file);
    case 'nft':
      return withoutBrace(file);
    case 'ipvsadm':
    case 'ipset':
      return withoutLineEnd(file);
    case 'keepalived':
    case 'ldirectord':
    case 'sysctl':
    case 'ip-address':
    case 'ip-route':
    case 'about':
      return [];
  }
}

function withoutCommit(file: PlacedFile): readonly SiteProblem[] {
  const problems: SiteProblem[] = [];
  let open: { readonly table: string; readonly line: number } | undefined;
  const tell = (found: string): void => {
    if (open === undefined) return;
    const message = `expected COMMIT behind the rules of table ${open.table}, found ${found}: was the file cut?`;
    problems.push({ done: 'refused', at: placeOf(file, open.line), message });
  };
  for (const [index, line] of file.text.split('\n').entries()) {
    const [, table] = /^\s*\*(\w+)/.exec(line) ?? [];
    if (table !== undefined) {
      tell(`table ${table}`);
      open = { table, line: index + 1 };
    } else if (/^\s*COMMIT\s*$/.test(line)) open = undefined;
  }
  tell('the end of the file');
  return problems;
}

function withoutBrace(file: PlacedFile): readonly SiteProblem[] {
  const open: number[] = [];
  let line = 1;
  for (const [part] of file.text.matchAll(/#[^\n]*|"[^"\n]*"|[{}\n]/g)) {
    if (part === '\n') line += 1;
    else if (part === '{') open.push(line);
    else if (part === '}' && open.pop() === undefined)
      return [
        { done: 'refused', at: placeOf(file, line), message: 'expected no `}` here, for no block is open' },
      ];
  }
  const [first] = open;
  if (first === undefined) return [];
  const message = 'expected a `}` for the block that begins here, found the end of the file: was it cut?';
  return [{ done: 'refused', at: placeOf(file, first), message }];
}

function withoutLineEnd(file: PlacedFile): readonly SiteProblem[] {
  if (file.text === '' || file.text.endsWith('\n')) return [];
  const at = placeOf(file, file.text.split('\n').length);
  return [
    { done: 'noted', at, message: 'the last line has no end: where the file was cut there, more is missing' },
  ];
}

function placeOf({ name, places }: PlacedFile, line: number) {
  return places?.[line - 1] ?? { file: name, line };
}
