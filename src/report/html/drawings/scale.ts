/** Where a value is on an axis, and the values that are marked on it. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** From the least of what is drawn to the most. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** The two ends of an axis. */
interface Ends {
  readonly from: number;
  readonly to: number;
}

/** A linear scale that goes from a tick to a tick, and has all of a range between them. */
export function roundScale({ least, most }: Range, ends: Ends, wanted: number): Scale {
  const step = niceStep((most - least) / wanted);
  const first = Math.floor(least / step) * step;
  const count = Math.max(1, Math.ceil((most - first) / step - 1e-9));
  return scale({ least: first, most: first + count * step }, ends, step);
}

/** A linear scale that is as long as its range. */
export function tightScale({ least, most }: Range, ends: Ends, wanted: number): Scale {
  const end = most > least ? most : least + 1;
  return scale({ least, most: end }, ends, niceStep((end - least) / wanted));
}

function scale({ least, most }: Range, { from, to }: Ends, step: number): Scale {
  const first = Math.ceil(least / step - 1e-9);
  const count = Math.floor(most / step + 1e-9) - first + 1;
  const ticks = Array.from({ length: count }, (_, index) => rounded((first + index) * step));
  return { at: (value) => from + ((value - least) / (most - least)) * (to - from), ticks };
}

/** 1, 2 or 5 times a power of ten, and no less than `least`; 1 where nothing is to be told apart. */
function niceStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((each) => each * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** Without what adding fractions leaves behind (0.30000000000000004), and no negative zero. */
const rounded = (value: number): number => Number(value.toPrecision(12)) + 0;
