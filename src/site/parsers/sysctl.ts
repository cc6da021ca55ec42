import type { SourceFile } from '../model/sourceFile.js';
import { problemAt, type Reading, sayingLines } from './readingOf.js';

/** Reads what `sysctl -a` prints, and files such as /etc/sysctl.conf. */
export function readSysctl(file: SourceFile): Reading<readonly [string, string]> {
  const found: (readonly [string, string])[] = [];
  const problems = [];
  for (const at of sayingLines(file)) {
    const [, name, value] = /^-?([\w./*-]+)\s*=\s*(.*)$/.exec(at.text.replace(/^;.*/, '')) ?? [];
    if (name !== undefined)
      found.push([name.includes('/') && !name.includes('.') ? name.replaceAll('/', '.') : name, value ?? '']);
    // sysctl tells on its way which names it may not read.
    else if (!/^sysctl:|^;/.test(at.text))
      problems.push(problemAt(at, `expected NAME = VALUE, found \`${at.text.slice(0, 60)}\``, 'left out'));
  }
  return { found, problems };
}
