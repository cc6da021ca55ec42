import type { Base } from './base.js';
import { savedSet } from './savedSets.js';
import { packagesOf, imageRoles, type ImageRole, type ImageSources } from './imageSources.js';
import { readDated } from '../debian/datedSuite.js';
import { splitTools } from '../toolSets/toolImage.js';
import type { ToolSet } from '../toolSets/toolSet.js';
import { findToolSet } from '../toolSets/toolStore.js';
import { parseImageSpec } from './imageSpec.js';

/** Roles whose images share one base, and the bases that can be used, best first. */
export interface ImageGroup {
  readonly roles: readonly ImageRole[];
  readonly bases: readonly Base[];
}

/** The suite of the client in every image, because the lab's agent there needs its Node.js; also the suite of all roles when no image is named. */
export const defaultSuite = 'bookworm';

/** How the images of all roles are made on each engine. */
export interface ImageGroups {
  readonly local: readonly ImageGroup[];
  readonly vm: readonly ImageGroup[];
  /** What is put into them when they are made; undefined: nothing. */
  readonly tools: ToolSet | undefined;
}

/**
 * The bases to build on for each engine, by `--image`. A set that was loaded is preferred. Otherwise a local engine first asks a registry,
 * which is quick where there is one; the VM builds from packages whenever it can, so that its disk is the same everywhere. Throws
 * UsageError.
 */
export function imageGroups(image: string): ImageGroups {
  const { base, tools } = splitTools(image);
  if (tools !== undefined && savedSet(image) === undefined)
    return { ...imageGroups(base), tools: findToolSet(tools) };
  return { ...groupsOf(image), tools: undefined };
}

function groupsOf(image: string): Omit<ImageGroups, 'tools'> {
  const spec = parseImageSpec(image);
  const set = savedSet(image);
  if (set !== undefined) {
    const groups = [{ roles: imageRoles, bases: [{ kind: 'saved', ...set } as const] }];
    return { local: groups, vm: groups };
  }
  if (spec.kind === 'auto' || (spec.kind === 'debian' && spec.suite === defaultSuite)) {
    return {
      local: [{ roles: imageRoles, bases: [pulled(defaultSuite), packaged(defaultSuite)] }],
      vm: [{ roles: imageRoles, bases: [packaged(defaultSuite)] }],
    };
  }
  const [local, vm]: readonly [readonly Base[], readonly Base[]] =
    spec.kind === 'debian' ? [basesOf(spec.suite), [packaged(spec.suite)]] : [[spec], [spec]];
  const nodes: readonly ImageRole[] = ['director', 'realserver'];
  return {
    local: [
      { roles: ['client'], bases: [pulled(defaultSuite), packaged(defaultSuite)] },
      { roles: nodes, bases: local },
    ],
    vm: [
      { roles: ['client'], bases: [packaged(defaultSuite)] },
      { roles: nodes, bases: vm },
    ],
  };
}

/** What images of a suite can be built on; not on an image of a registry where the suite is one of a date, which registries do not have. */
function basesOf(suite: string): readonly Base[] {
  return readDated(suite).date === undefined ? [pulled(suite), packaged(suite)] : [packaged(suite)];
}

const packaged = (suite: string): Base => ({ kind: 'packages', suite });
const pulled = (suite: string): Base => ({ kind: 'reference', reference: `debian:${suite}-slim` });

/** The packages that a base for these roles contains. The default suite's base has those of all roles, so that it is made only once. */
export function basePackages(
  suite: string,
  wanted: readonly ImageRole[],
  sources: ImageSources,
): readonly string[] {
  return packagesOf(sources, suite === defaultSuite ? imageRoles : wanted);
}
