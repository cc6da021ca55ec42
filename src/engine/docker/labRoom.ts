/** How many labs there is room for: two for each processor, because while one waits for timers, another can use it; at least one. */
export function labRoom(
  { processors, memoryBytes }: { readonly processors: number; readonly memoryBytes: number },
  bytesPerLab: number,
): number {
  return Math.max(1, Math.min(2 * processors, Math.floor(memoryBytes / bytesPerLab)));
}
