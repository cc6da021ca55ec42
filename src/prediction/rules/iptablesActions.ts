import { divertingTargets, refusingTargets } from '../../contracts/words/rules.js';
import type { Option } from '../../scenario/syntax/iptables/iptablesOptions.js';
import type { Action } from '../model/filter.js';

/** What a rule leads to, and how. */
export interface RuleTarget {
  readonly name: string;
  readonly isGoto: boolean;
  readonly options: readonly Option[];
}

const refusing: readonly string[] = refusingTargets;
const diverting: readonly string[] = divertingTargets;

/** Targets that change what no rule here asks about, or that write something down. */
const passing: readonly string[] = [
  ...[
    'LOG',
    'NFLOG',
    'ULOG',
    'AUDIT',
    'TRACE',
    'RATEEST',
    'IDLETIMER',
    'LED',
    'TCPMSS',
    'TTL',
    'HL',
    'DSCP',
    'TOS',
  ],
  ...['SET', 'CLASSIFY', 'CHECKSUM', 'TCPOPTSTRIP', 'TEE', 'CONNSECMARK', 'SECMARK', 'ECN', 'ACCOUNT', 'DPI'],
];

/** What a target does; `isChain` says whether a chain is called so, and `keyOf` gives its key. */
export function iptablesAction(
  { name, isGoto, options }: RuleTarget,
  isChain: (name: string) => boolean,
  keyOf: (name: string) => string,
): Action {
  if (isChain(name)) return { kind: isGoto ? 'goto' : 'jump', chain: keyOf(name) };
  if (name === 'ACCEPT') return { kind: 'accept' };
  if (name === 'RETURN') return { kind: 'return' };
  if (refusing.includes(name)) return { kind: 'refuse', how: [name, ...rejectWith(options)].join(' ') };
  if (name === 'QUEUE' || name === 'NFQUEUE') return { kind: 'unclear', why: 'another program decides' };
  if (name === 'SYNPROXY') return { kind: 'unclear', why: 'the director answers the handshake itself' };
  if (diverting.includes(name) || name === 'NETMAP')
    return { kind: 'divert', how: targetText(name, options) };
  if (['SNAT', 'MASQUERADE', 'SAME'].includes(name))
    return { kind: 'source', how: targetText(name, options) };
  if (name === 'NOTRACK') return { kind: 'untrack' };
  if (name === 'CT') {
    const isUntracked = options.some(({ option }) => option === '--notrack');
    return { kind: isUntracked ? 'untrack' : 'nothing' };
  }
  if (name === 'MARK') return { kind: 'mark', set: markSetting(options) };
  if (name === 'CONNMARK')
    return isRestoring(options) ? { kind: 'mark', set: undefined } : { kind: 'nothing' };
  if (passing.includes(name)) return { kind: 'nothing' };
  return {
    kind: 'unclear',
    why: `neither a chain of the files nor a target that is known here is called ${name}`,
  };
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

function isRestoring(options: readonly Option[]): boolean {
  return options.some(({ option }) => option === '--restore-mark');
}

/** The bits that MARK clears and flips; undefined: it cannot be read. */
function markSetting(
  options: readonly Option[],
): { readonly clear: number; readonly flip: number } | undefined {
  for (const { option, values } of options) {
    const [value, mask = 0xffff_ffff] = (values[0]?.text ?? '').split('/').map(Number);
    if (value === undefined || Number.isNaN(value) || Number.isNaN(mask)) return undefined;
    if (option === '--set-xmark') return { clear: mask, flip: value };
    if (option === '--set-mark') return { clear: (mask | value) >>> 0, flip: value };
    if (option === '--or-mark') return { clear: value, flip: value };
    if (option === '--and-mark') return { clear: ~value >>> 0, flip: 0 };
    if (option === '--xor-mark') return { clear: 0, flip: value };
  }
  return undefined;
}
