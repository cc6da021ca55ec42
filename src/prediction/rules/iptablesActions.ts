import type { Option } from '../../scenario/syntax/iptables/iptablesOptions.js';
import { targetKind } from '../../scenario/syntax/iptables/iptablesTargets.js';
import { markChange } from '../../scenario/syntax/iptables/markChange.js';
import type { RuleTarget } from '../../scenario/syntax/iptables/iptablesText.js';
import type { Action } from '../model/filter.js';

/** What a target does; `isChain` says whether a chain is called so, and `keyOf` gives its key. */
export function iptablesAction(
  { name, isGoto, options }: RuleTarget,
  isChain: (name: string) => boolean,
  keyOf: (name: string) => string,
): Action {
  if (isChain(name)) return { kind: isGoto ? 'goto' : 'jump', chain: keyOf(name) };
  switch (targetKind(name)) {
    case 'accept':
    case 'return':
      return { kind: name === 'ACCEPT' ? 'accept' : 'return' };
    case 'refuse':
      return { kind: 'refuse', how: [name, ...rejectWith(options)].join(' ') };
    case 'divert':
      return name.endsWith('QUEUE')
        ? { kind: 'unclear', why: 'another program decides' }
        : { kind: 'divert', how: targetText(name, options) };
    case 'source':
      return { kind: 'source', how: targetText(name, options) };
    case 'mark':
      return markAction(name, options);
    case 'track': {
      const isUntracked = name === 'NOTRACK' || options.some(({ option }) => option === '--notrack');
      return { kind: isUntracked ? 'untrack' : 'nothing' };
    }
    case 'answer':
      return { kind: 'unclear', why: 'the director answers the handshake itself' };
    case 'change':
    case 'note':
      return { kind: 'nothing' };
    case undefined:
      return {
        kind: 'unclear',
        why: `neither a chain of the files nor a target that is known here is called ${name}`,
      };
  }
}

/** Of a connection's mark only what is restored to the packet counts. */
function markAction(name: string, options: readonly Option[]): Action {
  if (name !== 'CONNMARK') return { kind: 'mark', set: markChange(options) };
  const isRestoring = options.some(({ option }) => option === '--restore-mark');
  return isRestoring ? { kind: 'mark', set: undefined } : { kind: 'nothing' };
}

function rejectWith(options: readonly Option[]): readonly string[] {
  return options.flatMap(({ option, values }) =>
    option === '--reject-with' ? values.map(({ text }) => text) : [],
  );
}

function targetText(name: string, options: readonly Option[]): string {
  return [name, ...options.flatMap(({ option, values }) => [option, ...values.map(({ text }) => text)])].join(
    ' ',
  );
}
