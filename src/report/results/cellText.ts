import type { Cell } from '../../run/model/cell.js';

/** What a job was asked to run on: `kernel debian:sid, image debian:trixie, iptables legacy`; empty when nothing was asked for. */
export function cellText(cell: Cell | undefined): string {
  const { kernel, image, iptables } = cell ?? {};
  return Object.entries({ kernel, image, iptables })
    .flatMap(([dimension, value]) => (value === undefined ? [] : [`${dimension} ${value}`]))
    .join(', ');
}
