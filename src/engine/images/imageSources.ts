import { roles, type Role } from '../../contracts/words/nodes.js';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../../support/packageRoot.js';
import type { TarFile } from '../../support/files/tar.js';

/** A role with a folder in images/; a router uses the director's image. */
export type ImageRole = Exclude<Role, 'router'>;

/** All roles with a folder in images/. */
export const imageRoles = roles.filter((role): role is ImageRole => role !== 'router').sort();

/** Docker's build contexts for the images of all roles. */
export interface ImageContexts {
  readonly contexts: Readonly<Record<ImageRole, readonly TarFile[]>>;
  /** SHA-256 of the contexts, in hexadecimal. */
  readonly hash: string;
}

/** The content of images/: everything that images are made of beside their base. */
export interface ImageSources extends ImageContexts {
  /** The Debian packages of each role, sorted; a base made from packages contains them. */
  readonly packages: Readonly<Record<ImageRole, readonly string[]>>;
  /** Contexts for a base of any distribution: they find out which it is, and install packages accordingly. */
  readonly elsewhere: ImageContexts;
}

/** The packages of several roles together, each once and sorted. */
export function packagesOf({ packages }: ImageSources, of: readonly ImageRole[]): readonly string[] {
  return [...new Set(of.flatMap((role) => packages[role]))].sort();
}

/** Reads the folder images/. */
export async function readImageSources(): Promise<ImageSources> {
  const root = path.join(packageRoot, 'images');
  const debian = await readFile(path.join(root, 'packages.sh'));
  const elsewhere = await readFile(path.join(root, 'elsewhere.sh'));
  const { packages, ...own } = await readContexts(root, debian);
  const { contexts, hash } = await readContexts(root, Buffer.concat([elsewhere, debian]));
  return { ...own, packages, elsewhere: { contexts, hash } };
}

async function readContexts(root: string, script: Buffer): Promise<Omit<ImageSources, 'elsewhere'>> {
  const contexts = {} as Record<ImageRole, TarFile[]>;
  const packages = {} as Record<ImageRole, readonly string[]>;
  for (const role of imageRoles) {
    const directory = path.join(root, role);
    contexts[role] = [{ name: 'packages.sh', content: script }];
    for (const name of (await readdir(directory)).sort()) {
      const content = await readFile(path.join(directory, name));
      contexts[role].push({ name, content });
      if (name === 'packages') packages[role] = packageNames(content.toString()).sort();
    }
  }
  const hash = createHash('sha256');
  for (const role of imageRoles)
    for (const { name, content } of contexts[role]) hash.update(`${role}/${name}\0${String(content)}\0`);
  return { contexts, packages, hash: hash.digest('hex') };
}

/** Reads the names in a `packages` file: one per line, `#` starts a comment. */
const packageNames = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
