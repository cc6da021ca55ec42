import { readdirSync, readFileSync } from 'node:fs';
import { processTimesIn } from './processTimes.js';

/** The variable that marks a process and all that it starts. */
export const markVariable = 'LVS_LAB_BENCH';

/** How often processes are looked at while they are watched: what one does after the last look is not seen. */
const lookMs = 200;

/** Processor seconds of each living process that has the mark in its environment, by process id. */
export function markedTimes(mark: string): ReadonlyMap<string, number> {
  const marked = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && hasMark(name, mark));
  return new Map(
    marked.flatMap((pid) => {
      const stat = readOf(pid, 'stat');
      return stat === undefined ? [] : [[pid, processTimesIn(stat).own]];
    }),
  );
}

/** Processor seconds of all living processes with the mark. */
export function markedSeconds(mark: string): number {
  return sumOf(markedTimes(mark));
}

/** Watches the processes with the mark until it is stopped; gives then what all of them together took as far as it was seen. */
export function watchMarked(mark: string): { readonly stop: () => number } {
  const seen = new Map<string, number>();
  const look = () => {
    for (const [pid, seconds] of markedTimes(mark)) seen.set(pid, seconds);
  };
  const timer = setInterval(look, lookMs);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return sumOf(seen);
    },
  };
}

function sumOf(times: ReadonlyMap<string, number>): number {
  return [...times.values()].reduce((sum, each) => sum + each, 0);
}

function hasMark(pid: string, mark: string): boolean {
  return readOf(pid, 'environ')?.split('\0').includes(`${markVariable}=${mark}`) ?? false;
}

/** A file of a process; undefined: the process is gone, or somebody else's. */
function readOf(pid: string, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}
