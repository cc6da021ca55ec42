import { elementsOf, type Element } from './nftClauses.js';
import { selectorAt } from './nftSelectors.js';
import type { NftStatement, NftWord } from './nftStatements.js';
import type { SubjectType } from './subject.js';
import { sliceOf, type Word } from './word.js';

/** A set or map that rules call by its name. */
export interface NamedSet {
  /** What each part of an element is. */
  readonly types: readonly SubjectType[];
  /** What each part of a map's values is; empty: it is a set. */
  readonly data: readonly SubjectType[];
  readonly elements: readonly Element[];
  /** Whether it is made here; else elements are added to one that is there already. */
  readonly isMade: boolean;
}

/** Sets of nft by table and name (`inet f wan`), those of ipset by name. */
export type NamedSets = ReadonlyMap<string, NamedSet>;

interface UnfinishedSet {
  types: readonly SubjectType[];
  data: readonly SubjectType[];
  readonly elements: Element[];
  isMade: boolean;
}

const unmade = (): UnfinishedSet => ({ types: [], data: [], elements: [], isMade: false });

const ofNft: Readonly<Record<string, SubjectType>> = {
  ifname: 'interface',
  iface_index: 'interface',
  ipv4_addr: 'address',
  ipv6_addr: 'address',
  ether_addr: 'mac',
  inet_service: 'port',
  inet_proto: 'protocol',
  mark: 'mark',
  uid: 'user',
  gid: 'group',
  devgroup: 'devgroup',
  realm: 'realm',
};

const ofIpset: Readonly<Record<string, SubjectType>> = {
  ip: 'address',
  net: 'address',
  iface: 'interface',
  port: 'port',
  mac: 'mac',
  mark: 'mark',
};

/** The named sets and maps of nft statements, which may be of several texts, with the elements that any of them adds. */
export function nftSets(statements: readonly NftStatement[]): NamedSets {
  const sets = new Map<string, UnfinishedSet>();
  for (const { table, block, words } of statements) {
    if (table === undefined || (block?.[0] !== 'set' && block?.[0] !== 'map')) continue;
    const key = `${table} ${block[1]}`;
    const set = sets.get(key) ?? unmade();
    sets.set(key, set);
    const first = words[0]?.text;
    if (first === 'elements') for (const element of elementsOf(words.slice(2))) set.elements.push(element);
    else if (first === 'type' || first === 'typeof')
      Object.assign(
        set,
        { isMade: true },
        first === 'type' ? typesOf(words.slice(1)) : typesOfSelectors(words.slice(1)),
      );
  }
  return sets;
}

/** The sets that lines of `ipset restore` make, with their elements. */
export function ipsetSets(lines: readonly (readonly Word[])[]): NamedSets {
  const sets = new Map<string, UnfinishedSet>();
  for (const [verb, name, value] of lines) {
    if (verb === undefined || name === undefined) continue;
    const set = sets.get(name.text) ?? unmade();
    sets.set(name.text, set);
    if (['create', '-N', 'n'].includes(verb.text))
      Object.assign(set, { types: typesOfIpset(value?.text ?? ''), isMade: true });
    else if (['add', '-A', 'a'].includes(verb.text) && value !== undefined)
      set.elements.push({ keys: partsOf(value), data: [] });
    else if (['rename', '-E'].includes(verb.text) && value !== undefined)
      sets.set(value.text, { ...set, isMade: true });
  }
  return sets;
}

/** Sets of several texts: what one of them makes, others may add to. */
export function mergedSets(all: readonly NamedSets[]): NamedSets {
  const merged = new Map<string, UnfinishedSet>();
  for (const [key, { types, data, elements, isMade }] of all.flatMap((sets) => [...sets])) {
    const set = merged.get(key) ?? unmade();
    merged.set(key, set);
    if (isMade) Object.assign(set, { types, data, isMade });
    for (const element of elements) set.elements.push(element);
  }
  return merged;
}

/** The interfaces in lines of `ipset restore`; `sets` tell what the elements of each are. */
export function ipsetInterfaces(lines: readonly (readonly Word[])[], sets: NamedSets): readonly Word[] {
  return lines.flatMap(([verb, name, value]) => {
    const isElement = ['add', '-A', 'a', 'del', '-D', 'test', '-T'].includes(verb?.text ?? '');
    const types = sets.get(name?.text ?? '')?.types ?? [];
    return isElement && value !== undefined && types.includes('interface')
      ? interfacesAmong(partsOf(value), types)
      : [];
  });
}

/** Those parts of an element that are interfaces; `types` tell what each part is. */
export function interfacesAmong(parts: readonly Word[], types: readonly SubjectType[]): readonly Word[] {
  return parts.filter((_, index) => types[index] === 'interface');
}

type ElementTypes = Pick<UnfinishedSet, 'types' | 'data'>;

/** `ipv4_addr . ifname : verdict` */
function typesOf(words: readonly NftWord[]): ElementTypes {
  const texts = words.map(({ text }) => text);
  const colon = texts.indexOf(':');
  const types = (part: readonly string[]) =>
    part
      .filter((text) => text !== '.')
      .map((text) => (Object.hasOwn(ofNft, text) ? (ofNft[text] ?? 'other') : 'other'));
  return {
    types: types(texts.slice(0, colon < 0 ? undefined : colon)),
    data: colon < 0 ? [] : types(texts.slice(colon + 1)),
  };
}

/** `iifname . ip saddr : verdict` */
function typesOfSelectors(words: readonly NftWord[]): ElementTypes {
  const sides: SubjectType[][] = [[]];
  for (let index = 0; index < words.length; index += 1) {
    const text = words[index]?.text;
    if (text === ':') sides.push([]);
    else if (text !== '.') {
      const selector = selectorAt(words, index);
      sides.at(-1)?.push(selector?.subject.type ?? 'other');
      index += (selector?.length ?? 1) - 1;
    }
  }
  const [types = [], data = []] = sides;
  return { types, data };
}

/** `hash:net,iface`; kinds of long ago are `iphash` and the like. */
function typesOfIpset(type: string): readonly SubjectType[] {
  const [, parts] = /^(?:hash|bitmap):(.+)$/.exec(type) ?? [];
  if (parts === undefined) return /^(?:iphash|nethash|ipmap|iptree)/.test(type) ? ['address'] : ['other'];
  return parts
    .split(',')
    .map((part) => (Object.hasOwn(ofIpset, part) ? (ofIpset[part] ?? 'other') : 'other'));
}

/** `192.0.2.0/24,eth0`, and `physdev:eth0` for the port of a bridge. */
function partsOf(element: Word): readonly Word[] {
  const parts: Word[] = [];
  let start = 0;
  for (const part of element.text.split(',')) {
    const skipped = part.startsWith('physdev:') ? 'physdev:'.length : 0;
    parts.push(sliceOf(element, start + skipped, start + part.length));
    start += part.length + 1;
  }
  return parts;
}
