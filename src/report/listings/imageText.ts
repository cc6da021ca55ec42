import type { ImageStock } from '../../contracts/words/engines.js';
import type { Paint } from '../text/colour.js';
import { table } from '../text/textTable.js';

/** The facts about an image that are shown. */
interface ShownImage {
  readonly name: string;
  readonly iptables: readonly string[] | undefined;
  readonly tried: boolean;
  readonly note: string | undefined;
  readonly here: ImageStock | undefined;
}

/** A table of the images that `--image` takes, one per line. */
export function imageTable(images: readonly ShownImage[], paint: Paint): string {
  const rows = images.map(({ name, iptables, tried, note, here }) => [
    name,
    iptables?.join(' ') ?? 'not known',
    here ?? '',
    [...(tried ? [] : ['not run here']), ...(note === undefined ? [] : [note])].join('; '),
  ]);
  return `${table(['image', 'iptables', 'on this machine', ''], rows, paint)}\n`;
}
