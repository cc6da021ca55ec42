import { hasBaseArchive } from '../images/base.js';
import { basePackages } from '../images/groups.js';
import { readDistributions, type Distribution } from '../images/distributions.js';
import { savedImages } from '../images/savedSets.js';
import { readImageSources } from '../images/sources.js';
import { flavoursOf, parseImageSpec } from '../images/imageSpec.js';

/** An image that `--image` takes, and what there is of it on this machine. */
export interface ListedImage extends Omit<Distribution, 'iptables'> {
  /** Undefined: not known. */
  readonly iptables: Distribution['iptables'] | undefined;
  /** `loaded`: a saved set; `cached`: its base, made from packages. */
  readonly here: 'loaded' | 'cached' | undefined;
}

/** The images with a name, and the sets that were loaded under others. */
export async function listImages(): Promise<readonly ListedImage[]> {
  const sources = await readImageSources();
  const saved = savedImages();
  const known = readDistributions();
  const others = saved.filter((image) => !known.some(({ name }) => name === image));
  const isCached = (name: string): boolean => {
    const spec = parseImageSpec(name);
    if (spec.kind !== 'debian') return false;
    return hasBaseArchive(spec.suite, basePackages(spec.suite, ['director', 'realserver'], sources));
  };
  return [
    ...known.map((distribution) => ({
      ...distribution,
      here: saved.includes(distribution.name)
        ? ('loaded' as const)
        : isCached(distribution.name)
          ? ('cached' as const)
          : undefined,
    })),
    ...others.map((name) => ({
      name,
      iptables: flavoursOf(name),
      tried: name === 'auto',
      note: undefined,
      here: 'loaded' as const,
    })),
  ];
}
