import * as z from 'zod';
import { roles } from '../../contracts/words/nodes.js';
import type { Immutable } from '../../contracts/immutable.js';

/** Roles with an image of their own. */
const imageRole = z.enum(roles).exclude(['router']);

const toolFileSchema = z.strictObject({
  /** The images that it goes into. */
  roles: z.array(imageRole).min(1),
  /** The name of the file that was given. */
  name: z.string(),
  /** What it is called in the set's folder. */
  kept: z.string().regex(/^\d+$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Where it goes, for a single file; left out: it is a Debian package. */
  path: z.string().startsWith('/').optional(),
});

/** The schema of a set's record. */
export const toolSetSchema = z.strictObject({
  schema: z.literal(1),
  addedAt: z.string(),
  files: z.array(toolFileSchema).min(1),
});

/** A Debian package or a single file that is put into images. */
export type ToolFile = Immutable<z.infer<typeof toolFileSchema>>;

/** Packages and files that are put into the images of roles, under one name. */
export interface ToolSet extends Immutable<z.infer<typeof toolSetSchema>> {
  readonly name: string;
  /** The folder that has the files. */
  readonly directory: string;
}

/** What the images made with a set depend on: its files and where they go, whatever it is called. */
export function toolSetContent({ files }: Pick<ToolSet, 'files'>): readonly unknown[] {
  return files.map(({ roles: into, name, sha256, path }) => ({ into, name, sha256, path }));
}
