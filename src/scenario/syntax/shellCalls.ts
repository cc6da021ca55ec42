import { assignmentOf, ShellVariables, type ShellWord } from './shellVariables.js';
import { type Piece, shellTokens, type Token } from './shellWords.js';
import { joinWords, type Word } from './word.js';

/** One call of a program, with the values of known variables filled in: a call in a loop is there once for each of the loop's words. */
export interface Call {
  /** The program's name without its folder, and its arguments. */
  readonly program: string;
  readonly words: readonly ShellWord[];
  /** The files of redirections. */
  readonly files: readonly ShellWord[];
  /** What it reads, as far as that stands in the text. */
  readonly input: Word | undefined;
  /** Whether its words are only said: to people, or to a program that they are read as the input of. */
  readonly isSaying: boolean;
  /** The number of the command line, counted from 0. */
  readonly line: number;
}

/** How deep shells that start shells are followed. */
const deepest = 5;

const keywords: readonly string[] = [
  'if',
  'then',
  'elif',
  'else',
  'fi',
  'while',
  'until',
  'do',
  'done',
  '{',
  '}',
  '!',
];
/** Programs that run another: options of theirs with a value, and how many words of their own stand before it. */
const wrappers: Readonly<Record<string, { readonly options: readonly string[]; readonly own: number }>> = {
  ...Object.fromEntries(
    ['nohup', 'exec', 'command', 'time', 'setsid', 'builtin'].map((name) => [name, { options: [], own: 0 }]),
  ),
  sudo: { options: ['-u', '-g'], own: 0 },
  env: { options: ['-u'], own: 0 },
  nice: { options: ['-n'], own: 0 },
  ionice: { options: ['-c', '-n'], own: 0 },
  timeout: { options: ['-k', '-s'], own: 1 },
};

/** Programs whose input is read here. */
const readers = /(?:^|\/)(?:ip6?tables(?:-nft|-legacy)?-restore|nft|ipset|(?:ba|da|a)?sh)$/;

/** The calls of command lines that one shell runs; each line is given with its place in a source. */
export function shellCalls(lines: readonly Word[]): readonly Call[] {
  const variables = new ShellVariables();
  return lines.flatMap((word, line) => new Reader(variables, line, 0).calls(shellTokens(word)));
}

interface Simple {
  words: (readonly Piece[])[];
  files: (readonly Piece[])[];
  input: readonly Piece[] | undefined;
  document: Word | undefined;
}

const nothing = (): Simple => ({ words: [], files: [], input: undefined, document: undefined });

class Reader {
  readonly #calls: Call[] = [];
  /** Where the calls begin that say what the next one reads. */
  #firstSaid = 0;

  constructor(
    private readonly variables: ShellVariables,
    private readonly line: number,
    private readonly depth: number,
  ) {}

  calls(tokens: readonly Token[]): readonly Call[] {
    let simple = nothing();
    let redirect: string | undefined;
    /** What the command before a pipe says, for the one behind it. */
    let said: Word | undefined;
    const end = (operator: string): void => {
      const isPiped = operator === '|' || operator === '|&';
      const before = said;
      said = this.#end(simple, before, isPiped);
      if (!isPiped) said = undefined;
      simple = nothing();
    };
    for (const [index, token] of tokens.entries()) {
      if (token.kind === 'operator') {
        // The lines of a document follow the end of the line that asks for it.
        for (let next = index + 1; tokens[next]?.kind === 'document'; next += 1) {
          const document = tokens[next];
          if (document?.kind === 'document') simple.document = document.text;
        }
        end(token.text);
      } else if (token.kind === 'redirect') redirect = token.text;
      else if (token.kind === 'inner') this.#add(this.#within(token.tokens));
      else if (token.kind === 'word') {
        if (redirect === '<<<') simple.input = token.pieces;
        else if (redirect !== undefined) simple.files.push(token.pieces);
        else simple.words.push(token.pieces);
        redirect = undefined;
      }
    }
    end('');
    return this.#calls;
  }

  #add(calls: readonly Call[]): void {
    for (const call of calls) this.#calls.push(call);
  }

  #within(tokens: readonly Token[]): readonly Call[] {
    return new Reader(this.variables, this.line, this.depth).calls(tokens);
  }

  /** Takes a complete command; gives what it prints, if that is known. */
  #end(simple: Simple, said: Word | undefined, isPiped: boolean): Word | undefined {
    const words = withoutKeywords(simple.words);
    const [first = []] = words;
    const name = plainText(first);
    if (name === 'for' || name === 'select') {
      this.variables.bindLoop(
        plainText(words[1] ?? []),
        words.slice(3).flatMap((pieces) => this.variables.valuesOf(pieces)),
      );
      return undefined;
    }
    const settings = words.findIndex((pieces) => assignmentOf(pieces) === undefined);
    const own = settings < 0 ? words : words.slice(0, settings);
    const isDeclared = ['export', 'local', 'declare', 'readonly'].includes(name);
    for (const pieces of isDeclared ? words.slice(1) : settings < 0 ? own : []) this.variables.assign(pieces);
    const rest = settings < 0 || isDeclared ? [] : unwrapped(words.slice(own.length));
    if (rest.length === 0) return undefined;
    const made = this.variables.combinations([...rest, ...simple.files]);
    let saying: Word | undefined;
    if (said !== undefined && readers.test(plainText(rest[0] ?? []))) {
      const sayers = this.#calls.splice(this.#firstSaid);
      this.#add(sayers.map((call) => ({ ...call, isSaying: true })));
    }
    this.#firstSaid = this.#calls.length;
    for (const values of made) {
      const filled = rest.flatMap((pieces) => this.variables.filled(pieces, values));
      const files = simple.files.flatMap((pieces) => this.variables.filled(pieces, values));
      const [program, ...args] = filled;
      if (program === undefined) continue;
      const input =
        simple.document ??
        (simple.input === undefined ? said : joinWords(this.variables.filled(simple.input, values), ' '));
      const isPrinter = ['echo', 'printf', 'logger', ':', 'true'].includes(program.text);
      this.#calls.push({
        program: program.text.replace(/^.*\//, ''),
        words: args,
        files,
        input,
        isSaying: isPrinter && !isPiped && files.every(({ text }) => /^(?:\/dev\/\w+|&?\d|-)$/.test(text)),
        line: this.line,
      });
      saying = isPrinter ? printed(args) : undefined;
      this.#shellIn(program, args, input);
    }
    return saying;
  }

  /** What `sh -c` runs, or `eval`, or a shell that is given a document. */
  #shellIn(program: Word, args: readonly ShellWord[], input: Word | undefined): void {
    if (this.depth >= deepest) return;
    const isShell = /(?:^|\/)(?:ba|da|a)?sh$/.test(program.text);
    const at = args.findIndex(({ text }) => /^-[a-z]*c$/.test(text));
    const script = isShell
      ? at < 0
        ? input
        : args[at + 1]
      : program.text === 'eval'
        ? joinWords(args, ' ')
        : undefined;
    if (script === undefined) return;
    const variables = program.text === 'eval' ? this.variables : this.variables.copy();
    this.#add(new Reader(variables, this.line, this.depth + 1).calls(shellTokens(script)));
  }
}

function plainText(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (piece.kind === 'text' ? piece.word.text : '$')).join('');
}

function withoutKeywords(words: readonly (readonly Piece[])[]): readonly (readonly Piece[])[] {
  const start = words.findIndex((pieces) => !keywords.includes(plainText(pieces)));
  return start < 0 ? [] : words.slice(start);
}

/** The call that `sudo`, `timeout 5`, `ip netns exec NAME` and the like make. */
function unwrapped(words: readonly (readonly Piece[])[]): readonly (readonly Piece[])[] {
  let rest = words;
  for (let depth = 0; depth < deepest; depth += 1) {
    const [name = '', second, third] = rest.slice(0, 3).map(plainText);
    const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
    if (name === 'ip' && second === 'netns' && third === 'exec') rest = rest.slice(4);
    else if (wrapper === undefined) return rest;
    else {
      const texts = rest.map(plainText);
      const start = texts.findIndex(
        (text, index) =>
          index > 0 && !/^-|^[A-Za-z_]\w*=/.test(text) && !wrapper.options.includes(texts[index - 1] ?? ''),
      );
      rest = start < 0 ? [] : rest.slice(start + wrapper.own);
    }
  }
  return rest;
}

/** What `echo` and `printf` say: `\n` becomes a line's end, and a blank so that everything behind it keeps its place. */
function printed(args: readonly ShellWord[]): Word {
  const { text, segments } = joinWords(
    args.filter(({ text: word }) => !/^-[neE]+$/.test(word)),
    ' ',
  );
  return { text: text.replaceAll('\\n', '\n '), segments };
}
