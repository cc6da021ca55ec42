import { bytesText } from './format.js';

/** Characters of one error's message, or of its details. The longest that anybody read through had some two thousand. */
const longest = 16_000;

/** A text that is not longer than a reader stands: of a long one the beginning and the end, and how much was left out. */
export function cut(text: string): string {
  const over = text.length - longest;
  if (over <= 0) return text;
  const half = longest / 2;
  const left = `${bytesText(Buffer.byteLength(text.slice(half, -half)))} left out; LVS_LAB_DEBUG=1 shows all`;
  return `${text.slice(0, half)}\n[... ${left} ...]\n${text.slice(-half)}`;
}
