/** How many labs there is room for: one more than processors, because while one waits for timers, another can use them; at least one. */
export function labRoom(
  { processors, memoryBytes }: { readonly processors: number; readonly memoryBytes: number },
  bytesPerLab: number,
): number {
  return Math.max(1, Math.min(processors + 1, Math.floor(memoryBytes / bytesPerLab)));
}
