/** What an order was shuffled with, and how to have it again. */
export function seedText(seed: string): string {
  return `order shuffled with the seed ${seed}; --shuffle=${seed} gives it again`;
}
