import { nftTextStatements } from '../../scenario/syntax/nftStatements.js';
import type { Draft } from '../model/draft.js';
import { nftLines } from './nftLines.js';

/** A table that only the process may change that made it, for as long as it lives. */
export interface OwnedTable {
  /** `inet firewalld`. */
  readonly table: string;
  readonly file: string;
  /** The line of `flags owner`. */
  readonly line: number;
  /** Its program, as `nft list ruleset` names it; undefined: it does not. */
  readonly program: string | undefined;
}

/** The tables of an nft text that have an owner. */
export function nftOwners({ file: { name, text } }: Draft): readonly OwnedTable[] {
  const lines = text.split('\n');
  return nftTextStatements(text.replaceAll('\r', ' ')).flatMap(({ table, block, words, line }) => {
    const [first, ...flags] = words.map((word) => word.text);
    if (table === undefined || block !== undefined || first !== 'flags' || !flags.includes('owner'))
      return [];
    const heading = lines.findLast((one, index) => index < line && one.includes(`table ${table} {`));
    const [, program] = /# progname (\S+)/.exec(heading ?? '') ?? [];
    return [{ table, file: name, line, program }];
  });
}

/** The tables with rules that one of two texts has and the other has not. */
export function nftChangedTables(before: Draft, after: Draft): ReadonlySet<string> {
  const [old, made] = [nftLines(before).rules, nftLines(after).rules];
  const kept = new Set(after.lines.flatMap(({ origin }) => origin ?? []));
  const changed = [
    ...old.filter(({ line }) => !kept.has(line)),
    ...made.filter(({ line }) => after.lines[line - 1]?.origin === undefined),
  ];
  return new Set(changed.map(({ chain }) => chain.split(' ').slice(0, 2).join(' ')));
}

/** The tables that a change touches and only their owners can. */
export function ownedAndChanged(before: Draft, after: Draft): readonly OwnedTable[] {
  const changed = nftChangedTables(before, after);
  return nftOwners(before).filter(({ table }) => changed.has(table));
}
