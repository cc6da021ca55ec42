/** Packets that are left out of a ladder, so that it stays a picture. */
export interface Gap {
  readonly row: 'gap';
  readonly packets: number;
  /** From the first to the last of them. */
  readonly seconds: number;
}

/** What has to be known of a packet to leave it out. */
interface Condensable {
  readonly row: 'packet';
  readonly what: string;
  readonly time: number;
  readonly endsAt: string | undefined;
}

/** Of a run of data and acknowledgements that goes on, this many are shown at its start and at its end. */
const shownOfRun = 2;

/**
 * Leaves out the middle of long exchanges of data that went through, and then, where there are still more rows than `most`, the middle of all.
 * The beginning and the end of a connection stay.
 */
export function condensed<P extends Condensable>(packets: readonly P[], most: number): readonly (P | Gap)[] {
  if (packets.length <= most) return packets;
  const rows = runsOf(packets).flatMap((run): readonly (P | Gap)[] => withoutMiddle(run, shownOfRun * 2));
  return withoutMiddle(rows, most - 1);
}

/** Neighbours that are data or acknowledgements on their way belong together; every other packet is alone. */
function runsOf<P extends Condensable>(packets: readonly P[]): readonly (readonly P[])[] {
  const runs: P[][] = [];
  for (const packet of packets) {
    const last = runs.at(-1);
    if (last !== undefined && [last[0], packet].every(isFlowing)) last.push(packet);
    else runs.push([packet]);
  }
  return runs;
}

function isFlowing(packet: Condensable | undefined): boolean {
  return (
    packet !== undefined && packet.endsAt === undefined && (packet.what === 'data' || packet.what === 'ack')
  );
}

/** Rows of which no more than about `most` are kept, half of them from the beginning; a gap stands for the others. */
function withoutMiddle<P extends Condensable>(
  rows: readonly (P | Gap)[],
  most: number,
): readonly (P | Gap)[] {
  if (rows.length <= most + 1) return rows;
  const half = Math.floor(most / 2);
  const left = rows.slice(half, -half);
  return [...rows.slice(0, half), gapOf(left), ...rows.slice(-half)];
}

function gapOf(left: readonly (Condensable | Gap)[]): Gap {
  const times = left.flatMap((row) => (row.row === 'gap' ? [] : [row.time]));
  const packets = left.reduce((sum, row) => sum + (row.row === 'gap' ? row.packets : 1), 0);
  return { row: 'gap', packets, seconds: (times.at(-1) ?? 0) - (times[0] ?? 0) };
}
