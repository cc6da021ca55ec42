import { readFile, stat } from 'node:fs/promises';

/** A scenario is read by people; anything bigger is not one. Bytes. */
export const largestFile = 1024 * 1024;

/** A file's bytes, or why they cannot be had. */
export type FileContent = { readonly bytes: Buffer; readonly text: string } | { readonly problem: string };

/** Reads a scenario file; what goes wrong with the file comes back as text, as it is the user's to mend. */
export async function readScenarioFile(file: string): Promise<FileContent> {
  try {
    const { size } = await stat(file);
    if (size > largestFile) return { problem: tooLarge(size) };
    const bytes = await readFile(file);
    return { bytes, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    return { problem: reason(error) };
  }
}

function tooLarge(size: number): string {
  return `expected a scenario of at most 1 MiB, found ${(size / 1024 / 1024).toFixed(1)} MiB`;
}

function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'expected a scenario file, found no such file';
    case 'EISDIR':
      return 'expected a scenario file, found a directory';
    case 'EACCES':
      return 'expected a readable file, found one without read permission';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'expected text in UTF-8, found other bytes';
    default:
      return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
