import type { Option } from './iptablesOptions.js';

/** What MARK or CONNMARK does to a mark: these bits are cleared, and then those are flipped. */
export interface MarkChange {
  readonly clear: number;
  readonly flip: number;
}

/** The change that the options of MARK or CONNMARK ask for; undefined: it cannot be read, or is no plain value. */
export function markChange(options: readonly Option[]): MarkChange | undefined {
  for (const { option, values } of options) {
    const [value, mask = 0xffff_ffff] = (values[0]?.text ?? '').split('/').map(Number);
    if (value === undefined || Number.isNaN(value) || Number.isNaN(mask)) return undefined;
    if (option === '--set-xmark') return { clear: mask, flip: value };
    if (option === '--set-mark') return { clear: (mask | value) >>> 0, flip: value };
    if (option === '--or-mark') return { clear: value, flip: value };
    if (option === '--and-mark') return { clear: ~value >>> 0, flip: 0 };
    if (option === '--xor-mark') return { clear: 0, flip: value };
  }
  return undefined;
}
