import type { Cell } from '../../run/model/cell.js';

/** `kernel debian:sid, image debian:trixie, iptables legacy`: what was asked for; empty where nothing was. */
export function cellText(cell: Cell | undefined): string {
  const { kernel, image, iptables } = cell ?? {};
  return Object.entries({ kernel, image, iptables })
    .flatMap(([dimension, value]) => (value === undefined ? [] : [`${dimension} ${value}`]))
    .join(', ');
}
