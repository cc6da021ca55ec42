import type { Family } from '../../../contracts/words/network.js';
import { type MarkOwner, markOwner, type Subject } from '../../syntax/subject.js';
import type { Word } from '../../syntax/word.js';
import { portRanges } from '../../syntax/ports.js';
import type { Condition } from './rule.js';

/** The condition that a part of a packet has one of these values; a mark may be masked first. */
export function conditionOf(subject: Subject, values: readonly string[], mask?: string): Condition {
  const { type, side } = subject;
  switch (type) {
    case 'interface': {
      const way = side === 'source' ? 'in' : side === 'destination' ? 'out' : 'bridge';
      // What a look at the routes finds may be none at all, or be told by its number.
      const names = values.filter((name) => !/^(?:missing|exists|\d+)$/.test(name));
      return names.length === 0 ? { kind: 'other' } : { kind: 'interface', way, names };
    }
    case 'address':
      return { kind: 'address', side, ranges: values };
    case 'port':
      return { kind: 'ports', side: side === 'other' ? 'either' : side, ranges: portRanges(values) };
    case 'protocol':
      return { kind: 'protocol', names: values.map((name) => name.toLowerCase()) };
    case 'mark':
      return markCondition(markOwner(subject), values, mask);
    case 'mac':
      return { kind: 'mac', side, names: values };
    case 'user':
    case 'group':
    case 'devgroup':
    case 'realm':
    case 'cgroup':
      return { kind: type, names: values };
    case 'family':
      return familyCondition(values);
    case 'state':
      return { kind: 'state' };
    case 'flags':
    case 'icmpType':
    case 'addressType':
    case 'packetType':
    case 'fragment':
    case 'other':
      return { kind: 'other' };
  }
}

/** Families as nft writes them, by their numbers and as a frame's type; a variable may be any. */
const familyNames: Readonly<Record<string, Family | undefined>> = {
  ...Object.fromEntries(['ipv4', 'ip', '2', '0x0800', '0x800'].map((name) => [name, 'ipv4'])),
  ...Object.fromEntries(['ipv6', 'ip6', '10', '0x86dd'].map((name) => [name, 'ipv6'])),
};

function familyCondition(values: readonly string[]): Condition {
  if (values.some((name) => name.includes('$'))) return { kind: 'other' };
  return { kind: 'family', families: values.flatMap((name) => familyNames[name.toLowerCase()] ?? []) };
}

/** The conditions that an element of a concatenation stands for; its parts are values of the subjects, in the same order. */
export function conditionsOf(subjects: readonly Subject[], parts: readonly Word[]): readonly Condition[] {
  return subjects.flatMap((subject, index) => {
    const part = parts[index];
    return part === undefined ? [] : [conditionOf(subject, [part.text])];
  });
}

/** A mark, and what it is masked with first. */
export function markCondition(
  of: MarkOwner,
  [text = '', ...others]: readonly string[],
  maskText = '0xffffffff',
): Condition {
  const value = Number(text);
  const mask = Number(maskText);
  const isKnown = text !== '' && others.length === 0 && !Number.isNaN(value) && !Number.isNaN(mask);
  return isKnown ? { kind: 'mark', of, value, mask } : { kind: 'other' };
}
