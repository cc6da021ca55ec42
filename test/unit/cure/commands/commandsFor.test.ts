import { describe, expect, it } from 'vitest';
import type { SourceFile } from '../../../../src/site/model/sourceFile.js';
import { readSite } from '../../../../src/site/readSite.js';
import { siteAnswer, siteFiles, siteNames } from '../../prediction/siteAnswers.js';
import { inFolder, inNamespace, patchedFiles, restorable } from '../patched.js';
import { curesOf } from '../siteCures.js';

interface Tool {
  readonly load: string;
  readonly list: string;
}

const iptables: Tool = { load: 'iptables-restore', list: 'iptables-save' };
const tools: Readonly<Record<string, Tool>> = {
  'iptables-save': iptables,
  'ip6tables-save': { load: 'ip6tables-restore', list: 'ip6tables-save' },
  nft: { load: 'nft -f -', list: 'nft list ruleset' },
};

/** What a director has with a text loaded and commands given where these files are, as its own tool lists it. */
function listed(files: readonly SourceFile[], text: string, commands: readonly string[]): string {
  const { kind } = rulesOf(files);
  const { load = '', list = '' } = tools[kind] ?? {};
  const script = [load, ...commands, list].join('\n');
  const out = inFolder(files, (folder) =>
    inNamespace(script, kind === 'nft' ? text : restorable(text), folder),
  );
  return (
    out
      .replaceAll(/^#.*\n/gm, '')
      .replaceAll(/\[\d+:\d+\]/g, '')
      .replaceAll(' comment "lvs-lab cure"', '')
      // An empty table that was made on the way says nothing.
      .replace(/\*raw\n:PREROUTING ACCEPT \n:OUTPUT ACCEPT \nCOMMIT\n/, '')
  );
}

function rulesOf(files: readonly SourceFile[]): { readonly kind: string; readonly text: string } {
  const rules = readSite(files).rules.find(({ kind }) => kind !== 'ipset');
  return { kind: rules?.kind ?? '', text: rules?.text ?? '' };
}

const cured = siteNames.flatMap((name) => {
  const files = siteFiles(name);
  const cures = curesOf(files, siteAnswer(name).in)?.cures ?? [];
  const made = cures.filter(({ patch }) => patch !== '');
  // The best, and the one that changes most.
  const some = [...new Set([made[0], made.at(-1)])].filter((cure) => cure !== undefined);
  return some.map((cure) => [name, cure.title, files, cure] as const);
});

describe('the commands of a cure, typed on a director', () => {
  it.each(cured)('%s: make of its rules what the patch makes (%s)', (_, __, files, { patch, commands }) => {
    const made = patchedFiles(files, patch);
    expect(listed(made, rulesOf(files).text, commands.apply)).toBe(listed(made, rulesOf(made).text, []));
  });

  it.each(cured)('%s: are taken back by those to go back (%s)', (_, __, files, { patch, commands }) => {
    const made = patchedFiles(files, patch);
    const { text } = rulesOf(files);
    const was = listed(made, text, []);
    expect(listed(made, text, commands.apply)).not.toBe(was);
    expect(listed(made, text, [...commands.apply, ...commands.back])).toBe(was);
  });
});
