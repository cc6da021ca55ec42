import { type IptablesFlavour, iptablesFlavours } from '../../contracts/words/nodes.js';
import { UsageError } from '../../support/errors.js';
import { didYouMean } from '../../support/suggest.js';
import { readDated, snapshotMirror } from '../debian/datedSuite.js';
import { splitTools } from '../toolSets/toolImage.js';
import { findToolSet } from '../toolSets/toolStore.js';
import { readDistributions } from './distributions.js';

/** The image of the director and the realservers, as `--image` names it; the client's is always of the lab's own suite. */
export type ImageSpec =
  | { readonly kind: 'auto' }
  | { readonly kind: 'debian'; readonly suite: string }
  /** An image to be pulled from a registry. */
  | { readonly kind: 'reference'; readonly reference: string };

const debian = 'debian:';
const reference = 'ref:';

/**
 * Reads `--image`: `auto`, `debian:SUITE`, a name of images/distributions.yaml, or `ref:REFERENCE`, and perhaps a plus and the name of tools in it.
 * Throws UsageError.
 */
export function parseImageSpec(image: string): ImageSpec {
  const { base: text, tools } = splitTools(image);
  if (tools !== undefined) findToolSet(tools);
  if (text === 'auto') return { kind: 'auto' };
  if (text.startsWith(reference) && /^[^\s:@][^\s]*$/.test(text.slice(reference.length)))
    return { kind: 'reference', reference: text.slice(reference.length) };
  const names = readDistributions().map(({ name }) => name);
  if (!names.includes(undated(text))) {
    throw new UsageError(
      `--image ${text}: expected auto, a name that \`lvs-lab images list\` shows, or ref:REFERENCE${didYouMean(text, names)}`,
      { hint: `for an image of a registry: --image ref:${text.replace(reference, '') || 'REFERENCE'}` },
    );
  }
  return text.startsWith(debian)
    ? { kind: 'debian', suite: text.slice(debian.length) }
    : { kind: 'reference', reference: text };
}

/** The name of an image without the date of its suite. Throws UsageError when no mirror for suites of that date is configured. */
function undated(text: string): string {
  if (!text.startsWith(debian)) return text;
  const { suite, date } = readDated(text.slice(debian.length));
  if (date !== undefined) snapshotMirror(date);
  return `${debian}${suite}`;
}

/** The flavours of iptables in an image; undefined: not known. */
export function flavoursOf(image: string): readonly IptablesFlavour[] | undefined {
  const { base } = splitTools(image);
  if (base === 'auto') return iptablesFlavours;
  return readDistributions().find(({ name }) => name === undated(base))?.iptables;
}

/** Throws UsageError, naming the image, when there is no such image or it is known to lack a wanted flavour. */
export function refuseOtherFlavours(image: string, wanted: Iterable<IptablesFlavour>): void {
  parseImageSpec(image);
  const has = flavoursOf(image);
  const missing = has === undefined ? undefined : [...wanted].find((flavour) => !has.includes(flavour));
  if (missing === undefined) return;
  throw new UsageError(
    `the image ${image} has no iptables-${missing}, only iptables-${(has ?? []).join(' and -')}`,
    {
      hint: `run it with --iptables ${(has ?? []).join(',')}, leave out scenarios that ask for ${missing} themselves, or take another --image`,
    },
  );
}
