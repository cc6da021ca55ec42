import pc from 'picocolors';

/** Named colours; each is the identity where colour is not wanted. */
export type Paint = ReturnType<typeof pc.createColors>;

/** Colours for one stream: NO_COLOR switches them off, FORCE_COLOR on, otherwise only a terminal that is not dumb gets them. */
export function paintFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Paint {
  if (env.NO_COLOR) return pc.createColors(false);
  if (env.FORCE_COLOR) return pc.createColors(true);
  return pc.createColors(stream.isTTY === true && env.TERM !== 'dumb');
}

/** No colours at all. */
export const noPaint: Paint = pc.createColors(false);
