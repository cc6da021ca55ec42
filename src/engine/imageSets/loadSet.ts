import { mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { UsageError, messageOf } from '../../support/errors.js';
import { hostCommand } from '../../support/exec.js';
import { openRegular, readRegularText } from '../../support/files/readRegular.js';
import { sha256OfFile } from '../../support/files/sha256.js';
import { parseJson } from '../../support/parseJson.js';
import { makeKeptFolder } from '../lifetime/makeKeptFolder.js';
import { shellQuote } from '../../support/quote.js';
import { ownerTag } from '../lifetime/owner.js';
import type { EngineProgress } from '../port/engineProgress.js';
import { aboutSchema, setDirectory, setFiles, setsRoot, type SetDescription } from '../images/savedSets.js';
import { parseImageSpec } from '../images/imageSpec.js';

const readSeconds = 600;
/** The most bytes that the description of a set may have. */
const largestAbout = 1 << 20;

/**
 * Loads a file that `saveImages` wrote. From then on `--image` of the same name uses it, in place of a set loaded before. Rejects with a
 * UsageError when the file is damaged or no such file, and keeps the earlier set.
 */
export async function loadImages(file: string, progress: EngineProgress): Promise<SetDescription> {
  const source = path.resolve(file);
  await makeKeptFolder(setsRoot(), 'XDG_DATA_HOME');
  const work = await mkdtemp(path.join(setsRoot(), `.partial-${await ownerTag()}-`));
  try {
    await refuseIrregular(source);
    await unpack(source, work, progress.signal);
    await refuseMissingFiles(source, work);
    const about = await readAbout(source, work);
    const found = await sha256OfFile(path.join(work, setFiles.archive));
    if (found !== about.sha256) {
      throw new UsageError(
        `${file} is damaged: expected ${setFiles.archive} in it with SHA-256 ${about.sha256}, found ${found}`,
        { hint: 'copy it again from where it was saved' },
      );
    }
    const directory = setDirectory(about.image);
    await rm(directory, { recursive: true, force: true });
    await rename(work, directory);
    return about;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Rejects unless the path is a regular file, because reading anything else may never end. */
async function refuseIrregular(source: string): Promise<void> {
  try {
    await (await openRegular(source)).close();
  } catch (cause) {
    throw new UsageError(
      `expected ${shellQuote([source])} to be a file of \`lvs-lab images save\`, found that it cannot be read: ${messageOf(cause)}`,
      {
        cause,
      },
    );
  }
}

/** Rejects unless the unpacked names are regular files: a foreign archive may hold links and FIFOs in their place. */
async function refuseMissingFiles(source: string, work: string): Promise<void> {
  for (const name of [setFiles.about, setFiles.archive]) {
    try {
      await (await openRegular(path.join(work, name), { links: 'refused' })).close();
    } catch (cause) {
      throw new UsageError(
        `${source} was not written by \`lvs-lab images save\`: ${name} in it: ${messageOf(cause)}`,
        { cause },
      );
    }
  }
}

async function unpack(source: string, work: string, signal: AbortSignal): Promise<void> {
  // Named, so that nothing else in a file from elsewhere is written anywhere.
  const argv = ['tar', '-xf', source, '-C', work, '--no-same-owner', setFiles.about, setFiles.archive];
  try {
    const rooms = [{ directory: setsRoot(), setting: 'XDG_DATA_HOME' }];
    await hostCommand(argv, { purpose: `read ${source}`, seconds: readSeconds, signal, rooms });
  } catch (error) {
    signal.throwIfAborted();
    // That it is no such file would be the wrong thing to say.
    if ((error as Error).message.includes('no space left')) throw error;
    throw new UsageError(`expected ${source} to be a file of \`lvs-lab images save\`, all of it`, {
      hint: 'copy it again from where it was saved',
      cause: error,
    });
  }
}

async function readAbout(source: string, work: string): Promise<SetDescription> {
  try {
    const about = parseJson(
      aboutSchema,
      await readRegularText(path.join(work, setFiles.about), largestAbout),
    );
    parseImageSpec(about.image);
    return about;
  } catch (error) {
    throw new UsageError(
      `${source} was not written by a version of \`lvs-lab images save\` that is known here`,
      {
        hint: 'save it again with this version of lvs-lab',
        cause: error,
      },
    );
  }
}
