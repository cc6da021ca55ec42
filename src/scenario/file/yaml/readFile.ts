import { NotReadError, readRegular } from '../../../support/files/readRegular.js';

/** Room for two texts of the longest that rules may be; anything bigger is no scenario. Bytes. */
export const largestFile = 6 * 1024 * 1024;

/** A file's bytes, or why they cannot be had. */
export type FileContent = { readonly bytes: Buffer; readonly text: string } | { readonly problem: string };

/** Reads a scenario file; what goes wrong with the file comes back as text, as it is the user's to mend. */
export async function readScenarioFile(file: string): Promise<FileContent> {
  try {
    const bytes = await readRegular(file, largestFile);
    return { bytes, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    return { problem: reason(error) };
  }
}

function reason(error: unknown): string {
  if (error instanceof NotReadError) return error.message;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'expected a scenario file, found no such file';
    case 'ENOTDIR':
      return 'expected a scenario file, found a file where a folder is in its path';
    case 'EACCES':
      return 'expected a readable file, found one without read permission';
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return 'expected text in UTF-8, found other bytes';
    default:
      return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
