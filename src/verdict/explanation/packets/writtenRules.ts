import type { RuleSource } from '../../../evidence/model/tracedRecord.js';
import { commandCalls } from '../../../scenario/syntax/calls/commandTexts.js';
import { iptablesWords } from '../../../scenario/syntax/iptables/iptablesOptions.js';
import { nftTextStatements, type NftStatement } from '../../../scenario/syntax/nftStatements.js';
import { linesOf, type Word } from '../../../scenario/syntax/word.js';

/** A rule or policy as its author wrote it. */
export interface WrittenRule {
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

/** What texts come to: the rules of each chain in the order that the kernel should have them, and policies. */
export interface WrittenRules {
  /** By `FAMILY TABLE CHAIN`, as listings name them. */
  readonly chains: ReadonlyMap<string, readonly WrittenRule[]>;
  readonly policies: ReadonlyMap<string, WrittenRule>;
}

/** Reads what a node loaded, in that order. What it cannot read it passes over: then chains do not have as many rules as in the kernel. */
export function writtenRules(sources: readonly RuleSource[]): WrittenRules {
  const written = new Writing();
  for (const source of sources) {
    if (source.kind === 'rules' || source.kind === 'rules6')
      written.restore(
        source,
        linesOf(source.text).map(iptablesWords),
        source.kind === 'rules' ? 'ip' : 'ip6',
      );
    else if (source.kind === 'nftables')
      written.nft(source, nftTextStatements(source.text), (line) => lineOf(source, line));
    else if (source.kind === 'commands') written.commands(source);
  }
  return written;
}

const lineOf = ({ line, byLine }: RuleSource, number: number): number => (byLine ? line + number - 1 : line);

class Writing implements WrittenRules {
  readonly chains = new Map<string, WrittenRule[]>();
  readonly policies = new Map<string, WrittenRule>();

  /** Lines of iptables-save. A table that is restored has nothing of what it had. */
  restore(source: RuleSource, lines: readonly (readonly Word[])[], family: string): void {
    let table = 'filter';
    for (const [index, words] of lines.entries()) {
      const texts = words.map(({ text }) => text);
      const [first = '', policy = ''] = texts;
      const line = lineOf(source, index + 1);
      const rule = { text: source.text.split('\n')[index]?.trim() ?? '', file: source.file, line };
      if (first.startsWith('*')) {
        table = first.slice(1);
        this.#forget(`${family} ${table} `);
      } else if (first.startsWith(':')) {
        if (policy !== '-') this.policies.set(`${family} ${table} ${first.slice(1)}`, rule);
      } else if (!first.startsWith('#')) this.#order(family, table, texts, rule);
    }
  }

  commands(source: RuleSource): void {
    const rule = { text: source.text.trim(), file: source.file, line: source.line };
    for (const { iptables, nft } of commandCalls([source.text])) {
      this.nft(source, nft, () => source.line);
      if (iptables === undefined || iptables.isRestored) continue;
      const family = iptables.family === 'ipv4' ? 'ip' : 'ip6';
      const texts = (iptables.lines[0] ?? []).map(({ text }) => text);
      const at = texts.findIndex((text) => text === '-t' || text === '--table');
      const table = at < 0 ? 'filter' : (texts[at + 1] ?? 'filter');
      this.#order(family, table, at < 0 ? texts : texts.toSpliced(at, 2), rule);
    }
  }

  nft(source: RuleSource, statements: readonly NftStatement[], lineAt: (line: number) => number): void {
    for (const { table, block, words, line } of statements) {
      if (table === undefined || block?.[0] !== 'chain') continue;
      const key = `${table} ${block[1]}`;
      const texts = words.map(({ text }) => text);
      const own = source.kind === 'nftables' ? source.text.split('\n')[line - 1]?.trim() : undefined;
      const rule = { text: own ?? texts.join(' '), file: source.file, line: lineAt(line) };
      if (texts[0] === 'policy') this.policies.set(key, rule);
      else if (!['type', 'device', 'devices', 'comment'].includes(texts[0] ?? ''))
        this.#chain(key).push(rule);
    }
  }

  /** What a line of iptables-restore or a call of iptables says to do. */
  #order(family: string, table: string, words: readonly string[], rule: WrittenRule): void {
    const at = words.findIndex((word) =>
      /^(?:-[AIRDFP]|--append|--insert|--replace|--delete|--flush|--policy)$/.test(word),
    );
    if (at < 0) return;
    const [order = '', chain = '', next = ''] = words.slice(at);
    const key = `${family} ${table} ${chain}`;
    const rules = this.#chain(key);
    const number = /^\d+$/.test(next) ? Number(next) : undefined;
    switch (
      order
        .replace(/^--/, '')
        .charAt(order.startsWith('--') ? 0 : 1)
        .toUpperCase()
    ) {
      case 'A':
        rules.push(rule);
        break;
      case 'I':
        rules.splice((number ?? 1) - 1, 0, rule);
        break;
      case 'R':
        rules.splice((number ?? 1) - 1, 1, rule);
        break;
      case 'D':
        if (number !== undefined) rules.splice(number - 1, 1);
        else removeLike(rules, words.slice(at + 2));
        break;
      case 'F':
        this.#forget(chain === '' ? `${family} ${table} ` : key);
        break;
      case 'P':
        this.policies.set(key, rule);
        break;
    }
  }

  #chain(key: string): WrittenRule[] {
    const known = this.chains.get(key) ?? [];
    this.chains.set(key, known);
    return known;
  }

  #forget(start: string): void {
    for (const key of this.chains.keys()) if (key.startsWith(start)) this.chains.delete(key);
  }
}

function removeLike(rules: WrittenRule[], asked: readonly string[]): void {
  const wanted = asked.join(' ');
  const found = rules.findIndex(({ text }) => text.split(/\s+/).join(' ').endsWith(wanted));
  if (found >= 0) rules.splice(found, 1);
}
