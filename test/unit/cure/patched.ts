import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SourceFile } from '../../../src/site/model/sourceFile.js';

/** What comes of files in a folder of their own, which is gone afterwards. */
export function inFolder<T>(files: readonly SourceFile[], use: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'lvs-lab-cure-'));
  try {
    for (const { name, text } of files) writeFileSync(path.join(folder, name), text);
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The files after `patch` has had its way with them. Throws what it says where it does not take the patch. */
export function patchedFiles(
  files: readonly SourceFile[],
  patch: string,
  way: readonly string[] = [],
): readonly SourceFile[] {
  return inFolder(files, (folder) => {
    execFileSync('patch', ['-p0', '--fuzz=0', '--no-backup-if-mismatch', ...way], {
      cwd: folder,
      input: patch,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    return files.map((file) => ({ ...file, text: readFileSync(path.join(folder, file.name), 'utf8') }));
  });
}

/** What a shell script says, in a network namespace of its own. Throws what it complains of. */
export function inNamespace(script: string, input = '', cwd = '.'): string {
  const { status, stdout, stderr } = spawnSync('unshare', [...asRoot(), '--net', 'sh', '-ec', script], {
    cwd,
    input,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** A text that iptables-restore takes: it does not know `iptables -S`, nor `-s ! x` as it was right once, and there are no sets here. */
export function restorable(text: string): string {
  const body = text
    .replaceAll('\r', '')
    .replaceAll(/ -([sd]) ! /g, ' ! -$1 ')
    .replaceAll(/ -m set --match-set \S+ src/g, '')
    .replaceAll(/^-P (\S+) (\S+)$/gm, ':$1 $2 [0:0]')
    .replaceAll(/^-N (\S+)$/gm, ':$1 - [0:0]')
    .replaceAll(/^\s+(?=-A)/gm, '');
  return body.startsWith(':') ? `*filter\n${body}COMMIT\n` : body;
}

/** Who is not root is root in a namespace of users. */
function asRoot(): readonly string[] {
  return process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
}
