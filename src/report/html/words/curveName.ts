import type { PickText } from './say.js';

/** What a curve is called: states have the kernel's names in every language. */
export function curveName(name: string): PickText {
  return (words) => words.curves[name] ?? name;
}
