import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import type { Job } from '../../run/model/jobs.js';
import type { Cell } from '../../run/model/cell.js';

/** What jobs run on: a kernel and an image, by the names that `--kernel` and `--image` gave; undefined: none was given. */
export const targetSchema = z.object({
  /** Names the target's folder and, in its progress, its jobs: `debian-bookworm+debian-trixie`. */
  name: z.string(),
  kernel: z.string().optional(),
  image: z.string().optional(),
});
export type Target = Immutable<z.infer<typeof targetSchema>>;

const longestName = 80;

/**
 * All pairs of a kernel and an image, in the order given. A pair has undefined where the user named nothing. No two targets share a name,
 * and none has the name of another's second attempt.
 */
export function targetsOf(kernels: readonly string[], images: readonly string[]): readonly Target[] {
  const orNone = (names: readonly string[]) => (names.length === 0 ? [undefined] : names);
  const pairs = orNone(kernels).flatMap((kernel) => orNone(images).map((image) => ({ kernel, image })));
  const named = pairs.map((pair) => ({ pair, name: plainName(pair) }));
  return named.map((one) => {
    const { pair, name } = one;
    const others = named.filter((other) => other !== one);
    const isTaken =
      name.length > longestName ||
      others.some((other) => other.name === name || isAttemptAt(other.name, name));
    return { ...pair, name: isTaken ? `${name.slice(0, longestName)}-${hashOf(pair)}` : name };
  });
}

/** The folder of an attempt at a target, counted from 1: the target's name, with `.2` and so on from the second attempt on. */
export function attemptName({ name }: Pick<Target, 'name'>, attempt: number): string {
  return attempt === 1 ? name : `${name}.${String(attempt)}`;
}

/** The cell that a job belongs to: what the user asked to run it on. */
export function cellOf({ kernel, image }: Pair, { iptables }: Pick<Job, 'iptables'>): Cell {
  return { kernel, image, iptables };
}

type Pair = Pick<Target, 'kernel' | 'image'>;

function plainName({ kernel, image }: Pair): string {
  const parts = [kernel, image].flatMap((text) => (text === undefined ? [] : [plain(text)]));
  return parts.join('+') || 'default';
}

/** A name as it can be used for a file, with dashes in place of awkward characters. */
function plain(text: string): string {
  return text.replaceAll(/[^\w.-]+/g, '-').replace(/^[-.]+/, '');
}

/** Whether a name is that of an attempt at another target: `linux-6.1.2` could be the second one at `linux-6.1`. */
function isAttemptAt(name: string, other: string): boolean {
  return name.startsWith(`${other}.`) && /^\d+$/.test(name.slice(other.length + 1));
}

function hashOf({ kernel, image }: Pair): string {
  return createHash('sha256')
    .update(JSON.stringify([kernel, image]))
    .digest('hex')
    .slice(0, 8);
}
