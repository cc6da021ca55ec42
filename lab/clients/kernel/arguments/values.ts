/** What a command line's values may be; errors name the option and quote what was found. */

/** A decimal number of at least 0, or above `above`. */
export function number(name: string, text: string, { above }: { readonly above?: number } = {}): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  const wanted = above === undefined ? 'a number' : `a number above ${above}`;
  if (Number.isNaN(value) || (above !== undefined && value <= above)) throw unfit(name, wanted, text);
  return value;
}

/** A whole number within limits; `least` is 0 unless told. */
export function whole(
  name: string,
  text: string,
  { least = 0, most = Number.MAX_SAFE_INTEGER }: { readonly least?: number; readonly most?: number } = {},
): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value >= least && value <= most)) {
    const limit = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw unfit(name, `a whole number ${limit}`, text);
  }
  return value;
}

/** One of these words. */
export function choice<const T extends string>(name: string, text: string, choices: readonly T[]): T {
  const found = choices.find((one) => one === text);
  if (found === undefined) throw unfit(name, choices.join(' or '), text);
  return found;
}

function unfit(name: string, wanted: string, text: string): Error {
  return new Error(`--${name} must be ${wanted}, found ${JSON.stringify(text)}.`);
}
