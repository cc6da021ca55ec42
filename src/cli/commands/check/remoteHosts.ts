import { mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFiles } from '../../../site/files/readFiles.js';
import type { SourceFile } from '../../../site/model/sourceFile.js';
import { LabError, UsageError } from '../../../support/errors.js';
import { hostCommand } from '../../../support/exec.js';
import { readRegularText } from '../../../support/files/readRegular.js';
import { removeTree } from '../../../support/files/removeTree.js';
import { packageRoot } from '../../../support/packageRoot.js';
import { shellQuote } from '../../../support/quote.js';
import type { Context } from '../../frame/context.js';
import { askYes } from '../../frame/askYes.js';

/** What runs on a director: it reads, and writes one tar, here to its standard output. */
const script = join(packageRoot, 'docs/collect.sh');
const onHost = 'sh -s -- -';
const largestScript = 2 ** 20;

/** Long enough to type a passphrase, and for a director that is busy. */
const mostSeconds = 600;

/** Whether an argument names a host for ssh, and not a file: `root@director`, `ssh://root@director:2222`. */
export async function isRemote(path: string, from: string): Promise<boolean> {
  if (/^ssh:\/\/[^\s/-][^\s/]*\/?$/.test(path)) return true;
  if (!/^[\w.][\w.+-]*@[^\s/@-][^\s/@]*$/.test(path)) return false;
  return !(await stat(join(from, path)).then(
    () => true,
    () => false,
  ));
}

/**
 * Shows what would be run on hosts, and asks whether it may be, where nobody said so before.
 * @throws UsageError when it may not, or nobody can be asked.
 */
export async function allowRemote(
  hosts: readonly string[],
  isAllowed: boolean,
  { tell, io }: Context,
): Promise<void> {
  const text = await readRegularText(script, largestScript);
  const commands = hosts.map((host) => `  ${shellQuote(argvFor(host))} < ${shellQuote([script])}`);
  tell(
    `To read ${hosts.join(' and ')} this is run:\n\n${commands.join('\n')}\n\nwith this script, which loads and changes nothing there:\n\n${text.trimEnd().replace(/^/gm, '  | ')}\n\n`,
  );
  if (isAllowed) return;
  const hint = 'Read the script, and give --yes; or run it there yourself: docs/collect.sh.';
  const answer = await askYes(`Run it on ${hosts.join(' and ')}? [y/N] `, io);
  if (answer === undefined)
    throw new UsageError('expected --yes, as nobody can be asked here whether to run this by ssh', { hint });
  if (!answer) throw new UsageError('nothing was run: it was not allowed', { hint });
}

/**
 * The files of a host, by the system's own ssh with the user's configuration.
 * @throws UsageError when ssh cannot reach it, or something else than the script's tar comes back.
 */
export async function readRemote(host: string, { tell, io }: Context): Promise<readonly SourceFile[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lvs-lab-ssh-'));
  try {
    const tar = join(folder, host.replace(/^ssh:\/\//, '').replaceAll(/[^\w.@:-]/g, ''));
    await hostCommand(argvFor(host), {
      purpose: `read ${host} by ssh`,
      seconds: mostSeconds,
      inputFile: script,
      outputFile: tar,
      signal: io.signal,
    });
    const files = await readFiles([tar], folder);
    const about = files.find(({ name }) => name.endsWith('about.txt'));
    if (about === undefined) throw notTheTar(host);
    const user = about.text.trim().split('\n').at(-1) ?? '';
    if (user !== '0')
      tell(
        `${host}: the script ran as the user ${user}, and what only root may read is not among the files\n`,
      );
    return files.map(({ name, ...rest }) => ({
      ...rest,
      name: name.slice(folder.length + 1),
      isNamed: false,
    }));
  } catch (error) {
    if (!(error instanceof LabError) || error instanceof UsageError) throw error;
    throw new UsageError(error.message, {
      hint: `See whether \`ssh ${host} true\` works; ssh's own configuration applies.`,
      ...(error.details !== undefined && { details: error.details }),
    });
  } finally {
    await removeTree(folder);
  }
}

function argvFor(host: string): readonly string[] {
  return ['ssh', '-T', '--', host, onHost];
}

function notTheTar(host: string): UsageError {
  return new UsageError(`expected the script's tar from ${host}, found something else`, {
    hint: `Where the shell there prints something at login, let it do so for terminals only: \`ssh ${host} true\` must print nothing.`,
  });
}
