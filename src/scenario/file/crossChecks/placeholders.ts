import { didYouMean } from '../../../support/suggest.js';
import { unknownPlaceholders } from '../../plan/commands/placeholders.js';
import type { CrossProblem } from '../checks/problem.js';

type Texts = Readonly<
  Partial<Record<'ipset' | 'rules' | 'rules6' | 'nftables' | 'run', string | undefined>>
> & {
  readonly commands?: readonly string[] | undefined;
};

/** All unknown placeholders in the texts and command lines of a role or event; `parent` is its path in the file. */
export function placeholderProblems(
  { ipset, rules, rules6, nftables, run, commands = [] }: Texts,
  parent: CrossProblem['path'],
  known: readonly string[],
): readonly CrossProblem[] {
  const texts: (readonly [CrossProblem['path'], string | undefined])[] = [
    ...Object.entries({ ipset, rules, rules6, nftables, run }).map(([key, text]) => [[key], text] as const),
    ...commands.map((line, index) => [['commands', index], line] as const),
  ];
  return texts.flatMap(([path, text = '']) =>
    unknownPlaceholders(text, known).map(({ name, line }) => ({
      path: [...parent, ...path],
      at: 'value',
      line,
      message: unknownPlaceholder(name, known),
    })),
  );
}

function unknownPlaceholder(name: string, known: readonly string[]): string {
  const written = (one: string) => `\`\${${one}}\``;
  const list = known.map(written).join(', ');
  const suggestion = didYouMean(name, known) || `; \`$\${${name}}\` stands for the text itself`;
  return `expected a placeholder of this topology (${list}), found ${written(name)}${suggestion}`;
}
