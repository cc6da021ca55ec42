import type { FileLine } from '../../site/model/sourceFile.js';
import type { ChangedSite } from '../model/changedSite.js';
import { changesFor, languageOf, type Method } from './changes.js';
import { type Incurable, isAllCured, isCured, isWorse, type Obstacle, obstacleOf } from './obstacles.js';

/** The result of a method: a site in which nothing is in the way of any service, or what is left in the way. */
export type Attempt = { readonly site: ChangedSite } | { readonly left: Incurable };

/** The most obstacles that are removed one after another. */
const mostRounds = 24;

/** Gets packets past all obstacles of all services, each by this method if it can, otherwise by accepting what the obstacle stops. */
export function attempt(start: ChangedSite, method: Method): Attempt {
  let site = method === 'untracked' ? untracked(start) : start;
  if (site === undefined) return { left: { at: undefined, why: 'there is no text with a raw table' } };
  for (let round = 0; round < mostRounds; round += 1) {
    const obstacle = firstObstacle(site);
    if (obstacle === undefined) return { site: withoutNeedless(site) };
    if ('why' in obstacle) return { left: obstacle };
    const next = past(obstacle, site, method);
    if (next === undefined) return { left: leftOf(obstacle, site) };
    site = next;
  }
  return { left: { at: undefined, why: `more than ${mostRounds} rules are in the way` } };
}

/** A rule that was added for an obstacle may be needless with one that came later. */
function withoutNeedless(site: ChangedSite): ChangedSite {
  let smallest = site;
  for (const { name } of site.drafts)
    for (let line = site.draftOf(name)?.lines.length ?? 0; line > 0; line -= 1) {
      const draft = smallest.draftOf(name);
      const isAdded = draft?.lines[line - 1]?.origin === undefined && draft?.isOnlyLonger === true;
      if (!isAdded || !/\baccept$/i.test(draft.textAt(line))) continue;
      const smaller = smallest.with(draft.removed(line));
      if (isAllCured(smaller)) smallest = smaller;
    }
  return smallest;
}

/** The first obstacle of the first service that has one. */
export function firstObstacle(site: ChangedSite): Obstacle | Incurable | undefined {
  for (const service of site.prediction.services) {
    if (isCured(site, service)) continue;
    const obstacle = obstacleOf(site, service);
    if (obstacle !== undefined) return obstacle;
  }
  return undefined;
}

/** The site with a change that lets packets past an obstacle; undefined: none of the changes that are tried does. */
function past(obstacle: Obstacle, site: ChangedSite, method: Method): ChangedSite | undefined {
  for (const one of new Set([method, 'by-state', 'by-address'] as const))
    for (const draft of changesFor(one, site, obstacle)) {
      const changed = site.with(draft);
      if (isPast(obstacle, site, changed)) return changed;
    }
  return undefined;
}

/** Whether fewer packets end at the obstacle, no service fares worse, and all texts are understood as before. */
function isPast(obstacle: Obstacle, before: ChangedSite, after: ChangedSite): boolean {
  const { services, problems } = after.prediction;
  if (problems.length > before.prediction.problems.length) return false;
  if (services.length !== before.prediction.services.length) return false;
  const index = before.prediction.services.indexOf(obstacle.service);
  const isOneWorse = services.some(({ outcome }, at) => {
    const was = before.prediction.services[at]?.outcome ?? 'healthy';
    return isWorse(outcome, was) && !(outcome === 'unknown' && at === index);
  });
  const now = services[index];
  if (isOneWorse || now === undefined) return false;
  if (isCured(after, now)) return true;
  const next = obstacleOf(after, now);
  if (next === undefined || 'why' in next) return next === undefined;
  const isSame = next.at.text === obstacle.at.text && next.chain === obstacle.chain;
  const names = (packets: Obstacle['packets']) => packets.map(({ packet }) => packet).join(' ');
  return (
    !isSame ||
    names(next.packets).length < names(obstacle.packets).length ||
    now.clients !== obstacle.service.clients
  );
}

/** All services that something is in the way of, left alone by conntrack. */
function untracked(site: ChangedSite): ChangedSite | undefined {
  let changed: ChangedSite | undefined;
  for (const service of site.prediction.services) {
    if (isCured(site, service)) continue;
    const { family, protocol, vip, port } = service.service;
    const file = site.site.rules.find(
      ({ kind, name }) =>
        languageOf(site, name) !== undefined &&
        (kind === 'nft' || kind === (family === 'ipv4' ? 'iptables-save' : 'ip6tables-save')),
    )?.name;
    const draft = file === undefined ? undefined : (changed ?? site).draftOf(file);
    const language = file === undefined ? undefined : languageOf(site, file);
    const next =
      draft === undefined
        ? undefined
        : language?.untracked(draft, [{ family, protocol, destination: vip, destinationPort: port }]);
    if (next === undefined) return undefined;
    changed = (changed ?? site).with(next);
  }
  return changed;
}

function leftOf({ at, service: { service }, packets }: Obstacle, { site }: ChangedSite): Incurable {
  if (site.rules.some(({ isImplied, places = [] }) => isImplied && places.some((one) => isSameLine(one, at))))
    return { at, why: 'a program loads rules for this line, which is to be changed itself' };
  const names = packets.map(({ packet }) => packet).join(', ');
  return { at, why: `no change here lets ${names} for ${service.vip}:${service.port} past it` };
}

function isSameLine(one: Pick<FileLine, 'file' | 'line'>, other: FileLine): boolean {
  return one.file === other.file && one.line === other.line;
}
