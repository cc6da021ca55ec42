import type Docker from 'dockerode';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../../support/packageRoot.js';
import type { TarFile } from '../../support/tar.js';
import type { Role } from '../../scenario/types.js';
import type { EngineProgress } from '../progress.js';
import { ensureBase, type Base } from './base.js';
import { buildImage } from './build.js';

/** Image reference of each role. */
export type ImageSet = Readonly<Record<Role, string>>;

const roles = ['client', 'director', 'realserver'] as const;

/** What the role images are made of, beside their base: file contents of images/. */
export interface ImageSources {
  readonly contexts: Readonly<Record<Role, readonly TarFile[]>>;
  /** Debian packages of all roles: a base made from packages has them all. */
  readonly packages: readonly string[];
  /** Of contexts and packages; hex. */
  readonly hash: string;
}

/** Reads images/. */
export async function readImageSources(): Promise<ImageSources> {
  const root = path.join(packageRoot, 'images');
  const shared = await readFile(path.join(root, 'packages.sh'));
  const contexts = {} as Record<Role, TarFile[]>;
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

/** Makes sure that the engine has the image of every role, on the base asked for. */
export async function ensureImages(
  docker: Docker,
  base: Base,
  sources: ImageSources,
  progress: EngineProgress,
): Promise<ImageSet> {
  const reference = await ensureBase(docker, base, sources, progress);
  const images = {} as Record<Role, string>;
  for (const role of roles) {
    const tag = createHash('sha256').update(reference).update(sources.hash).digest('hex').slice(0, 12);
    images[role] = `lvs-lab/${role}:${tag}`;
    if (await hasImage(docker, images[role])) continue;
    await progress.step(`building the ${role} image`, () =>
      buildImage(docker, {
        reference: images[role],
        context: sources.contexts[role],
        base: reference,
        network: base.kind === 'packages' ? 'none' : undefined,
      }),
    );
  }
  return images;
}

/** True when the engine has an image under this reference. */
export async function hasImage(docker: Docker, reference: string): Promise<boolean> {
  try {
    await docker.getImage(reference).inspect();
    return true;
  } catch (error) {
    if ((error as { readonly statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}

/** The names in a `packages` file: one a line, `#` starts a comment. */
const packageNames = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
