import { nftChangedTables, nftOwners, type OwnedTable, ownedAndChanged } from '../languages/nftOwners.js';
import type { Draft } from '../model/draft.js';
import type { SiteRuleFile } from '../../site/model/site.js';
import { managerOf } from './managers.js';
import { nftCommands } from './nftCommands.js';

/** Commands that make a change of a file's rules on the director, and those that take it back. */
interface LiveCommands {
  readonly apply: readonly string[];
  readonly back: readonly string[];
}

/** The setting by which firewalld leaves its table to others as well. */
const setting = '/etc/firewalld/firewalld.conf';

/**
 * The commands for a change of an nft text. What has an owner (`flags owner`) no other process can change: nft is refused, and `flush ruleset`
 * passes over it. firewalld can be told to leave its table to others; of any other owner it is said who has to do it.
 */
export function nftFileCommands(file: SiteRuleFile, before: Draft, after: Draft): LiveCommands {
  const owned = ownedAndChanged(before, after);
  const commands = nftCommands(before, after) ?? loadedAgain(file, before, after);
  if (owned.length === 0) return commands;
  const said = owned.map(ownerText);
  if (managerOf(file) !== 'firewalld with nftables' || owned.some(({ table }) => table !== 'inet firewalld'))
    return { apply: said, back: ['# nothing was changed on the director itself'] };
  const restart = 'systemctl restart firewalld';
  return {
    apply: [
      ...said,
      `sed -i '/^NftablesTableOwner=/d' ${setting} && echo NftablesTableOwner=no >> ${setting} && ${restart}`,
      ...commands.apply,
    ],
    back: [
      ...commands.back,
      `sed -i 's/^NftablesTableOwner=no$/NftablesTableOwner=yes/' ${setting} && ${restart}`,
    ],
  };
}

function ownerText({ table, file, line, program }: OwnedTable): string {
  const who = program === undefined ? 'the process that made it' : `its owner, ${program},`;
  return `# only ${who} can change the table ${table} (\`flags owner\`, ${file}:${line}): nft says "Operation not permitted", and \`flush ruleset\` leaves it. Change what that program loads, and let it load it again`;
}

/** Loads the whole text, or where that would have to replace what has an owner, the tables that change. */
function loadedAgain(file: SiteRuleFile, before: Draft, after: Draft): LiveCommands {
  if (nftOwners(before).length > 0) return tablesLoadedAgain(file, [...nftChangedTables(before, after)]);
  const flush = /^\s*flush\s+ruleset/m.test(file.text) ? '' : "{ echo 'flush ruleset'; cat ";
  const load = (name: string, isWhole = false) =>
    flush === '' && !isWhole ? `nft -f ${name}` : `{ echo 'flush ruleset'; cat ${name}; } | nft -f -`;
  return {
    apply: ['nft list ruleset > before-cure.nft', load(file.name)],
    back: [load('before-cure.nft', true)],
  };
}

/** Only `nft list ruleset` prints that a table has an owner, so the tables stand as it prints them. */
function tablesLoadedAgain({ name }: SiteRuleFile, tables: readonly string[]): LiveCommands {
  const gone = tables.map((table) => `echo 'delete table ${table}'; `).join('');
  const own = tables.map((table) => `sed -n '/^table ${table} {/,/^}/p' ${name}; `).join('');
  return {
    apply: [
      `{ ${tables.map((table) => `nft list table ${table}; `).join('')}} > before-cure.nft`,
      `{ ${gone}${own}} | grep -v '^[[:space:]]*flags .*owner' | nft -f -`,
    ],
    back: [`{ ${gone}cat before-cure.nft; } | nft -f -`],
  };
}
