import type Docker from 'dockerode';
import { createWriteStream } from 'node:fs';
import { mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { hostCommand } from '../../support/exec.js';
import { isNoSpace, noSpaceError } from '../../support/noSpace.js';
import { makeFolder } from '../../support/files/makeFolder.js';
import { refuseUnwritable } from '../../support/files/outputFile.js';
import { toolVersion } from '../../support/version.js';
import { sha256OfFile } from '../../support/files/sha256.js';
import { factsOf } from '../docker/identity.js';
import { LabError, messageOf } from '../../support/errors.js';
import { localEndpoint } from '../local/localEndpoint.js';
import { reachEngine, type ReachedEngine } from '../local/reachEngine.js';
import type { EngineProgress } from '../port/engineProgress.js';
import { imageGroups } from '../images/groups.js';
import { provideImages } from '../images/imageSet.js';
import { provideTools } from '../images/toolLayer.js';
import { setFiles, type SetDescription } from '../images/savedSets.js';
import { readImageSources } from '../images/imageSources.js';

const packSeconds = 600;

/**
 * Writes a file with the images of all roles, for a machine without a registry. The local engine makes the images, and needs no IPVS for
 * that. The file appears only when it is complete.
 */
export async function saveImages(
  image: string,
  file: string,
  progress: EngineProgress,
): Promise<SetDescription> {
  const { local, tools } = imageGroups(image);
  await refuseUnwritable(file, { option: '<file>', streams: 'refused' });
  await using reached = await reachLocal();
  const { docker } = reached;
  const released = await provideImages(docker, local, await readImageSources(), progress);
  const images = await provideTools(docker, released, tools, progress);
  // Behind a link to a larger disk, not in the link's place.
  const target = await realpath(file).catch(() => path.resolve(file));
  await makeFolder(path.dirname(target));
  const work = await mkdtemp(`${target}.partial-`);
  const room = { directory: path.dirname(target), setting: '<file>' };
  try {
    return await progress.step(`saving the images of ${image}`, async () => {
      const archive = path.join(work, setFiles.archive);
      const stream = await saved(docker, Object.values(images));
      await pipeline(stream, createWriteStream(archive), { signal: progress.signal });
      const about: SetDescription = {
        format: 1,
        image,
        images,
        sha256: await sha256OfFile(archive),
        tool: toolVersion(),
      };
      await writeFile(path.join(work, setFiles.about), JSON.stringify(about, undefined, 2));
      await hostCommand(['tar', '-cf', 'set.tar', setFiles.about, setFiles.archive], {
        purpose: `write ${target}`,
        seconds: packSeconds,
        cwd: work,
        rooms: [room],
        signal: progress.signal,
      });
      await rename(path.join(work, 'set.tar'), target);
      return about;
    });
  } catch (error) {
    throw isNoSpace(error) ? noSpaceError('the saved images', room, error) : error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The engine's archive of several images, by a call that the client library has but its types do not. */
function saved(docker: Docker, names: readonly string[]): Promise<NodeJS.ReadableStream> {
  const { getImages } = docker as unknown as {
    readonly getImages: (
      this: Docker,
      options: { readonly names: readonly string[] },
    ) => Promise<NodeJS.ReadableStream>;
  };
  return getImages.call(docker, { names });
}

async function reachLocal(): Promise<ReachedEngine> {
  let reached: ReachedEngine | undefined;
  try {
    reached = await reachEngine(await localEndpoint());
    await factsOf(reached.docker);
    return reached;
  } catch (error) {
    const reason = (reached?.reason ?? messageOf)(error);
    await reached?.[Symbol.asyncDispose]();
    throw new LabError(`no Docker engine answers to save images from: ${reason}`, {
      hint: 'start Docker, set DOCKER_HOST or choose a context (`docker context use`); an engine without IPVS will do',
      cause: error,
    });
  }
}
