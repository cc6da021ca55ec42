import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { parseSnapshot } from '../../engine/debian/datedSuite.js';
import { defaultSuite } from '../../engine/images/groups.js';
import { UsageError } from '../../support/errors.js';

/** The option `--snapshot`: which day's packages Debian's suites are. */
export function snapshotOption() {
  return new Option(
    '--snapshot <date>',
    "Debian's suites as they were on this day (2026-01-31): of the images, and of kernels named debian:SUITE",
  ).argParser(parse);
}

function parse(text: string): string {
  const date = parseSnapshot(text);
  if (date !== undefined) return date;
  throw new InvalidArgumentError('expected a day such as 2026-01-31, or a moment such as 20260131T120000Z.');
}

/** Names of images as of that date; those without one are Debian's default suite. Throws UsageError for an image that no Debian mirror has. */
export function datedImages(images: readonly string[], date: string | undefined): readonly string[] {
  if (date === undefined) return images;
  const named = images.length === 0 ? ['auto'] : images;
  return named.map((image) => {
    const suite = image === 'auto' ? `debian:${defaultSuite}` : image;
    if (/^debian:[a-z]+$/.test(suite)) return `${suite}@${date}`;
    throw new UsageError(`expected images of Debian's suites with --snapshot, found --image ${image}`, {
      hint: 'leave it out, or name debian:SUITE; tools go in with --tools',
    });
  });
}

/** Names of kernels with that date behind those of a Debian suite; other names stay as they are. */
export function datedKernels(kernels: readonly string[], date: string | undefined): readonly string[] {
  if (date === undefined) return kernels;
  return kernels.map((kernel) => (/^debian:[a-z-]+$/.test(kernel) ? `${kernel}@${date}` : kernel));
}
