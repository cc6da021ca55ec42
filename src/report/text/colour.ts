import { randomInt } from 'node:crypto';
import pc from 'picocolors';

/**
 * Functions that colour text for one stream (without colours they return it unchanged), and the stream's width. Their colours carry a mark,
 * which `withoutForeignControls` removes on output.
 */
export type Paint = ReturnType<typeof pc.createColors> & {
  /** The width in columns; undefined: lines may be of any width. */
  readonly columns?: number;
};

/**
 * Marks the lab's own colours, so that escape sequences in files and from containers cannot pass for them: extra parameters that nobody can
 * guess. With them it is still an escape sequence, so tables know that it has no width.
 */
export const paintMark = [1, 2, 3].map(() => String(randomInt(1000, 10_000))).join(';');

/** A stream that may be a terminal and know its width. */
interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/**
 * Colours and width for one stream. NO_COLOR switches colours off and FORCE_COLOR on; else only a terminal that is not dumb gets them. Only
 * such a terminal has a width, and none in CI: other programs wrap what is piped or kept as a log.
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
