import { readFiles } from '../../../site/files/readFiles.js';
import type { SourceFile } from '../../../site/model/sourceFile.js';
import { filterAsync } from '../../../support/filterAsync.js';
import type { Context } from '../../frame/context.js';
import { allowRemote, isRemote, readRemote } from './remoteHosts.js';

/**
 * Makes a function that reads files, and hosts by ssh. Asks first, once for all hosts among `paths`, whether they may be read.
 * @throws UsageError when they may not.
 */
export async function readerOf(
  paths: readonly string[],
  isAllowed: boolean,
  context: Context,
): Promise<(paths: readonly string[]) => Promise<readonly SourceFile[]>> {
  const { cwd } = context.io;
  const hosts = await filterAsync([...new Set(paths)], (path) => isRemote(path, cwd));
  if (hosts.length > 0) await allowRemote(hosts, isAllowed, context);
  return async (some) => {
    const files = [
      ...(await readFiles(
        some.filter((path) => !hosts.includes(path)),
        cwd,
      )),
    ];
    for (const host of some.filter((path) => hosts.includes(path)))
      files.push(...(await readRemote(host, context)));
    return files;
  };
}
