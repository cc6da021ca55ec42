import { families, type Family } from '../../contracts/words/network.js';
import type { Chains, Term } from '../../prediction/model/filter.js';
import { addressNumber } from '../../site/model/addressRange.js';
import type { VirtualService } from '../../prediction/model/question.js';
import { type Box, merged } from '../../prediction/walk/box.js';
import type { ChangedSite } from '../model/changedSite.js';
import type { Openings } from '../model/openings.js';
import { apart, intersection, minus, ofEveryKind, pieces } from './boxes.js';
import { type ChangedRule, changedRules } from './changedRules.js';
import { type EveryKind, everyKind, withPorts } from './everyPacket.js';
import { openingTexts } from './openingTexts.js';
import { packetSpace } from './packetSpace.js';
import { type RoutePackets, hooksOfRoute, walkRoute, type RouteResult, routes } from './walkRoute.js';
import { serviceRegion } from './serviceRegion.js';

/** The bits of a number that are used: a packet's kind is one. */
const mostKinds = 30;

/** The packets that changed rules let in, and those that they keep out, each sent through the rules as they were and as they are. */
export interface Difference {
  readonly asked: RoutePackets;
  readonly opened: readonly Box[];
  readonly closed: readonly Box[];
  readonly before: RouteResult;
  readonly after: RouteResult;
}

/**
 * What a change lets in that was kept out; undefined: too much is told apart for it to be followed. `cuts` are terms of rules by which packets
 * are told apart beside those of the site, so that the figures of several changes can be compared. Throws TooManyPieces or TooManyKinds when
 * there are too many.
 */
export function openingsOf(
  before: ChangedSite,
  after: ChangedSite,
  cuts: readonly Term[],
): Openings | undefined {
  const services = before.prediction.services.map(({ service }) => service);
  const needed: string[] = [];
  const beside: string[] = [];
  const other: string[] = [];
  const counts = { beside: 0, other: 0 };
  let isClosing = false;
  const found = differences(before, after, cuts);
  if (found === undefined) return undefined;
  for (const { asked, opened, closed, before: was, after: is } of found) {
    if (closed.length > 0) isClosing = true;
    const parts = { needed: [] as Box[], beside: [] as Box[] };
    // A limit for those that open connections is there on purpose, even if nobody knows when it refuses.
    const limited = intersection(
      opened,
      ofEveryKind(intersection(was.passed, was.ended), openingKinds(asked)),
    );
    let left = minus(opened, limited);
    const neighbours = intersection(left, ofEveryKind(left, neighbourKinds(asked)));
    parts.needed.push(...neighbours);
    left = minus(left, neighbours);
    for (const service of services) {
      const own = serviceRegion(service, asked);
      if (own === undefined) continue;
      const ofService = intersection(left, clientsOf(own.region as Box, asked, was, is));
      parts.needed.push(...intersection(ofService, [{ ...(own.region as Box), kinds: own.needed }]));
      parts.beside.push(...minus(ofService, [{ ...(own.region as Box), kinds: own.needed }]));
      left = minus(left, ofService);
    }
    left = [...left, ...limited];
    counts.beside += pieces(parts.beside);
    counts.other += pieces(left);
    needed.push(...openingTexts(parts.needed, asked));
    beside.push(...openingTexts(parts.beside, asked));
    other.push(...openingTexts(left, asked));
  }
  return {
    needed: [...new Set(needed)],
    beside: [...new Set(beside)],
    other: [...new Set(other)],
    besideCount: counts.beside,
    otherCount: counts.other,
    isClosing,
  };
}

/** The packets that pass now and did not before, and the other way round; undefined: too much is told apart for it to be followed. */
export function differences(
  before: ChangedSite,
  after: ChangedSite,
  cuts: readonly Term[],
): readonly Difference[] | undefined {
  const changed = changedRules(before, after);
  const services = before.prediction.services.map(({ service }) => service);
  const found: Difference[] = [];
  for (const family of families)
    for (const route of routes) {
      const rules = changed.filter(
        ({ rule, hooks }) =>
          hooksOfRoute[route].some((hook) => hooks.has(hook)) &&
          isOfFamily(rule.terms, family) &&
          isCalled(rule, [...before.chains, ...after.chains], family),
      );
      if (rules.length === 0) continue;
      const terms = [
        ...termsOf(before.chains),
        ...termsOf(after.chains),
        ...cuts,
        ...serviceTerms(services, family),
      ];
      const names = before.site.interfaces?.map(({ name }) => name) ?? [];
      const space = packetSpace(
        terms,
        rules.map(({ rule }) => rule.terms),
        family,
        names,
      );
      if (space === undefined) return undefined;
      const kinds = everyKind(terms, family, route === 'out').filter((kind) =>
        rules.some(({ rule }) => mayTake(rule.terms, kind)),
      );
      for (let from = 0; from < kinds.length; from += mostKinds) {
        const asked = {
          family,
          route,
          kinds: kinds.slice(from, from + mostKinds),
          space,
          own: ownOf(before, services),
        };
        found.push(differenceOf(asked, before.chains, after.chains));
      }
    }
  return found;
}

function differenceOf(asked: RoutePackets, before: readonly Chains[], after: readonly Chains[]): Difference {
  const [was, is] = [walkRoute(before, asked), walkRoute(after, asked)];
  const opened = [
    ...minus(is.passed, was.passed),
    ...intersection(minus(is.passed, is.ended), intersection(was.passed, was.ended)),
  ];
  const closed = [...minus(was.passed, is.passed), ...intersection(minus(was.passed, was.ended), is.ended)];
  return { asked, opened: plain(opened), closed: plain(closed), before: was, after: is };
}

/** Boxes that have nothing in common, without what was noted on their way. */
function plain(boxes: readonly Box[]): readonly Box[] {
  const bare = boxes.map((box) => ({ ...box, mark: 0, tracked: true, doubts: [], passedRules: [] }));
  return merged(apart(bare), 0);
}

/** The packets of a service from clients that could open connections before; where none could, from those that can now. */
function clientsOf(region: Box, asked: RoutePackets, was: RouteResult, is: RouteResult): readonly Box[] {
  const kinds = openingKinds(asked);
  if (asked.route !== 'into' || kinds === 0) return [region];
  const could = intersection(was.passed, [{ ...region, kinds }]);
  const can = could.length > 0 ? could : intersection(is.passed, [{ ...region, kinds }]);
  return ofEveryKind(can, region.kinds);
}

/** The kinds by which hosts on a link of IPv6 find each other: without them nobody finds a service. */
function neighbourKinds({ family, kinds }: RoutePackets): number {
  return kinds.reduce(
    (mask, { icmp }, bit) =>
      family === 'ipv6' && (icmp?.type === 135 || icmp?.type === 136) ? mask | (1 << bit) : mask,
    0,
  );
}

/** The kinds of packets that open connections. */
function openingKinds({ kinds }: RoutePackets): number {
  return kinds.reduce(
    (mask, { flags, state, protocol }, bit) =>
      state === 'NEW' && (protocol !== 6 || flags === 0x02) ? mask | (1 << bit) : mask,
    0,
  );
}

function ownOf({ site }: ChangedSite, services: readonly VirtualService[]): readonly bigint[] {
  const listed =
    site.interfaces?.flatMap(({ addresses }) => addresses.map((one) => one.replace(/\/.*/, ''))) ?? [];
  return [...services.map(({ vip }) => vip), ...listed].flatMap((address) => addressNumber(address) ?? []);
}

function termsOf(families: readonly Chains[]): readonly Term[] {
  return families.flatMap((chains) =>
    [...chains.values()].flatMap(({ rules }) => rules.flatMap(({ terms }) => terms.flatMap(simpleTerms))),
  );
}

/** A term, or those of all its alternatives. */
function simpleTerms(term: Term): readonly Term[] {
  return term.kind === 'any' ? term.alternatives.flatMap((terms) => terms.flatMap(simpleTerms)) : [term];
}

/** Where services are, so that these are told from all others. */
function serviceTerms(services: readonly VirtualService[], family: Family): readonly Term[] {
  return services.flatMap(({ family: own, vip, port, servers }): readonly Term[] => {
    if (own !== family) return [];
    const ends = [{ address: vip, port }, ...servers];
    return ends.flatMap((end): readonly Term[] => {
      const number = addressNumber(end.address);
      const ports: Term = {
        kind: 'port',
        side: 'destination',
        ranges: [[end.port, end.port]],
        negated: false,
      };
      const ranges = number === undefined ? [] : [{ family, first: number, last: number }];
      return [{ kind: 'address', side: 'destination', ranges, negated: false }, ports];
    });
  });
}

function isOfFamily(terms: readonly Term[], family: Family): boolean {
  return !terms.some(
    (term) =>
      (term.kind === 'family' && term.families.includes(family) === term.negated) ||
      (term.kind === 'address' && !term.negated && !term.ranges.some((range) => range.family === family)),
  );
}

function isCalled({ at }: ChangedRule['rule'], all: readonly Chains[], family: Family): boolean {
  return all.some((chains) => {
    const isHere = [...chains.values()].some(({ rules }) => rules.some((rule) => rule.at.file === at.file));
    return isHere && [...chains.values()].some(({ base }) => base?.families.includes(family) === true);
  });
}

/** Whether a rule may take packets of a kind, whatever their state. */
function mayTake(terms: readonly Term[], { protocol, flags, icmp }: EveryKind): boolean {
  return terms.every((term) => {
    if (term.kind === 'protocol')
      return term.ranges.some(([first, last]) => first <= protocol && protocol <= last) !== term.negated;
    if (term.kind === 'flags')
      return flags !== undefined && term.values.includes(flags & term.mask) !== term.negated;
    if (term.kind === 'icmp') return icmp !== undefined;
    return term.kind !== 'port' || withPorts.includes(protocol);
  });
}
