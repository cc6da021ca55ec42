import { didYouMean } from '../../../support/suggest.js';
import { unknownPlaceholders } from '../../plan/commands/placeholders.js';
import type { CrossProblem } from '../checks/problem.js';
import { type NodeTexts, textsOf } from './nodeTexts.js';

/** All unknown placeholders in the texts and command lines of a role or event; `parent` is its path in the file. */
export function placeholderProblems(
  node: NodeTexts,
  parent: CrossProblem['path'],
  known: readonly string[],
): readonly CrossProblem[] {
  return textsOf(node).flatMap(([path, text]) =>
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
