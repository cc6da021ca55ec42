import type { Base } from './base.js';
import { savedSet } from './savedSets.js';
import { packagesOf, imageRoles, type ImageRole, type ImageSources } from './sources.js';
import { parseImageSpec } from './imageSpec.js';

/** Roles whose images are built on one base, and what that may be: the first of these that can be had. */
export interface ImageGroup {
  readonly roles: readonly ImageRole[];
  readonly bases: readonly Base[];
}

/** Of the client, whatever the image: it runs the lab's agent, which wants its Node.js; and of everything where none is named. */
export const defaultSuite = 'bookworm';

/**
 * What to build on for each engine, by `--image`. A local engine asks a registry first: that is quick where there is one. The VM does only
 * where it must: its disk is then the same everywhere. A set that was loaded comes before both. Throws UsageError.
 */
export function imageGroups(image: string): {
  readonly local: readonly ImageGroup[];
  readonly vm: readonly ImageGroup[];
} {
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
    spec.kind === 'debian'
      ? [[pulled(spec.suite), packaged(spec.suite)], [packaged(spec.suite)]]
      : [[spec], [spec]];
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

const packaged = (suite: string): Base => ({ kind: 'packages', suite });
const pulled = (suite: string): Base => ({ kind: 'reference', reference: `debian:${suite}-slim` });

/** Packages of a base for these roles. The default suite's has those of every role, whoever it is for: so it is made once. */
export function basePackages(
  suite: string,
  wanted: readonly ImageRole[],
  sources: ImageSources,
): readonly string[] {
  return packagesOf(sources, suite === defaultSuite ? imageRoles : wanted);
}
