import type { Family } from '../../../contracts/words/network.js';
import { namesOfCall } from './callNames.js';
import { interfacesOfOptions } from '../iptables/iptablesMatches.js';
import { iptablesWords, optionsOf } from '../iptables/iptablesOptions.js';
import { ipsetInterfaces, type NamedSets } from '../namedSets.js';
import { nftInterfaces } from '../nftInterfaces.js';
import { type NftStatement, nftStatements } from '../nftStatements.js';
import { type Call, shellCalls } from '../shellCalls.js';
import { joinWords, linesOf, sliceOf, type Word, wordAt } from '../word.js';

/** What a call tells iptables: the words of its arguments, or those of each line that it restores. */
export interface IptablesInput {
  readonly family: Family;
  readonly lines: readonly (readonly Word[])[];
  readonly isRestored: boolean;
}

/** A call in a command line, and what it tells the programs of the packet filter. */
export interface CommandCall extends Call {
  readonly iptables: IptablesInput | undefined;
  readonly nft: readonly NftStatement[];
  /** Lines as `ipset restore` reads them. */
  readonly ipset: readonly (readonly Word[])[];
}

/** Reads command lines that one shell runs. Places count from the beginning of the text that all lines make, joined by line ends. */
export function commandCalls(commands: readonly string[]): readonly CommandCall[] {
  return shellCalls(placed(commands)).map((call) => ({
    ...call,
    iptables: iptablesOf(call),
    nft: call.program === 'nft' ? nftOf(call) : [],
    ipset: call.program === 'ipset' ? ipsetOf(call) : [],
  }));
}

/** The interfaces that a call names, where its syntax takes one. */
export function interfacesOfCommand(call: CommandCall, sets: NamedSets): readonly Word[] {
  const { iptables, nft, ipset } = call;
  const restored = iptables?.isRestored === true ? iptables.lines : [];
  return [
    ...namesOfCall(call).interfaces,
    ...restored.flatMap((words) => interfacesOfOptions(optionsOf(words))),
    ...nftInterfaces(nft, sets),
    ...ipsetInterfaces(ipset, sets),
  ];
}

function placed(commands: readonly string[]): readonly Word[] {
  const whole = wordAt(commands.join('\n'), 0);
  let end = -1;
  return commands.map(({ length }) => {
    const start = end + 1;
    end = start + length;
    return sliceOf(whole, start, end);
  });
}

function iptablesOf({ program, words, input }: Call): IptablesInput | undefined {
  const [, name, restore] = /^(ip6?tables)(?:-nft|-legacy)?(-restore)?$/.exec(program) ?? [];
  if (name === undefined) return undefined;
  const family = name === 'iptables' ? 'ipv4' : 'ipv6';
  if (restore === undefined) return { family, lines: [words], isRestored: false };
  const lines = input === undefined ? [] : linesOf(input).map(iptablesWords);
  return { family, lines, isRestored: true };
}

/** What nft is told, in its arguments or on its input; a file's rules are not there. */
function nftOf({ words, input }: Call): readonly NftStatement[] {
  const file = words.findIndex(({ text }) => /^-\w*f$|^--file$/.test(text));
  if (file >= 0) {
    const isInput = /^(?:-|\/dev\/stdin)$/.test(words[file + 1]?.text ?? '');
    return isInput && input !== undefined ? nftStatements(input) : [];
  }
  const start = words.findIndex(({ text }) => !text.startsWith('-'));
  return start < 0 ? [] : nftStatements(joinWords(words.slice(start), ' '));
}

function ipsetOf({ words, input }: Call): readonly (readonly Word[])[] {
  const start = words.findIndex(({ text }) => !/^-(?:exist|!|quiet|q|name|sorted|output|o)$/.test(text));
  const own = start < 0 ? [] : words.slice(start);
  if (!['restore', '-R'].includes(own[0]?.text ?? '')) return [own];
  return input === undefined ? [] : linesOf(input).map(iptablesWords);
}
