/**
 * Moves places on a line apart, so that neighbours have `least` between them and none is past `end`; their order stays, and they move no
 * further than they must.
 */
export function spread(places: readonly number[], least: number, end: number): readonly number[] {
  const order = places
    .map((place, index) => ({ place, index }))
    .sort((one, other) => one.place - other.place);
  const moved: number[] = [];
  for (const { place } of order) moved.push(Math.max(place, (moved.at(-1) ?? -Infinity) + least));
  let limit = end;
  for (let at = moved.length - 1; at >= 0; at -= 1) {
    moved[at] = Math.min(moved[at] ?? end, limit);
    limit = (moved[at] ?? end) - least;
  }
  const result = new Array<number>(places.length);
  for (const [at, { index }] of order.entries()) result[index] = moved[at] ?? end;
  return result;
}
