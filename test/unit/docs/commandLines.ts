import { CommanderError } from '@commander-js/extra-typings';
import { declaration } from '../cli/harness.js';

/** A use of the program in a text. */
export interface CommandLine {
  readonly line: number;
  readonly text: string;
  /** In the middle of a sentence, where a command may be named without its arguments. */
  readonly mention: boolean;
}

const program = String.raw`(?:npx )?(?:\blvs-lab|\bnode \S*cli/main\.js)`;
/** In code marks, at the beginning of a line or behind its prompt, behind a shell's words, in quotes behind `sh -c`, in `$(...)`, behind a colon or a column. */
const use = new RegExp(
  String.raw`(?<before>^[\s*]*(?:- )?(?:run: |\$ )?|\x60 *|\b(?:run|exec) |sh -c '|[;|&] *|: | {2,}|\$\(|"PATH=\$PATH" )${program} (?<rest>[^\n]*)`,
  'g',
);

/**
 * Every use of the program in a text. It ends with its code marks, at what a shell would take for its end or for a comment, and where two spaces or more
 * set off an explanation. Lines that end in a backslash are one with the next.
 */
export function commandLinesIn(text: string): CommandLine[] {
  const lines = text.replaceAll('\\`', '`').split('\n');
  return lines.flatMap((line, index) => {
    const continued = line.endsWith('\\')
      ? `${line.slice(0, -1).trimEnd()} ${(lines[index + 1] ?? '').trim()}`
      : line;
    return usesIn(continued, index + 1);
  });
}

function usesIn(line: string, number: number): CommandLine[] {
  return [...line.matchAll(use)].flatMap(({ index, groups = {}, 0: whole }) => {
    const { before = '', rest = '' } = groups;
    const marked = before.startsWith('`');
    const text = endOf(rest).trim();
    // A line of prose may begin with the name; its next word is no command's then.
    if (!marked && /^[a-z]+$/i.test(text.split(' ')[0] ?? '') && isProse(before, text)) return [];
    const behind = usesIn(line.slice(index + whole.length - rest.length), number);
    return [{ line: number, text, mention: marked }, ...behind];
  });
}

function isProse(before: string, text: string): boolean {
  return /^[\s*]*$/.test(before) && !commandNames.has(text.split(' ')[0] ?? '');
}

function endOf(rest: string): string {
  const end = /(?: {2,}| #|;|\)"| ?\|| ?&&|`)/.exec(rest);
  const text = end === null ? rest : rest.slice(0, end.index);
  // The quote that a shell's -c began ends here; the same for a string of a program.
  return (text.match(/'/g)?.length ?? 0) % 2 === 1 ? text.slice(0, text.lastIndexOf("'")) : text;
}

/** The names of the program's commands. */
export const commandNames: ReadonlySet<string> = new Set(
  declaration().commands.map((command) => command.name()),
);

/** Words as a shell has them: quotes taken off, brackets of what is optional too, a placeholder of a template one word. */
function wordsOf(text: string): string[] {
  const plain = text.replaceAll(/\$\{[^}]*\}|\$\([^)]*\)|"\$\{[^"]*\}"/g, 'VALUE').replaceAll(/[[\]]/g, '');
  return [...plain.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}

/** What the program has against a command line; undefined: nothing. A mention may lack arguments, and never have what does not exist. */
export async function complaintAbout({ text, mention }: CommandLine): Promise<string | undefined> {
  try {
    await declaration().parseAsync(wordsOf(text), { from: 'user' });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    const incomplete = [
      'commander.missingArgument',
      'commander.optionMissingArgument',
      'commander.help',
    ].includes(error.code);
    return mention && incomplete ? undefined : error.message;
  }
}
