import { ruleTextKeys, type RuleTextKey } from '../../../contracts/words/rules.js';
import type { CrossProblem } from '../checks/problem.js';

/** The texts and command lines that a role or an event may have for a node. */
export type NodeTexts = Readonly<Partial<Record<RuleTextKey | 'run', string | undefined>>> & {
  readonly commands?: readonly string[] | undefined;
};

/** Each text and each command line, with its path from the role or the event that has it. */
export function textsOf(node: NodeTexts): readonly (readonly [CrossProblem['path'], string])[] {
  return [
    ...[...ruleTextKeys, 'run' as const].map((key) => [[key], node[key]] as const),
    ...(node.commands ?? []).map((line, index) => [['commands', index], line] as const),
  ].flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const]));
}
