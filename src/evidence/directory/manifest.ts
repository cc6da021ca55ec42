import { z } from 'zod';
import { readShape } from '../text/readShape.js';

/** The name of the file in a scenario's folder that says what the others were when they were complete. */
export const manifestFile = 'manifest.json';

/** What a file of a scenario's folder was when it was complete. */
export interface SealedFile {
  /** Below the scenario's folder, with `/`. */
  readonly name: string;
  readonly bytes: number;
  /** Hexadecimal. */
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

/** Reads a manifest. Throws EvidenceError saying which field is not as expected. */
export function parseManifest(text: string): readonly SealedFile[] {
  return readShape(manifest, text).files;
}

/** Writes a manifest, a line for each file. */
export function manifestText(files: readonly SealedFile[]): string {
  const lines = files.map((file) => `    ${JSON.stringify(file)}`);
  return `{\n  "schema": 1,\n  "files": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

/** Who reads a manifest opens what it names: nothing elsewhere. */
function isBelow(name: string): boolean {
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
