import type { SiteRuleFile } from '../site/model/site.js';
import type { RebuiltFile, RebuildNote } from './rebuilt.js';

/** The keys of a scenario's node under which each kind of rules stands. */
const keys = {
  ipset: 'ipset',
  'iptables-save': 'rules',
  'ip6tables-save': 'rules6',
  nft: 'nftables',
} as const;

type RuleKind = keyof typeof keys;

/** The rules of a director: which key names which file. */
export interface RebuiltRules {
  readonly files: readonly (RebuiltFile & { readonly key: (typeof keys)[RuleKind] })[];
  readonly notes: readonly RebuildNote[];
}

/** The rule files of a site as a lab loads them: as they are, but for what the programs that load them would refuse. */
export function ruleTexts(rules: readonly SiteRuleFile[], prefix = ''): RebuiltRules {
  const notes: RebuildNote[] = [];
  const say = (text: string, file: string, line = 1) => notes.push({ text, at: { file, line } });
  const files = (Object.keys(keys) as RuleKind[]).flatMap((kind) => {
    const own = rules.filter((file) => file.kind === kind);
    const [first] = own;
    if (first === undefined) return [];
    if (own.length > 1)
      say(`loaded behind one another: ${own.map(({ name }) => name).join(', ')}`, first.name);
    const text = own.map((file) => loadable(file, rules, say)).join('');
    return [{ key: keys[kind], name: `${prefix}${fileName(first.name)}`, text }];
  });
  return { files: distinct(files), notes };
}

type Say = (text: string, file: string, line?: number) => unknown;

function loadable(file: SiteRuleFile, all: readonly SiteRuleFile[], say: Say): string {
  let { text } = file;
  if (file.isImplied) {
    const [at = { file: file.name, line: 1 }] = file.places ?? [];
    say('rules that no file has are loaded, which a program loads for this line', at.file, at.line);
  } else if (file.places !== undefined)
    say('loaded with the files that it includes in their places', file.name);
  if (text.includes('\r')) {
    say('loaded with line ends of Unix', file.name);
    text = text.replace(/\r+$/gm, '').replaceAll('\r\n', '\n');
  }
  if (!text.endsWith('\n')) text += '\n';
  // What stands for an address in a scenario's rules is a text like any other in these.
  text = text.replaceAll('${', () => '$${');
  if (file.kind === 'nft') return withoutListed(withoutOwner(text, file, say), file, all, say);
  if (file.kind === 'iptables-save' || file.kind === 'ip6tables-save')
    return asSaved(withoutOldNegations(text, file, say), file, say);
  return text;
}

/** Today's iptables wants the exclamation mark of `-s ! 10.0.0.0/8` before the option. Texts in quotes are people's own. */
function withoutOldNegations(text: string, { name }: SiteRuleFile, say: Say): string {
  const lines = text.split('\n').map((line, index) => {
    if (!/^\s*(?:\[\d+:\d+\]\s*)?-A\s/.test(line)) return line;
    const parts = line.split(/("(?:[^"\\]|\\.)*")/);
    const mended = parts
      .map((part, at) => (at % 2 === 0 ? part.replace(/(\s)(--?[a-z][\w-]*)\s+!(?=\s)/g, '$1! $2') : part))
      .join('');
    if (mended !== line) say(`loaded as today's iptables has it: \`${mended.trim()}\``, name, index + 1);
    return mended;
  });
  return lines.join('\n');
}

/** What `iptables -S` prints names no table; it is that of filter. */
function asSaved(text: string, { name }: SiteRuleFile, say: Say): string {
  if (/^\s*\*\w/m.test(text)) return text;
  say('loaded as the table filter, which `iptables -S` prints', name);
  const lines = text
    .split('\n')
    .map((line) =>
      line.replace(/^\s*-P\s+(\S+)\s+(\S+)\s*$/, ':$1 $2 [0:0]').replace(/^\s*-N\s+(\S+)\s*$/, ':$1 - [0:0]'),
    );
  return `*filter\n${lines.join('\n')}COMMIT\n`;
}

/** A table that has an owner goes when the program ends that made it: firewalld stays, what loads it in a lab does not. */
function withoutOwner(text: string, { name }: SiteRuleFile, say: Say): string {
  const lines = text.split('\n').map((line, index) => {
    if (!/^\s*flags\s+(?:\w+\s*,\s*)*owner\b/.test(line)) return line;
    say(`loaded without the owner of the table, with whom it would go: \`${line.trim()}\``, name, index + 1);
    return '';
  });
  return lines.join('\n');
}

/** Without the tables that iptables made, where its own file has them: nft lists them once more, and takes no matches of iptables back. */
function withoutListed(text: string, { name }: SiteRuleFile, all: readonly SiteRuleFile[], say: Say): string {
  const saved = [
    ...(all.some(({ kind }) => kind === 'iptables-save') ? ['ip'] : []),
    ...(all.some(({ kind }) => kind === 'ip6tables-save') ? ['ip6'] : []),
  ];
  const head = new RegExp(`^table (${saved.join('|')}) (filter|nat|mangle|raw|security) \\{`);
  const lines = text.split('\n');
  let isInside = false;
  const kept = lines.map((line, index) => {
    if (!isInside && saved.length > 0 && head.test(line)) {
      isInside = true;
      say(
        `loaded without this table, which the file of iptables has: \`${line.replace(/ \{.*/, '')}\``,
        name,
        index + 1,
      );
    }
    const shown = isInside ? '' : line;
    if (isInside && line.startsWith('}')) isInside = false;
    return shown;
  });
  return kept.join('\n');
}

/** The last part of a path, without what a folder's other names would be taken for. */
function fileName(path: string): string {
  const plain = path.replace(/^.*\//, '').replaceAll(/[^\w.-]/g, '_');
  return /\.ya?ml$/.test(plain) || plain === '' ? `${plain}.rules` : plain;
}

function distinct<F extends RebuiltFile>(files: readonly F[]): readonly F[] {
  return files.map((file, index) =>
    files.slice(0, index).some(({ name }) => name === file.name)
      ? { ...file, name: `${index + 1}-${file.name}` }
      : file,
  );
}
