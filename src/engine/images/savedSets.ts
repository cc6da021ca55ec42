import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { Immutable } from '../../contracts/immutable.js';
import { LabError, messageOf } from '../../support/errors.js';
import { parseJson } from '../../support/parseJson.js';
import { isOwnFolder, openOwnFolder } from '../lifetime/ownFolder.js';
import { dataRoot } from '../lifetime/paths.js';
import { imageRoles } from './imageSources.js';

/** Role images that were saved on one machine and loaded on another. */
export interface SavedSet {
  /** The name that `--image` had when the set was saved, and has now. */
  readonly image: string;
  /** The reference of each role's image. */
  readonly images: SetDescription['images'];
  /** SHA-256 of the archive, in hexadecimal. */
  readonly sha256: string;
  /** Path of the archive that the engine wrote, in its own format. */
  readonly archive: string;
}

/** Names of the two files of a set, both in its folder and in the file that is moved between machines. */
export const setFiles = { about: 'lvs-lab-images.json', archive: 'images.tar' } as const;

/** An object that says something of the image of each role that has one of its own. */
export const imagesOf = <T extends z.ZodType>(each: T) => z.record(z.enum(imageRoles), each);

const reference = z.string().regex(/^lvs-lab\/[a-z]+:[0-9a-f]{12}$/);

/** The schema of a set's description. */
export const aboutSchema = z.strictObject({
  format: z.literal(1),
  image: z.string().min(1),
  images: imagesOf(reference),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  tool: z.string(),
});
export type SetDescription = Immutable<z.infer<typeof aboutSchema>>;

/** The folder of all loaded sets. It is not in the cache, because without a registry nobody could make them again. */
export function setsRoot(environment: NodeJS.ProcessEnv = process.env): string {
  return path.join(dataRoot(environment), 'images');
}

/** The folder of one image's set. */
export function setDirectory(image: string): string {
  return path.join(setsRoot(), encodeURIComponent(image));
}

/** The loaded set of that image; undefined: none was loaded. */
export function savedSet(image: string): SavedSet | undefined {
  const directory = setDirectory(image);
  if (!isOwnFolder(setsRoot(), 'kept') || !isOwnFolder(directory, 'kept')) return undefined;
  let text: string;
  try {
    text = readFileSync(path.join(directory, setFiles.about), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { images, sha256 } = parseJson(aboutSchema, text);
    return { image, images, sha256, archive: path.join(directory, setFiles.archive) };
  } catch (cause) {
    throw new LabError(`${path.join(directory, setFiles.about)} cannot be read: ${messageOf(cause)}`, {
      cause,
      hint: 'load the set again: lvs-lab images load FILE',
    });
  }
}

/** The names of all images with a loaded set, sorted. */
export function savedImages(): readonly string[] {
  using root = openOwnFolder(setsRoot(), 'kept');
  if (root === undefined) return [];
  return readdirSync(root.path)
    .filter((name) => !name.startsWith('.'))
    .map(decodeURIComponent)
    .sort();
}
