import type { Paint } from '../text/colour.js';
import { table, type Entry } from '../text/textTable.js';

/** Sockets by state and node, one column a node. `sockets`: node name -> state -> sockets. */
export function socketTable(
  title: string,
  sockets: Readonly<Record<string, Readonly<Record<string, number>>>>,
  paint: Paint,
): string {
  const nodes = Object.keys(sockets);
  const states = [...new Set(Object.values(sockets).flatMap((perState) => Object.keys(perState)))].sort();
  if (states.length === 0) return `  ${title}: none`;
  const rows = states.map((state): Entry[] => [state, ...nodes.map((node) => sockets[node]?.[state] ?? 0)]);
  return table([title, ...nodes], rows, paint);
}
