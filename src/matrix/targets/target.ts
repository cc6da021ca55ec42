import { createHash } from 'node:crypto';
import type { Job } from '../../run/model/jobs.js';
import type { Cell } from '../../run/model/cell.js';

/** What jobs run on: a kernel and an image, as `--kernel` and `--image` name them; undefined: not named. */
export interface Target {
  readonly kernel: string | undefined;
  readonly image: string | undefined;
  /** Of its folder, and before its progress: `debian-bookworm+debian-trixie`. */
  readonly name: string;
}

const longestName = 80;

/** Every kernel with every image, in the order given; nothing given for one: not named. No two share a name, nor a further attempt's. */
export function targetsOf(kernels: readonly string[], images: readonly string[]): readonly Target[] {
  const orNone = (names: readonly string[]) => (names.length === 0 ? [undefined] : names);
  const pairs = orNone(kernels).flatMap((kernel) => orNone(images).map((image) => ({ kernel, image })));
  const names = pairs.map(plainName);
  return pairs.map((pair, index) => {
    const name = names[index] ?? '';
    const others = names.filter((_, other) => other !== index);
    const isTaken =
      name.length > longestName || others.some((other) => other === name || isAttemptAt(other, name));
    return { ...pair, name: isTaken ? `${name.slice(0, longestName)}-${hashOf(pair)}` : name };
  });
}

/** The folder of the first, second ... attempt at a target: its name, from the second on with `.2`. */
export function attemptName({ name }: Pick<Target, 'name'>, attempt: number): string {
  return attempt === 1 ? name : `${name}.${String(attempt)}`;
}

/** Where a job runs, as it was asked for. */
export function cellOf(
  { kernel, image }: Pick<Target, 'kernel' | 'image'>,
  { iptables }: Pick<Job, 'iptables'>,
): Cell {
  return { kernel, image, iptables };
}

type Pair = Pick<Target, 'kernel' | 'image'>;

function plainName({ kernel, image }: Pair): string {
  const parts = [kernel, image].flatMap((text) => (text === undefined ? [] : [plain(text)]));
  return parts.join('+') || 'default';
}

/** What is awkward in a file name becomes a dash. */
function plain(text: string): string {
  return text.replaceAll(/[^\w.-]+/g, '-').replace(/^[-.]+/, '');
}

/** `linux-6.1.2` could be the second attempt at `linux-6.1`. */
function isAttemptAt(name: string, other: string): boolean {
  return name.startsWith(`${other}.`) && /^\d+$/.test(name.slice(other.length + 1));
}

function hashOf({ kernel, image }: Pair): string {
  return createHash('sha256')
    .update(JSON.stringify([kernel, image]))
    .digest('hex')
    .slice(0, 8);
}
