import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** Starts `script` in a process group of its own, so that Ctrl-C at this terminal does not reach it; see Services.startDetached. */
export function startDetached(script: string, argv: readonly string[], logFile: string): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  try {
    return spawn(process.execPath, [script, ...argv], {
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      // Events carry errors, which JSON would lose.
      serialization: 'advanced',
    });
  } finally {
    closeSync(log);
  }
}
