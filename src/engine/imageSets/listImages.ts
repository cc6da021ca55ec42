import type { ImageStock } from '../../contracts/words/engines.js';
import { hasBaseArchive } from '../images/base.js';
import { basePackages } from '../images/groups.js';
import { readDistributions, type Distribution } from '../images/distributions.js';
import { savedImages } from '../images/savedSets.js';
import { readImageSources } from '../images/imageSources.js';
import { flavoursOf, parseImageSpec } from '../images/imageSpec.js';

/** An image that `--image` takes, and what this machine has of it. */
export interface ListedImage extends Omit<Distribution, 'iptables'> {
  /** The flavours of iptables in the image; undefined: not known. */
  readonly iptables: Distribution['iptables'] | undefined;
  /** What this machine has of it; undefined: nothing. */
  readonly here: ImageStock | undefined;
}

/** The images that have a name, and the sets that were loaded under other names. */
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
