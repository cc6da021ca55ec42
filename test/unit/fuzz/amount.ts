/** The seed of every run that asks for none: what is tried does not change from one `npm test` to the next. */
const usualSeed = 20_261_129;

/** How much to try: what a test asks for, or what FUZZ_RUNS and FUZZ_SEED say (`npm run fuzz:evidence`, `fuzz:scenarios`). */
export function amount(usualRuns: number): { readonly runs: number; readonly seed: number } {
  const { FUZZ_RUNS, FUZZ_SEED } = process.env;
  return {
    runs: wholeNumber('FUZZ_RUNS', FUZZ_RUNS) ?? usualRuns,
    seed: wholeNumber('FUZZ_SEED', FUZZ_SEED) ?? usualSeed,
  };
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`expected ${name} to be a whole number, found ${text}`);
  return value;
}
