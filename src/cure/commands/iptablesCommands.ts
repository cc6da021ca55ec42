import { type IptablesRule, iptablesLines } from '../languages/iptablesLines.js';
import type { Draft } from '../model/draft.js';
import { lineChanges } from './lineChanges.js';

/** A command and the one that takes it back. */
interface Step {
  readonly apply: string;
  readonly back: string;
}

/**
 * The iptables commands that turn the rules of one text into those of another, and those that undo it. They go from the last rule to the first,
 * so that the numbers of earlier rules stay right.
 */
export function iptablesCommands(
  tool: 'iptables' | 'ip6tables',
  before: Draft,
  after: Draft,
): { readonly apply: readonly string[]; readonly back: readonly string[] } {
  const [old, made] = [iptablesLines(before).rules, iptablesLines(after).rules];
  const steps: Step[] = [];
  const changes = lineChanges(before, after).flatMap((change) => {
    const rules = change.kind === 'gone' ? old : made;
    const rule = rules.find(({ line }) => line === change.line);
    if (rule === undefined) return [];
    const number = change.kind === 'gone' ? rule.number : numberAt(old, rule, change.before);
    return [{ kind: change.kind, rule, number }];
  });
  for (let index = changes.length - 1; index >= 0; index -= 1) {
    const [change, previous] = [changes[index], changes[index - 1]];
    if (change === undefined) continue;
    const { rule, number, kind } = change;
    const order = (verb: string, place: number, text: string) =>
      [tool, ...(rule.table === 'filter' ? [] : ['-t', rule.table]), verb, rule.chain, place, text]
        .join(' ')
        .trim();
    if (kind === 'gone')
      steps.push({ apply: order('-D', number, ''), back: order('-I', number, rule.specification) });
    else if (isReplaced(previous, change)) {
      steps.push({
        apply: order('-R', previous.number, rule.specification),
        back: order('-R', previous.number, previous.rule.specification),
      });
      index -= 1;
    } else steps.push({ apply: order('-I', number, rule.specification), back: order('-D', number, '') });
  }
  return {
    apply: steps.map(({ apply }) => apply),
    back: steps.toReversed().map(({ back }) => back),
  };
}

interface Change {
  readonly kind: 'gone' | 'new';
  readonly rule: IptablesRule;
  readonly number: number;
}

/** Whether a rule comes into the place of the one before it. */
function isReplaced(previous: Change | undefined, { kind, rule, number }: Change): previous is Change {
  return (
    kind === 'new' &&
    previous?.kind === 'gone' &&
    previous.rule.table === rule.table &&
    previous.rule.chain === rule.chain &&
    previous.number + 1 === number
  );
}

/** The place among the old rules of its chain that a rule gets before a line. */
function numberAt(old: readonly IptablesRule[], { table, chain }: IptablesRule, before: number): number {
  return old.filter((rule) => rule.table === table && rule.chain === chain && rule.line < before).length + 1;
}
