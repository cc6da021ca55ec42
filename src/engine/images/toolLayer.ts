import type Docker from 'dockerode';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AddedTool } from '../../contracts/identities.js';
import { packageRoot } from '../../support/packageRoot.js';
import type { TarFile } from '../../support/files/tar.js';
import type { EngineProgress } from '../port/engineProgress.js';
import { toolSetContent, type ToolFile, type ToolSet } from '../toolSets/toolSet.js';
import { buildImage } from './build.js';
import type { ImageSet } from './imageSet.js';
import { imageRoles, type ImageRole } from './imageSources.js';
import { hasImage } from './reference.js';

/** The label by which an image says what was put into it, as JSON. */
export const toolsLabel = 'lvs-lab.tools';

const recipe = 1;

/** The references of the images with the set's tools in them; roles that get none keep theirs. */
export function imagesWithTools(images: ImageSet, tools: ToolSet | undefined): ImageSet {
  if (tools === undefined) return images;
  const named = imageRoles.map((role) => [role, referenceOf(role, images[role], tools)] as const);
  return Object.fromEntries(named) as ImageSet;
}

/** Makes sure that the engine has the images with the set's tools in them, each a layer on the image without. Needs no network. */
export async function provideTools(
  docker: Docker,
  images: ImageSet,
  tools: ToolSet | undefined,
  progress: EngineProgress,
): Promise<ImageSet> {
  const wanted = imagesWithTools(images, tools);
  if (tools === undefined) return wanted;
  for (const role of imageRoles) {
    const reference = wanted[role];
    if (reference === images[role] || (await hasImage(docker, reference))) continue;
    const files = filesOf(role, tools);
    await progress.step(`putting ${tools.name} into the ${role} image`, async () => {
      await buildImage(docker, {
        reference,
        context: await contextOf(files, tools.directory),
        base: images[role],
        network: 'none',
        labels: { [toolsLabel]: JSON.stringify(files.map(addedTool)) },
      });
    });
  }
  return wanted;
}

const filesOf = (role: ImageRole, { files }: ToolSet): readonly ToolFile[] =>
  files.filter(({ roles }) => roles.includes(role));

function referenceOf(role: ImageRole, image: string, tools: ToolSet): string {
  const files = filesOf(role, tools);
  if (files.length === 0) return image;
  const content = JSON.stringify([recipe, image, toolSetContent({ files })]);
  return `lvs-lab/${role}:${createHash('sha256').update(content).digest('hex').slice(0, 12)}`;
}

function addedTool({ name, sha256, path: place }: ToolFile): AddedTool {
  return { name, sha256, ...(place === undefined ? {} : { path: place }) };
}

async function contextOf(files: readonly ToolFile[], directory: string): Promise<readonly TarFile[]> {
  const script = await readFile(path.join(packageRoot, 'images', 'add-tools.sh'));
  const single = files.filter((file) => file.path !== undefined);
  const placed = single.map(({ kept, path: place }) => `${kept} ${place ?? ''}\n`);
  const contents = files.map(async (file) => ({
    // Packages by number, so that two of one name from two folders do not meet.
    name: file.path === undefined ? `tools/packages/${file.kept}.deb` : `tools/files/${file.kept}`,
    content: await readFile(path.join(directory, file.kept)),
  }));
  return [
    {
      name: 'Dockerfile',
      content: 'ARG BASE\nFROM ${BASE}\nCOPY tools/ /lab/tools/\nRUN sh /lab/tools/add-tools.sh\n',
    },
    { name: 'tools/add-tools.sh', content: script },
    ...(placed.length === 0 ? [] : [{ name: 'tools/places', content: placed.join('') }]),
    ...(await Promise.all(contents)),
  ];
}
