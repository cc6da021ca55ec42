import type { ExpectedBlame } from '../../scenario/model/expectation.js';
import type { Blame } from '../model/verdict.js';

/** What is to blame, for people: `rule -A INPUT -j REJECT on director`. */
export function blameText({ kind, what, on }: ExpectedBlame): string {
  const words = {
    rule: 'rule',
    policy: 'policy',
    sysctl: 'sysctl',
    counter: 'counter',
    'ipvs-service': 'IPVS service',
    'ipvs-entry': 'IPVS entry',
    path: 'path of',
  };
  return `${words[kind]} \`${what}\`${on === undefined ? '' : ` on ${on}`}`;
}

/** Whether what is blamed is what the file says. Rules may be spelled as their author wrote them, or as the node lists them. */
export function isExpectedBlame({ kind, what, on }: ExpectedBlame, blame: Blame): boolean {
  if (kind !== blame.kind || (on !== undefined && on !== blame.role)) return false;
  const wanted = plain(what);
  const spelled = [blame.what, blame.written ?? blame.what].map(plain);
  return spelled.some((one) => one === wanted || (kind === 'rule' && withoutChain(one) === wanted));
}

const plain = (text: string): string =>
  text
    .replaceAll(/\s*,\s*/g, ', ')
    .replace(/^([\w./-]+) = /, '$1=')
    .replaceAll(/\s+/g, ' ')
    .replace(/;$/, '')
    .trim();

/** A rule of nft's without the chain that stands before it. */
const withoutChain = (text: string): string => text.replace(/^\S+ \S+ \S+: /, '');
