import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../../support/packageRoot.js';
import type { TarFile } from '../../support/tar.js';

/** Each has a folder in images/. */
export const roles = ['client', 'director', 'realserver'] as const;
export type ImageRole = (typeof roles)[number];

/** What the role images are made of, beside their base: file contents of images/. */
export interface ImageSources {
  readonly contexts: Readonly<Record<ImageRole, readonly TarFile[]>>;
  /** Debian packages of all roles: a base made from packages has them all. */
  readonly packages: readonly string[];
  /** Of contexts and packages; hex. */
  readonly hash: string;
}

/** Reads images/. */
export async function readImageSources(): Promise<ImageSources> {
  const root = path.join(packageRoot, 'images');
  const shared = await readFile(path.join(root, 'packages.sh'));
  const contexts = {} as Record<ImageRole, TarFile[]>;
  const packages = new Set<string>();
  for (const role of roles) {
    const directory = path.join(root, role);
    contexts[role] = [{ name: 'packages.sh', content: shared }];
    for (const name of (await readdir(directory)).sort()) {
      const content = await readFile(path.join(directory, name));
      contexts[role].push({ name, content });
      if (name === 'packages') for (const item of packageNames(content.toString())) packages.add(item);
    }
  }
  const hash = createHash('sha256');
  for (const role of roles)
    for (const { name, content } of contexts[role]) hash.update(`${role}/${name}\0${String(content)}\0`);
  return { contexts, packages: [...packages].sort(), hash: hash.digest('hex') };
}

/** The names in a `packages` file: one a line, `#` starts a comment. */
const packageNames = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
