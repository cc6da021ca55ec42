import { readdirSync, readFileSync } from 'node:fs';

/** Processor time of a process, in seconds since it began: what it got, and what it had to wait for although it could have run. */
export interface ProcessorTime {
  readonly got: number;
  readonly denied: number;
}

/** Asks Linux about all threads of a process; undefined: it has ended, or the kernel does not count (no CONFIG_SCHED_INFO). */
export function processorTime(pid: number | 'self'): ProcessorTime | undefined {
  let got = 0;
  let denied = 0;
  for (const thread of threadsOf(pid)) {
    const [run = 0, wait = 0] = scheduled(`/proc/${String(pid)}/task/${thread}/schedstat`);
    got += run / 1e9;
    denied += wait / 1e9;
  }
  return got === 0 ? undefined : { got, denied };
}

function threadsOf(pid: number | 'self'): readonly string[] {
  try {
    return readdirSync(`/proc/${String(pid)}/task`);
  } catch {
    return [];
  }
}

/** The numbers of a thread, which may have ended since it was listed. */
function scheduled(file: string): readonly number[] {
  try {
    return readFileSync(file, 'utf8').trim().split(' ').map(Number);
  } catch {
    return [];
  }
}
