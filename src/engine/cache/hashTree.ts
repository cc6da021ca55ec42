import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** SHA-256 (hex) over the names, modes and contents of the regular files below a folder, optionally only of some. */
export async function hashTree(
  directory: string,
  wanted: (file: string) => boolean = () => true,
): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .filter(wanted)
    .sort();
  for (const file of files) {
    const full = path.join(directory, file);
    hash.update(`${file}\0${String((await stat(full)).mode & 0o111)}\0`);
    hash.update(await readFile(full));
    hash.update('\0');
  }
  return hash.digest('hex');
}
