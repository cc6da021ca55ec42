import { filtersOf } from '../prediction/filters.js';
import type { Term } from '../prediction/model/filter.js';
import type { ServiceServer } from '../prediction/model/question.js';
import { indexOfSite, type RealserverSite } from '../prediction/predictRealservers.js';
import type { RebuildNote } from './rebuilt.js';
import { type RebuiltRules, ruleTexts } from './ruleTexts.js';

/** The rules that realservers have themselves, as labs load them. */
export interface OwnRules {
  readonly files: RebuiltRules['files'];
  readonly notes: readonly RebuildNote[];
  /** Which of the given ones are a realserver's; -1: none. */
  indexFor(server: ServiceServer): number;
  filesFor(server: ServiceServer): RebuiltRules['files'];
  /** Why no lab has these realservers, as their rules name interfaces that it does not have; undefined: they name none. */
  foreignInterface(servers: readonly ServiceServer[]): string | undefined;
}

/** What realservers of a lab have. */
const interfacesOfLab = /^(?:lo|eth0|tunl0|ip6tnl1)$/;

/** Reads the rules of realservers for labs; each has files of its own. */
export function ownRules(sites: readonly RealserverSite[]): OwnRules {
  const texts = sites.map(({ site }, index) => ruleTexts(site.rules, `realserver${index + 1}-`));
  const foreign = sites.map(({ site }) => {
    const rules = filtersOf(site).families.flatMap((chains) =>
      [...chains.values()].flatMap((one) => one.rules),
    );
    return rules.find(({ terms }) => terms.flatMap(namesOf).some((name) => !interfacesOfLab.test(name)));
  });
  const indexFor = (server: ServiceServer) => (server.isLocal ? -1 : indexOfSite(server, sites));
  return {
    files: texts.flatMap(({ files }) => files),
    notes: texts.flatMap(({ notes }) => notes),
    indexFor,
    filesFor: (server) => texts[indexFor(server)]?.files ?? [],
    foreignInterface: (servers) => {
      const rule = servers.map((server) => foreign[indexFor(server)]).find((one) => one !== undefined);
      return rule === undefined
        ? undefined
        : `${rule.at.file}:${rule.at.line} names an interface, and realservers of the lab have eth0: \`${rule.at.text}\``;
    },
  };
}

function namesOf(term: Term): readonly string[] {
  if (term.kind === 'interface') return term.names;
  return term.kind === 'any' ? term.alternatives.flatMap((terms) => terms.flatMap(namesOf)) : [];
}
