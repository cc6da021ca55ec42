/** Processor seconds, user's and system's together. */
export interface ProcessTimes {
  /** Of the process itself. */
  readonly own: number;
  /** Of its children that have ended and that it has waited for, and of theirs. */
  readonly children: number;
}

/** What the kernel counts in for programs (USER_HZ), whatever it counts in itself. */
const ticksPerSecond = 100;

/** Reads what `/proc/PID/stat` says (proc(5): fields 14 to 17). The program's name in it may have blanks and brackets of its own. */
export function processTimesIn(stat: string): ProcessTimes {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // The first of these is field 3.
  const [user, system, childrenUser, childrenSystem] = fields.slice(11, 15).map(Number);
  const seconds = (one = NaN, other = NaN) => (one + other) / ticksPerSecond;
  return { own: seconds(user, system), children: seconds(childrenUser, childrenSystem) };
}
