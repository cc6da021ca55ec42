import type { Paint } from '../text/colour.js';
import { table } from '../text/table.js';

/** What is shown of an image. */
interface ShownImage {
  readonly name: string;
  readonly iptables: readonly string[] | undefined;
  readonly tried: boolean;
  readonly note: string | undefined;
  readonly here: 'loaded' | 'cached' | undefined;
}

/** Images that `--image` takes, one a line. */
export function imageTable(images: readonly ShownImage[], paint: Paint): string {
  const rows = images.map(({ name, iptables, tried, note, here }) => [
    name,
    iptables?.join(' ') ?? 'not known',
    here ?? '',
    [...(tried ? [] : ['not run here']), ...(note === undefined ? [] : [note])].join('; '),
  ]);
  return `${table(['image', 'iptables', 'on this machine', ''], rows, paint)}\n`;
}
