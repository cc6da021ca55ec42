import { writeFile } from 'node:fs/promises';

/** Writes a value as JSON that people can read. Rejects with the system's error. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
