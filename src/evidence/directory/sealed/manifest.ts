import { z } from 'zod';
import { parseRecordedJson } from '../../text/parseRecordedJson.js';

/** The name of the file in a scenario's folder that records the size and hash of each other file when it was complete. */
export const manifestFile = 'manifest.json';

/** A file of a scenario's folder, as it was when it was complete. */
export interface SealedFile {
  /** The file's path below the scenario's folder, with `/`. */
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly sha256: string;
}

const manifest = z.object({
  schema: z.literal(1),
  files: z
    .array(
      z.object({
        name: z.string().refine(isBelow, 'expected a path below the folder'),
        bytes: z.number().int().nonnegative(),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .refine((files) => new Set(files.map(({ name }) => name)).size === files.length, 'a file is there twice'),
});

/** Reads a manifest. Throws EvidenceError that names the wrong field. */
export function parseManifest(text: string): readonly SealedFile[] {
  return parseRecordedJson(manifest, text).files;
}

/** The text of a manifest, with a line for each file. */
export function manifestText(files: readonly SealedFile[]): string {
  const lines = files.map((file) => `    ${JSON.stringify(file)}`);
  return `{\n  "schema": 1,\n  "files": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

/** Whether a name leads to a file below the folder. Readers open what a manifest names, so it may name nothing elsewhere. */
function isBelow(name: string): boolean {
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
