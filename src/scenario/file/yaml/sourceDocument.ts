import type { MemberPart } from '../../../contracts/words/memberPart.js';
import { iptablesTables } from '../../../contracts/words/rules.js';
import type { Place, TextPlace } from '../../model/place.js';
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';
import { excessOf } from './excess.js';
import { falseBlankText } from './falseBlank.js';
import { messageOf } from '../../../support/errors.js';

/** Something wrong in a file, at the place where an editor would put the cursor. Lines and columns count from 1. */
export interface LocatedProblem extends Place {
  readonly message: string;
}

/** A parsed YAML text that knows the place of every value. */
export interface SourceDocument {
  /** Plain values; undefined when the text cannot be read as YAML. */
  readonly data: unknown;
  /** Syntax errors, duplicate keys, bad aliases. */
  readonly problems: readonly LocatedProblem[];
  /** Where the key or value at `path` begins; for a path that does not exist, where its nearest parent does. */
  locate(path: readonly PropertyKey[], at: MemberPart): Place;
  /** Where the value at `path` is, with the lines of its text; for a path that does not exist, where its nearest parent is. */
  placeOf(path: readonly PropertyKey[]): TextPlace;
  /** The characters that the value at `path` takes in the file; for an alias, those of the alias. Undefined: there is no such value. */
  rangeOf(path: readonly PropertyKey[]): TextRange | undefined;
  /** A number, a word or a text at `path` as the file writes it, without quotes; undefined: there is none. */
  writtenAt(path: readonly PropertyKey[]): string | undefined;
}

/** A range of characters in a text; `end` is the first one after it. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** Parses one YAML document; never throws, whatever the text. */
export function parseSource(text: string): SourceDocument {
  const counter = new LineCounter();
  const excess = excessOf(text);
  if (excess !== undefined) return unread(excess);
  // Duplicate keys are looked for below: the library's own check would stop the rest from being validated.
  const options = {
    lineCounter: counter,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
  } as const;
  const document = parseDocument(text, options);
  const position = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const at = (offset: number, message: string): LocatedProblem => ({ ...position(offset), message });
  const syntax = syntaxErrors(document, text).map(({ offset, message }) => at(offset, message));
  const { data, problems } = syntax.length > 0 ? { data: undefined, problems: [] } : toData(document, at);
  return {
    data,
    problems: [...syntax, ...duplicateKeys(document, at, position), ...problems],
    locate: (path, what) => position(offsetOf(document, path, what)),
    placeOf: (path) =>
      textPlace(text, nodeAt(document, path), position(offsetOf(document, path, 'value')), position),
    rangeOf: (path) => {
      const [start, end] =
        childOf(nodeAt(document, path.slice(0, -1)), path.at(-1) ?? '')?.value?.range ?? [];
      return start === undefined || end === undefined ? undefined : { start, end };
    },
    writtenAt: (path) => {
      const node = nodeAt(document, path);
      return isScalar(node) ? node.source : undefined;
    },
  };
}

interface SyntaxProblem {
  readonly offset: number;
  readonly message: string;
}

/** What the parser complains about, without what it only stumbles over after an earlier mistake. */
function syntaxErrors({ errors, warnings }: Document.Parsed, text: string): readonly SyntaxProblem[] {
  const said = [...errors, ...warnings].toSorted((one, other) => one.pos[0] - other.pos[0]);
  return said
    .filter(({ code }, index) => index === 0 || code !== 'UNEXPECTED_TOKEN')
    .map(({ code, message, pos: [offset] }) => ({
      offset,
      message: `${worded(code, text.slice(offset - 1)) ?? message}${falseBlankText(lineAt(text, offset))}`,
    }));
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end < 0 ? undefined : end);
}

/** Mistakes that people make, in words of scenario files; `from` is the text from the character before the mistake on. */
function worded(code: string, from: string): string | undefined {
  if (code === 'MULTIPLE_DOCS') {
    return 'expected one scenario in a file, found another document behind `---`; put each into a file of its own';
  }
  if (code === 'TAB_AS_INDENT') return 'expected blanks as indentation, found a tab';
  const placeholder = /^\$\{\w*\}/.exec(from)?.[0];
  if (code !== 'UNEXPECTED_TOKEN' || placeholder === undefined) return undefined;
  return `expected quotes around \`${placeholder}\`, found none; within braces \`{\` begins a map: write \`"${placeholder}"\``;
}

/** Where a text begins, if its lines are also lines of the file, as those of a block scalar (`|`) are. */
function textPlace(
  text: string,
  node: Node | null | undefined,
  start: { readonly line: number; readonly column: number },
  position: (offset: number) => { readonly line: number },
): TextPlace {
  if (!isScalar(node) || node.type !== 'BLOCK_LITERAL') return start;
  const [offset = 0, end] = node.range ?? [];
  const first = text.indexOf('\n', offset) + 1;
  const indent = /^(?: *\n)*( *)/.exec(text.slice(first, end))?.[1] ?? '';
  return { ...start, text: { line: position(first).line, column: indent.length + 1 } };
}

function nodeAt(document: Document.Parsed, path: readonly PropertyKey[]): Node | null | undefined {
  return path.reduce<Node | null | undefined>((node, segment) => {
    const value = childOf(node, segment)?.value;
    return isAlias(value) ? value.resolve(document) : value;
  }, document.contents);
}

function unread(message: string): SourceDocument {
  const place = { line: 1, column: 1 };
  return {
    ...{ data: undefined, problems: [{ ...place, message }] },
    ...{ locate: () => place, placeOf: () => place, rangeOf: () => undefined, writtenAt: () => undefined },
  };
}

type ProblemAt = (offset: number, message: string) => LocatedProblem;

function toData(document: Document.Parsed, at: ProblemAt): { data: unknown; problems: LocatedProblem[] } {
  const aliases: { offset: number; name: string; resolved: boolean }[] = [];
  visit(document, {
    Alias(_key, alias) {
      const resolved = alias.resolve(document) !== undefined;
      aliases.push({ offset: alias.range?.[0] ?? 0, name: alias.source, resolved });
    },
  });
  const dangling = aliases.filter(({ resolved }) => !resolved);
  if (dangling.length > 0) {
    const problems = dangling.map(({ offset, name }) =>
      at(
        offset,
        `expected an anchor \`&${name}\` before the alias \`*${name}\`, found none${isTable(name) ? '; rules go into the lines below `rules: |`' : ''}`,
      ),
    );
    return { data: undefined, problems };
  }
  try {
    return { data: document.toJS(), problems: [] };
  } catch (error) {
    // What is left to go wrong is the library's guard against aliases that expand without end.
    return { data: undefined, problems: [at(aliases[0]?.offset ?? 0, messageOf(error))] };
  }
}

/** The line of a table in rules of iptables looks like an alias of YAML. */
const isTable = (name: string): boolean => iptablesTables.includes(name);

function duplicateKeys(
  document: Document.Parsed,
  at: ProblemAt,
  position: (offset: number) => { line: number },
) {
  const problems: LocatedProblem[] = [];
  visit(document, {
    Map(_key, map) {
      const seen = new Map<string, number>();
      for (const pair of map.items) {
        const name = keyText(pair);
        const offset = startOf(pair.key) ?? 0;
        const first = seen.get(name);
        if (first === undefined) seen.set(name, offset);
        else
          problems.push(at(offset, `duplicate key \`${name}\`, first given in line ${position(first).line}`));
      }
    },
  });
  return problems;
}

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[], what: MemberPart): number {
  let node: Node | null | undefined = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, segment] of path.entries()) {
    const wanted = index === path.length - 1 ? what : 'value';
    const child = childOf(isAlias(node) ? node.resolve(document) : node, segment);
    if (child === undefined) break;
    // An empty value has no place of its own, so its key stands for it; and a parent is best shown by its key.
    const value = wanted === 'value' && !isEmpty(child.value) ? startOf(child.value) : undefined;
    offset = value ?? child.key ?? offset;
    node = child.value;
  }
  return offset;
}

interface Child {
  readonly key: number | undefined;
  readonly value: Node | null;
}

function childOf(node: Node | null | undefined, segment: PropertyKey): Child | undefined {
  if (isMap(node)) {
    const pair = node.items.findLast((item) => keyText(item) === String(segment));
    if (pair === undefined) return undefined;
    return { key: startOf(pair.key), value: isNode(pair.value) ? pair.value : null };
  }
  const item = isCollection(node) ? node.items[Number(segment)] : undefined;
  return isNode(item) && !isPair(item) ? { key: startOf(item), value: item } : undefined;
}

function keyText(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function isEmpty(node: Node | null): boolean {
  return isScalar(node) && node.range?.[0] === node.range?.[1];
}
