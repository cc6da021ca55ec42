import type { FileLine } from '../../site/model/sourceFile.js';
import { iptables } from '../languages/iptables.js';
import type { Language } from '../languages/language.js';
import { nft } from '../languages/nft.js';
import type { ChangedSite } from '../model/changedSite.js';
import type { Draft } from '../model/draft.js';
import type { Obstacle } from './obstacles.js';
import { type Narrowness, statesAt, wantedAt } from './wantedPackets.js';

/** A way to get packets past an obstacle. */
export const methods = [
  'by-flags',
  'by-state',
  'port-rule-states',
  'port-rule-without-state',
  'by-address',
  'port-rule-first',
  'drop-last',
  'drop-narrowed',
  'untracked',
] as const;
export type Method = (typeof methods)[number];

/** The changes of files by which a method gets packets past an obstacle, the best first. Each of them may do alone. */
export function changesFor(method: Method, site: ChangedSite, obstacle: Obstacle): readonly Draft[] {
  const changer = new Changer(site, obstacle);
  switch (method) {
    case 'by-flags':
      return changer.admitting('flags');
    case 'by-state':
    // What is untracked by now is accepted as such.
    case 'untracked':
      return changer.admitting('states');
    case 'by-address':
      return changer.admitting('addresses');
    case 'port-rule-states':
      return [...changer.portRules('states'), ...changer.admitting('states')];
    case 'port-rule-without-state':
      return [...changer.portRules('none'), ...changer.admitting('addresses')];
    case 'port-rule-first':
      return changer.portRuleFirst();
    case 'drop-last':
      return changer.dropLast();
    case 'drop-narrowed':
      return changer.dropNarrowed();
  }
}

/** The language that a file of the site is written in; undefined: it has no rules, or none that are changed here. */
export function languageOf({ site }: ChangedSite, file: string): Language | undefined {
  const kind = site.rules.find(({ name }) => name === file)?.kind;
  return kind === 'nft' ? nft : kind === 'iptables-save' || kind === 'ip6tables-save' ? iptables : undefined;
}

class Changer {
  readonly #draft: Draft | undefined;
  readonly #language: Language | undefined;

  constructor(
    private readonly site: ChangedSite,
    private readonly obstacle: Obstacle,
  ) {
    this.#draft = site.draftOf(obstacle.at.file);
    this.#language = languageOf(site, obstacle.at.file);
  }

  /** Rules before the obstacle: with what the service's own rules say of who may come, and without. */
  admitting(narrowness: Narrowness): readonly Draft[] {
    const { obstacle } = this;
    const line = obstacle.isCounting ? this.#firstCounting() : obstacle.at.line;
    // Packets may come to a policy past the end of the chain: by a goto, whose chain returns.
    const places = obstacle.isPolicy ? (['end', 'start'] as const) : (['before'] as const);
    const wanted = wantedAt(this.site, obstacle, narrowness);
    const templates = this.#portRules().map((rule) => rule.line);
    return [...(templates.length === 0 ? [] : [templates]), []].flatMap((some) =>
      places.flatMap((place) =>
        this.#changed((language, draft) =>
          language.admit(draft, { line, chain: obstacle.chain, place }, { wanted, templates: some }),
        ),
      ),
    );
  }

  /** Rules of the service's port that would take the packets in another state, changed so that they do. */
  portRules(states: 'states' | 'none'): readonly Draft[] {
    const missed = this.#portRules('missed').map(({ line }) => line);
    if (missed.length === 0) return [];
    const more = statesAt(this.site, this.obstacle);
    return this.#changed((language, draft) => {
      let changed: Draft | undefined;
      for (const line of missed)
        changed =
          (states === 'none'
            ? language.withoutState(changed ?? draft, line)
            : language.withStates(changed ?? draft, line, more)) ?? changed;
      return changed;
    });
  }

  portRuleFirst(): readonly Draft[] {
    const { at } = this.obstacle;
    const rule = this.#portRules().find(({ line }) => line > at.line && this.#isInSameChain(line));
    if (rule === undefined || this.obstacle.isPolicy) return [];
    return this.#changed((language, draft) => language.moved(draft, rule.line, at.line));
  }

  dropLast(): readonly Draft[] {
    const { at } = this.obstacle;
    const rule = this.#portRules().findLast(({ line }) => line > at.line && this.#isInSameChain(line));
    if (rule === undefined || this.obstacle.isPolicy) return [];
    return this.#changed((language, draft) => language.moved(draft, at.line, rule.line + 1));
  }

  dropNarrowed(): readonly Draft[] {
    const { at, service, isPolicy } = this.obstacle;
    if (isPolicy) return [];
    return this.#changed((language, draft) => language.exempt(draft, at.line, service.service.vip));
  }

  #changed(change: (language: Language, draft: Draft) => Draft | undefined): readonly Draft[] {
    if (this.#language === undefined || this.#draft === undefined) return [];
    const changed = change(this.#language, this.#draft);
    return changed === undefined ? [] : [changed];
  }

  /** The rules that accept the service, or would in another state, and name its port. */
  #portRules(which: 'missed' | 'all' = 'all'): readonly FileLine[] {
    const { service, packets, at } = this.obstacle;
    const passing = which === 'missed' ? [] : service.packets.flatMap(({ through }) => through);
    const lines = [...packets.flatMap(({ missed }) => missed), ...passing];
    const own = lines.filter(
      (line) => line.file === at.file && line.line !== at.line && this.#isAboutPort(line),
    );
    return [...new Map(own.map((line) => [line.line, line])).values()];
  }

  #isAboutPort({ file, line }: FileLine): boolean {
    const { port } = this.obstacle.service.service;
    return (
      this.site
        .rulesAt(file, line)
        ?.rules.some(({ terms }) =>
          terms.some(
            (term) =>
              term.kind === 'port' &&
              term.side === 'destination' &&
              !term.negated &&
              term.ranges.some(([first, last]) => first <= port && port <= last),
          ),
        ) === true
    );
  }

  #isInSameChain(line: number): boolean {
    const { file, line: own } = this.obstacle.at;
    return this.site.rulesAt(file, own)?.chain === this.site.rulesAt(file, line)?.chain;
  }

  /** What counts the same begins with the first rule of its kind in the chain: there packets are written down. */
  #firstCounting(): number {
    const { at } = this.obstacle;
    const [word] = /\b(?:recent|hashlimit|connlimit|limit|meter|quota)\b/.exec(at.text) ?? [];
    const first = this.site
      .rulesAt(at.file, at.line)
      ?.chain.rules.find(
        (rule) => rule.at.file === at.file && word !== undefined && rule.at.text.includes(word),
      );
    return first?.at.line ?? at.line;
  }
}
