import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LabError, messageOf, UsageError } from '../../support/errors.js';
import { openRegular } from '../../support/files/readRegular.js';
import { sha256OfFile } from '../../support/files/sha256.js';
import { parseJson } from '../../support/parseJson.js';
import { didYouMean } from '../../support/suggest.js';
import { makeKeptFolder } from '../lifetime/makeKeptFolder.js';
import { openOwnFolder } from '../lifetime/ownFolder.js';
import { ownerTag } from '../lifetime/owner.js';
import { dataRoot } from '../lifetime/paths.js';
import { toolSetContent, toolSetSchema, type ToolFile, type ToolSet } from './toolSet.js';

/** A file to put into images, before it has been read. */
export interface AskedTool {
  readonly roles: ToolFile['roles'];
  /** Its path on this machine, absolute. */
  readonly file: string;
  /** Where it goes; undefined: it is a Debian package. */
  readonly path: string | undefined;
}

const recordFile = 'tools.json';
const pattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** The word that stands for no set: an image as it is. */
export const noTools = 'none';

/** The folder of all sets. It is not in the cache, because nobody could make them again. */
const storeRoot = (): string => path.join(dataRoot(), 'tools');

/** The names of all sets, sorted. */
export function toolSetNames(): readonly string[] {
  using root = openOwnFolder(storeRoot(), 'kept');
  if (root === undefined) return [];
  return readdirSync(root.path)
    .filter((name) => pattern.test(name))
    .sort();
}

/** The set of this name. Throws a UsageError that suggests the nearest name when there is none, and a LabError when it is damaged. */
export function findToolSet(name: string): ToolSet {
  if (!toolSetNames().includes(name)) {
    throw new UsageError(`no tools named \`${name}\` were added${didYouMean(name, toolSetNames())}`, {
      hint: 'see what there is: lvs-lab tools list; or add them: lvs-lab tools add NAME --deb FILE',
    });
  }
  const directory = path.join(storeRoot(), name);
  try {
    const text = readFileSync(path.join(directory, recordFile), 'utf8');
    return { ...parseJson(toolSetSchema, text), name, directory };
  } catch (cause) {
    throw new LabError(`${path.join(directory, recordFile)} cannot be read: ${messageOf(cause)}`, {
      cause,
      hint: `remove the set and add it again: lvs-lab tools rm ${name}`,
    });
  }
}

/**
 * Keeps copies of files as a set. Without a name, the set is called after its first file and a hash of all files, so that the same files are one
 * set. Throws UsageError for a name that is taken or invalid, and for what is no file or no package.
 */
export async function addToolSet(name: string | undefined, asked: readonly AskedTool[]): Promise<ToolSet> {
  const files: ToolFile[] = [];
  for (const [index, tool] of asked.entries()) files.push(await described(tool, String(index)));
  const own = name ?? nameOf(files);
  refuseName(own, name !== undefined);
  const directory = path.join(storeRoot(), own);
  if (name === undefined && toolSetNames().includes(own)) return findToolSet(own);
  await makeKeptFolder(storeRoot(), 'XDG_DATA_HOME');
  const partial = path.join(
    storeRoot(),
    `.${own}.partial-${await ownerTag()}-${randomBytes(4).toString('hex')}`,
  );
  await mkdir(partial, { mode: 0o700 });
  try {
    for (const [index, { file }] of asked.entries()) await copyFile(file, path.join(partial, String(index)));
    const record = { schema: 1 as const, addedAt: new Date().toISOString(), files };
    await writeFile(path.join(partial, recordFile), `${JSON.stringify(record, null, 2)}\n`);
    await rename(partial, directory);
  } catch (cause) {
    await rm(partial, { recursive: true, force: true });
    // Somebody else was faster, with the same files.
    if (name === undefined && toolSetNames().includes(own)) return findToolSet(own);
    throw new LabError(`could not keep the tools in ${directory}: ${messageOf(cause)}`, {
      cause,
      hint: 'see to room and rights there, or point XDG_DATA_HOME at another folder',
    });
  }
  return findToolSet(own);
}

/** Removes a set. Throws UsageError when there is none of the name. */
export async function removeToolSet(name: string): Promise<void> {
  await rm(findToolSet(name).directory, { recursive: true });
}

function refuseName(name: string, mustBeNew: boolean): void {
  if (!pattern.test(name) || name === noTools) {
    throw new UsageError(`\`${name}\` cannot be the name of tools`, {
      hint: `take letters, digits, dots, dashes and underscores, at most 63 of them, the first a letter or a digit; ${noTools} stands for none`,
    });
  }
  if (mustBeNew && toolSetNames().includes(name)) {
    throw new UsageError(`tools named \`${name}\` were added already`, {
      hint: `take another name, or remove those first: lvs-lab tools rm ${name}`,
    });
  }
}

async function described({ roles, file, path: place }: AskedTool, kept: string): Promise<ToolFile> {
  const head = await headOf(file);
  const isPackage = head.startsWith('!<arch>\ndebian-binary');
  if (place === undefined && !isPackage) {
    throw new UsageError(`expected --deb to name a Debian package, found that ${file} is none`, {
      hint: 'a single program goes in with --bin PATH=FILE',
    });
  }
  const sha256 = await sha256OfFile(file);
  const one = { roles, name: path.basename(file), kept, sha256 };
  return place === undefined ? one : { ...one, path: place };
}

async function headOf(file: string): Promise<string> {
  try {
    await using handle = await openRegular(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(32), 0, 32, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } catch (cause) {
    throw new UsageError(
      `expected a file to put into images, found that ${file} cannot be read: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/** `iptables-1.8.9-2-lab1-0123abcd`: the first file's name, and what all are. */
function nameOf(files: readonly ToolFile[]): string {
  const plain = (files[0]?.name ?? 'tools')
    .replace(/\.deb$/, '')
    .replaceAll(/[^A-Za-z0-9.]+/g, '-')
    .replace(/^[-.]+/, '')
    .slice(0, 48);
  const hash = createHash('sha256')
    .update(JSON.stringify(toolSetContent({ files })))
    .digest('hex');
  return `${plain || 'tools'}-${hash.slice(0, 8)}`;
}
