import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LabError, messageOf, UsageError } from '../../support/errors.js';
import { makeFolder } from '../../support/files/makeFolder.js';
import { writeOutputFile } from '../../support/files/outputFile.js';
import { readRegularText } from '../../support/files/readRegular.js';
import { isThere } from '../../support/files/isThere.js';
import type { StarterFile } from './starterFiles.js';

/**
 * Writes files into a folder, and the schema beside them. Throws UsageError, having written nothing, when one is there already: what somebody
 * has written is never replaced. The schema is, where it is that of another lvs-lab.
 */
export async function writeStarter(
  folder: string,
  files: readonly StarterFile[],
  schema: StarterFile,
): Promise<void> {
  const taken: string[] = [];
  for (const { name } of files) if (await isThere(join(folder, name))) taken.push(name);
  const place = join(folder, schema.name);
  if ((await isThere(place)) && !(await isOurSchema(place))) taken.push(schema.name);
  if (taken.length > 0) {
    throw new UsageError(
      `expected none of the files to be there yet in ${folder}, found ${taken.join(', ')}`,
      {
        hint: 'give another name: lvs-lab init NAME',
      },
    );
  }
  try {
    for (const { name, text } of files) await writeNew(join(folder, name), text);
    await writeOutputFile(place, schema.text);
  } catch (cause) {
    throw new LabError(`could not write the files into ${folder}: ${messageOf(cause)}`, {
      cause,
      hint: 'see to room and rights there, or name a file in another folder: lvs-lab init FOLDER/NAME',
    });
  }
}

async function writeNew(file: string, text: string): Promise<void> {
  await makeFolder(dirname(file));
  await using handle = await open(file, 'wx');
  await handle.writeFile(text);
}

/** The most bytes that the schema of any lvs-lab has. */
const largestSchema = 16 * 1024 ** 2;

/** Whether a file is the schema of this or another lvs-lab. */
async function isOurSchema(file: string): Promise<boolean> {
  const text = await readRegularText(file, largestSchema).catch(() => '');
  return text.includes('"title": "lvs-lab scenario"');
}
