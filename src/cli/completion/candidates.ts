import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { lastWordOf, type LastWord } from './lastWord.js';
import { placeholderOf, sourceOf, type NameLists, type ValueSource } from './valueSources.js';

/** A word that may stand at the end of a command line. */
export interface Candidate {
  readonly word: string;
  /** What it does, in a few words; empty: it says so itself. */
  readonly text: string;
}

/** What the last word of a command line may be: one of these words, or a path, which the shell completes itself. */
export interface Candidates {
  readonly words: readonly Candidate[];
  readonly paths: 'files' | 'folders' | undefined;
}

/** The candidates for the last of the words behind the program's name: those that begin with what has been typed of it. */
export async function candidatesFor(
  program: CommandUnknownOpts,
  words: readonly string[],
  lists: NameLists,
): Promise<Candidates> {
  const word = words.at(-1) ?? '';
  const { words: all, paths } = await allAt(lastWordOf(program, words), word, lists);
  return { words: all.filter((each) => each.word.startsWith(word)), paths };
}

async function allAt(place: LastWord, word: string, lists: NameLists): Promise<Candidates> {
  switch (place.kind) {
    case 'option':
      return {
        words: place.left.map(({ long, flags, description }) => ({ word: long ?? flags, text: description })),
        paths: undefined,
      };
    case 'value': {
      const { command, option, before } = place;
      if (option.argChoices !== undefined) return choices(before, option.argChoices);
      const source = sourceOf(command, placeholderOf(option.flags) ?? '') ?? {};
      return named(source, { before, value: word.slice(before.length), lists });
    }
    case 'argument': {
      const { command, argument } = place;
      if (argument === undefined) return { words: commandsOf(command), paths: undefined };
      if (argument.argChoices !== undefined) return choices('', argument.argChoices);
      return named(sourceOf(command, argument.name()) ?? {}, { before: '', value: word, lists });
    }
    default:
      return place satisfies never;
  }
}

function commandsOf(command: CommandUnknownOpts): readonly Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((below) => ({ word: below.name(), text: below.description() }));
}

function choices(before: string, words: readonly string[]): Candidates {
  return { words: words.map((word) => ({ word: before + word, text: '' })), paths: undefined };
}

interface TypedWord {
  readonly before: string;
  readonly value: string;
  readonly lists: NameLists;
}

async function named(
  { names, paths, isList }: ValueSource,
  { before, value, lists }: TypedWord,
): Promise<Candidates> {
  const known = names === undefined ? [] : await lists[names]();
  // Behind a comma another name follows, which the shell takes for a part of the same word.
  const listed = isList === true ? value.slice(0, value.lastIndexOf(',') + 1) : '';
  const given = listed.split(',');
  const words = known
    .filter((name) => !given.includes(name))
    .map((name) => ({ word: before + listed + name, text: '' }));
  return { words, paths: listed === '' ? paths : undefined };
}
