import * as z from 'zod';

const bytesPerUnit = new Map([
  ['KiB', 1024],
  ['MiB', 1024 ** 2],
]);
/** The most bytes. A client and realserver would never send each other more in the time that a run has. */
const largest = 1024 ** 3;
const pattern = /^(\d+(?:\.\d+)?)(KiB|MiB)$/;
const sizeExpected = 'expected bytes as a number, or such as `64KiB` or `1MiB`';

/** A number of bytes, or text with a binary unit. */
export function byteSize() {
  return z
    .union([
      z.number({ error: sizeExpected }).int({ error: sizeExpected }),
      z.string({ error: sizeExpected }).regex(pattern, { error: sizeExpected }),
    ])
    .transform(toBytes)
    .refine((bytes) => bytes >= 0 && bytes <= largest, {
      error: ({ input }) =>
        `expected 0 to ${largest / 1024 ** 2} MiB, found ${input === Infinity ? 'more bytes than can be counted' : `${String(input)} bytes`}`,
    });
}

function toBytes(size: string | number): number {
  if (typeof size === 'number') return size;
  const [, amount, unit = ''] = pattern.exec(size) ?? [];
  return Math.round(Number(amount) * (bytesPerUnit.get(unit) ?? Number.NaN));
}
