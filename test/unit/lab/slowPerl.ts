import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A PATH for one test, with a Perl that takes these seconds to start, as on a machine that is busy. */
export function slowPerl(seconds: number): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'lvs-lab-slow-perl-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const perl = execFileSync('sh', ['-c', 'command -v perl']).toString().trim();
  const file = path.join(folder, 'perl');
  writeFileSync(file, `#!/bin/sh\nsleep ${seconds}\nexec ${perl} "$@"\n`);
  chmodSync(file, 0o755);
  return `${folder}:${process.env['PATH'] ?? ''}`;
}
