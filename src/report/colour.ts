import { randomInt } from 'node:crypto';
import pc from 'picocolors';

/** Named colours; each is the identity where colour is not wanted. What they give is for `shown`, which takes the mark off. */
export type Paint = ReturnType<typeof pc.createColors>;

/**
 * Tells colours of the lab's own from what files and containers have of escape sequences: parameters of the sequence that nobody can guess. A sequence
 * it stays, so that tables know it has no width.
 */
export const paintMark = [1, 2, 3].map(() => String(randomInt(1000, 10_000))).join(';');

/** Colours for one stream: NO_COLOR switches them off, FORCE_COLOR on, otherwise only a terminal that is not dumb gets them. */
export function paintFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  if (env.NO_COLOR) return noPaint;
  if (env.FORCE_COLOR) return marked(pc.createColors(true));
  return stream.isTTY === true && env.TERM !== 'dumb' ? marked(pc.createColors(true)) : noPaint;
}

/** No colours at all. */
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
