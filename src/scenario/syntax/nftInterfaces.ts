import { isIP } from 'node:net';
import { type Clause, clausesOf, elementsOf } from './nftClauses.js';
import type { NftStatement } from './nftStatements.js';
import { interfacesAmong, type NamedSets } from './namedSets.js';
import type { Word } from './word.js';

/** The interfaces that nft statements name, wherever nft takes one. `sets` are all that may be meant, those of other texts among them. */
export function nftInterfaces(statements: readonly NftStatement[], sets: NamedSets): readonly Word[] {
  const found: Word[] = [];
  for (const statement of statements) for (const word of ofStatement(statement, sets)) found.push(word);
  return found;
}

/** The devices of a chain's head or of a flowtable: `hook ingress device "eth0"`, `devices = { eth0, eth1 }`. */
export function nftDevices({ block, words }: NftStatement): readonly Word[] {
  const isHead = block?.[0] === 'flowtable' || (block?.[0] === 'chain' && words[0]?.text === 'type');
  const isList = (at: number) => words[at]?.text === 'devices' || words[at]?.text === 'device';
  const from = isHead || (block?.[0] === 'chain' && isList(0)) ? words.findIndex((_, at) => isList(at)) : -1;
  if (from < 0) return [];
  const rest = words.slice(words[from + 1]?.text === '=' ? from + 2 : from + 1);
  if (rest[0]?.text !== '{') return rest.slice(0, 1);
  const end = rest.findIndex(({ text }) => text === '}');
  return rest.slice(1, end < 0 ? undefined : end).filter(({ text }) => text !== ',' && text !== '{');
}

function ofStatement(statement: NftStatement, sets: NamedSets): readonly Word[] {
  const { table = '', block, words } = statement;
  const [kind, name = ''] = block ?? [];
  if (kind === 'flowtable') return nftDevices(statement);
  if (kind === 'chain') {
    const devices = nftDevices(statement);
    return devices.length > 0 ? devices : clausesOf(words).flatMap(ofClause);
  }
  const set = kind === 'set' || kind === 'map' ? sets.get(`${table} ${name}`) : undefined;
  if (set === undefined || words[0]?.text !== 'elements') return [];
  return elementsOf(words.slice(2)).flatMap(({ keys, data }) => [
    ...interfacesAmong(keys, set.types),
    ...interfacesAmong(
      data.filter(({ text }) => text !== '.'),
      set.data,
    ),
  ]);
}

function ofClause(clause: Clause): readonly Word[] {
  if (clause.kind === 'match') {
    const types = clause.subjects.map(({ type }) => type);
    return clause.elements.flatMap(({ keys }) => interfacesAmong(keys, types));
  }
  if (clause.kind !== 'send') return [];
  const isToDevice = clause.verb === 'fwd' || clause.verb === 'dup';
  return [
    ...(clause.device === undefined ? [] : [clause.device]),
    ...(isToDevice ? clause.to.filter(({ text }) => text !== 'to' && isIP(text) === 0) : []),
  ];
}
