import type { PredictionOptions } from '../prediction/predict.js';
import type { Term } from '../prediction/model/filter.js';
import { TooManyKinds } from '../prediction/walk/walkChain.js';
import type { SourceFile } from '../site/model/sourceFile.js';
import { type Method, methods } from './candidates/changes.js';
import { attempt, firstObstacle } from './candidates/search.js';
import { type Incurable, isAllCured } from './candidates/obstacles.js';
import { commandsFor } from './commands/commandsFor.js';
import { isLost } from './commands/keeping.js';
import { ownedAndChanged } from './languages/nftOwners.js';
import { ChangedSite } from './model/changedSite.js';
import type { Cure, Cures } from './model/cure.js';
import type { Openings } from './model/openings.js';
import { TooManyPieces } from './openings/boxes.js';
import { changedRules } from './openings/changedRules.js';
import { openingsOf } from './openings/findOpenings.js';
import { unifiedDiff } from './patch/unifiedDiff.js';
import { costsOf, titleOf } from './titles.js';

/** A candidate with all that it is ranked by. */
interface Judged {
  readonly way: Method | 'tracking';
  readonly site: ChangedSite;
  readonly opens: Openings | undefined;
  readonly costs: readonly string[];
  readonly size: number;
}

/** The kernel's setting with which IPVS lets conntrack keep what it knows. */
const tracking = 'net.ipv4.vs.conntrack';

/** Each change that is tried is read and predicted anew; with more rules than these that takes longer than anybody waits. */
const mostRules = 10_000;

/**
 * Makes changes of a site's own files, and keeps those with which nothing is in the way of any service: first those that let in least that
 * was kept out, then the smallest. Undefined: nothing is in the way as it is.
 */
export function findCures(files: readonly SourceFile[], named: PredictionOptions): Cures | undefined {
  const start = ChangedSite.of(files, named);
  const { services, problems } = start.prediction;
  if (problems.some(({ done }) => done === 'refused')) return undefined;
  if (services.every(({ outcome }) => outcome === 'healthy')) return undefined;
  const count = rulesOf(start);
  if (count > mostRules)
    return {
      cures: [],
      without: {
        at: undefined,
        why: `${count} rules are too many to try changes of them (${mostRules} at most)`,
      },
    };
  const found = new Map<string, { readonly way: Judged['way']; readonly site: ChangedSite }>();
  const left: Incurable[] = [];
  for (const way of methods) {
    const tried = attempt(start, way);
    if ('left' in tried) left.push(tried.left);
    else if (!found.has(tried.site.texts)) found.set(tried.site.texts, { way, site: tried.site });
  }
  const tracked = start.withSetting(tracking, '1');
  if (isAllCured(tracked)) found.set(tracking, { way: 'tracking', site: tracked });
  const cuts = [...found.values()].flatMap(({ site }) => termsOfChange(start, site));
  const judged = [...found.values()].flatMap((one): readonly Judged[] => {
    const opens = openingsIfFew(start, one.site, cuts);
    if (opens?.isClosing === true) return [];
    const size = one.site.drafts.reduce((sum, draft) => sum + draft.size, 0);
    return [{ ...one, opens, costs: [...costsOf(one.way), ...lostCosts(start, one.site)], size }];
  });
  const cures = judged.toSorted(compare).map((one) => cureOf(start, one));
  return { cures, without: cures.length === 0 ? (left[0] ?? whyOf(start)) : undefined };
}

function rulesOf({ chains }: ChangedSite): number {
  return chains.flatMap((own) => [...own.values()]).reduce((sum, { rules }) => sum + rules.length, 0);
}

function cureOf(start: ChangedSite, { way, site, opens, costs }: Judged): Cure {
  const settings = [...site.settings].map(([key, value]) => ({ key, value }));
  const changes = site.drafts.map((draft) => ({ before: start.draftOf(draft.name)?.file.text ?? '', draft }));
  return {
    title: titleOf(way),
    patch: unifiedDiff(changes),
    settings,
    opens,
    costs,
    commands: commandsFor(start, site),
    changed: { site: site.site, prediction: site.prediction },
  };
}

/**
 * The costs of a change that the program which manages the rules will undo, or that only it can make: two sentences, so that it ranks behind a
 * change with one.
 */
function lostCosts(start: ChangedSite, site: ChangedSite): readonly string[] {
  const changes = start.site.rules.flatMap((file) => {
    const [before, after] = [start.draftOf(file.name), site.draftOf(file.name)];
    return before === undefined || after === undefined ? [] : [{ file, before, after }];
  });
  if (changes.some(({ file, before, after }) => isLost(file, before, after)))
    return ['firewalld takes it away when it loads its rules again', 'no setting of firewalld does the same'];
  const owned = changes.flatMap(({ file, before, after }) =>
    file.kind === 'nft' ? ownedAndChanged(before, after) : [],
  );
  return owned.length === 0
    ? []
    : [
        `only its owner can change ${owned.map(({ table, file, line }) => `the table ${table} (${file}:${line})`).join(', ')}`,
        'it is there when that program has loaded its rules again, with the change among them',
      ];
}

/** What lets in less of others' packets comes first, then what costs nothing, what lets in less of the service's own that it does not need, and the smallest. */
function compare(one: Judged, other: Judged): number {
  const keys = ({ opens, costs, size }: Judged): readonly number[] => [
    opens === undefined ? 1 : 0,
    opens?.otherCount ?? 0,
    costs.length,
    opens?.besideCount ?? 0,
    size,
  ];
  const [first, second] = [keys(one), keys(other)];
  const differing = first.findIndex((key, index) => key !== second[index]);
  return (first[differing] ?? 0) - (second[differing] ?? 0);
}

function openingsIfFew(start: ChangedSite, site: ChangedSite, cuts: readonly Term[]): Openings | undefined {
  try {
    return openingsOf(start, site, cuts);
  } catch (error) {
    if (error instanceof TooManyPieces || error instanceof TooManyKinds) return undefined;
    throw error;
  }
}

function termsOfChange(start: ChangedSite, site: ChangedSite): readonly Term[] {
  return changedRules(start, site).flatMap(({ rule }) => rule.terms.filter(({ kind }) => kind !== 'any'));
}

function whyOf(start: ChangedSite): Incurable {
  const obstacle = firstObstacle(start);
  return obstacle !== undefined && 'why' in obstacle
    ? obstacle
    : { at: obstacle?.at, why: 'each change that was tried keeps out what got in before' };
}
