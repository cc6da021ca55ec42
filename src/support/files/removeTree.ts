import { hostCommand } from '../exec.js';

const seconds = 600;

/**
 * Removes a file or a folder with all that is in it. GNU's rm goes down through open folders and never through links, whatever others do to
 * the tree meanwhile: Node's own goes by names. It leaves what is mounted there alone.
 */
export async function removeTree(file: string): Promise<void> {
  await hostCommand(['rm', '-rf', '--one-file-system', '--', file], { purpose: `remove ${file}`, seconds });
}
