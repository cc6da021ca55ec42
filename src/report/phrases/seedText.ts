/** A sentence on the seed of a shuffled order, and how to get that order again. */
export function seedText(seed: string): string {
  return `order shuffled with the seed ${seed}; --shuffle=${seed} gives it again`;
}
