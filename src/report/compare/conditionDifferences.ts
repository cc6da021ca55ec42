import type { EngineRecord } from '../../run/model/engineRecord.js';
import type { RecordedResults } from '../document/parseResults.js';
import type { Pair } from './cells.js';
import type { Difference } from './numberDifferences.js';

/**
 * Differences in what two sets ran on: versions, kernels, packages, sysctls, images, scenario files. Empty: none is known. Engines are
 * paired like cells: by what was asked for, or as the only ones of their sets.
 */
export function conditionDifferences(
  a: RecordedResults,
  b: RecordedResults,
  compared: readonly Pair[],
): readonly Difference[] {
  const several = a.engines.length > 1 || b.engines.length > 1;
  return [
    ...differing('version of lvs-lab', a.document.tool.version, b.document.tool.version),
    ...differing('scenarios mutated', String(a.document.mutated), String(b.document.mutated)),
    ...enginePairs(a.engines, b.engines).flatMap(([one, other]) => {
      const where = several ? ` (${[one.kernel, one.image].filter(Boolean).join(', ')})` : '';
      return engineDifferences(one, other).map((difference) => ({
        ...difference,
        what: difference.what + where,
      }));
    }),
    ...compared.flatMap(({ scenario, a: [one], b: [other] }) =>
      one === undefined || other === undefined ? [] : differing(`file of ${scenario}`, one.hash, other.hash),
    ),
  ].filter(isFirst);
}

function enginePairs(
  a: readonly EngineRecord[],
  b: readonly EngineRecord[],
): readonly (readonly [EngineRecord, EngineRecord])[] {
  if (a.length === 1 && b.length === 1) return a.flatMap((one) => b.map((other) => [one, other] as const));
  const soleKernel = isSole(a, b, 'kernel');
  const soleImage = isSole(a, b, 'image');
  return a.flatMap((one) => {
    const other = b.find(
      ({ kernel, image }) => (soleKernel || kernel === one.kernel) && (soleImage || image === one.image),
    );
    return other === undefined ? [] : [[one, other] as const];
  });
}

/** Whether each set has a single value of this dimension, so that it does not keep engines apart. */
function isSole(a: readonly EngineRecord[], b: readonly EngineRecord[], of: 'kernel' | 'image'): boolean {
  return [a, b].every((engines) => new Set(engines.map((engine) => engine[of])).size === 1);
}

function engineDifferences(a: EngineRecord, b: EngineRecord): readonly Difference[] {
  const [one, other] = [a.provenance?.kernel, b.provenance?.kernel];
  return [
    ...differing('engine', a.identity.kind, b.identity.kind),
    ...differing('accelerator', a.identity.accelerator, b.identity.accelerator),
    ...differing('kernel release', a.identity.kernel, b.identity.kernel),
    ...differing('kernel version', one?.version, other?.version),
    ...differing('kernel build id', one?.buildId, other?.buildId),
    ...differing('kernel configuration', one?.config?.sha256, other?.config?.sha256),
    ...mapDifferences('build id of module ', one?.modules, other?.modules),
    ...mapDifferences('engine component ', a.provenance?.engine, b.provenance?.engine),
    ...differing('Docker', a.identity.dockerVersion, b.identity.dockerVersion),
    ...roleDifferences(a, b),
  ];
}

/** Differences between the nodes of two engines; one that several roles share is listed once. */
function roleDifferences(a: EngineRecord, b: EngineRecord): readonly Difference[] {
  const [ones, others] = [a.provenance?.roles, b.provenance?.roles];
  const byWords = new Map<string, Difference & { readonly roles: string[] }>();
  for (const role of Object.keys(ones ?? {})) {
    const [one, other] = [ones?.[role], others?.[role]];
    if (one === undefined || other === undefined) continue;
    const found = [
      ...differing('image', one.image?.id, other.image?.id),
      ...differing('system', one.system, other.system),
      ...differing('iptables', one.iptables, other.iptables),
      ...mapDifferences('package ', one.packages, other.packages),
      ...mapDifferences('sysctl ', one.sysctls, other.sysctls),
    ];
    for (const difference of found) {
      const key = JSON.stringify([difference.what, difference.a, difference.b]);
      const known = byWords.get(key);
      if (known === undefined) byWords.set(key, { ...difference, roles: [role] });
      else known.roles.push(role);
    }
  }
  return [...byWords.values()].map(({ roles, what, a: before, b: after }) => ({
    what: `${what} of ${roles.join(', ')}`,
    a: before,
    b: after,
  }));
}

type Texts = Readonly<Record<string, string>>;

/** Differences between two maps of texts; none when one side knows nothing at all. */
function mapDifferences(prefix: string, a: Texts | undefined, b: Texts | undefined): readonly Difference[] {
  if (a === undefined || b === undefined) return [];
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return names
    .map((name) => ({ what: `${prefix}${name}`, a: a[name], b: b[name] }))
    .filter(({ a: before, b: after }) => before !== after);
}

function differing(what: string, a: string | undefined, b: string | undefined): readonly Difference[] {
  return a === undefined || b === undefined || a === b ? [] : [{ what, a, b }];
}

/** Whether a difference is the first of its kind in the list: a scenario that ran in several cells has one file. */
function isFirst(difference: Difference, index: number, all: readonly Difference[]): boolean {
  return (
    all.findIndex(
      ({ what, a, b }) => what === difference.what && a === difference.a && b === difference.b,
    ) === index
  );
}
