import { randomInt } from 'node:crypto';
import pc from 'picocolors';

/**
 * How text for one stream is made: named colours, each of which is the identity where colour is not wanted, and how wide its lines may be. What colours
 * give is for `shown`, which takes the mark off.
 */
export type Paint = ReturnType<typeof pc.createColors> & {
  /** Undefined: as wide as they come. */
  readonly columns?: number;
};

/**
 * Tells colours of the lab's own from what files and containers have of escape sequences: parameters of the sequence that nobody can guess. A sequence
 * it stays, so that tables know it has no width.
 */
export const paintMark = [1, 2, 3].map(() => String(randomInt(1000, 10_000))).join(';');

/** A stream that may be a terminal, and know how wide it is. */
interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * Colours and width for one stream. NO_COLOR switches colours off, FORCE_COLOR on, otherwise only a terminal that is not dumb gets them. Only such a terminal has
 * a width, and none in CI: what is piped, or kept as a log, is for other programs to wrap.
 */
export function paintFor(stream: Stream, env: NodeJS.ProcessEnv): Paint {
  const terminal = stream.isTTY === true && env.TERM !== 'dumb';
  const colours = !env.NO_COLOR && (Boolean(env.FORCE_COLOR) || terminal);
  const paint = colours ? marked(pc.createColors(true)) : noPaint;
  // A terminal that does not know its size says 0.
  return terminal && !env.CI && stream.columns ? { ...paint, columns: stream.columns } : paint;
}

/** No colours at all, and no width. */
export const noPaint: Paint = pc.createColors(false);

function marked(paint: Paint): Paint {
  const named: readonly (readonly [string, boolean | Colour])[] = Object.entries(paint);
  const functions = named.map(
    ([name, colour]) => [name, typeof colour === 'function' ? withMark(colour) : colour] as const,
  );
  return Object.fromEntries(functions) as unknown as Paint;
}

type Colour = (text: string | number | null | undefined) => string;

function withMark(colour: Colour): Colour {
  const [open = '', close = ''] = colour('|')
    .split('|')
    .map((sequence) => sequence.replaceAll('m', `;${paintMark}m`));
  // A colour inside another of its kind must not end that one too.
  return (text) => `${open}${String(text).replaceAll(close, close + open)}${close}`;
}
