import { bytesText } from './countText.js';

/** The most characters of an error's message or details. The longest that anybody read through had some two thousand. */
const longest = 16_000;

/** A text that is short enough to read: of a long one the beginning and the end, and how much was left out between them. */
export function cut(text: string): string {
  const over = text.length - longest;
  if (over <= 0) return text;
  const half = longest / 2;
  const left = `${bytesText(Buffer.byteLength(text.slice(half, -half)))} left out; LVS_LAB_DEBUG=1 shows all`;
  return `${text.slice(0, half)}\n[... ${left} ...]\n${text.slice(-half)}`;
}
