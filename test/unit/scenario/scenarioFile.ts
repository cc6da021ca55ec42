import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { UsageError } from '../../../src/support/errors.js';
import { loadScenario } from '../../../src/scenario/file/loadScenario.js';
import type { Scenario } from '../../../src/scenario/model/scenario.js';

/** A valid scenario with no more than it must have; line numbers of tests count from here. */
export const minimal = `id: close/example
title: An example
story: Something happens.
why: For a reason.
load: { close: { first: server } }
expect: { outcome: healthy }
`;

/** Calls `use` with the path of a file of this content, which is gone afterwards. */
export async function withFile<T>(content: string | Buffer, use: (file: string) => Promise<T>): Promise<T> {
  return inFolder({ 'scenario.yaml': content }, (folder) => use(join(folder, 'scenario.yaml')));
}

/** Calls `use` with the path of a folder that has these files, and is gone afterwards. */
export async function inFolder<T>(
  files: Readonly<Record<string, string | Buffer>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'lvs-lab-scenario-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The scenario a text is. */
export function scenarioOf(text: string): Promise<Scenario> {
  return withFile(text, (file) => loadScenario(file));
}

/** Every problem of a text, one a line, with FILE for the path shown; fails when there is none. */
export function problemsOf(text: string | Buffer, id?: string): Promise<readonly string[]> {
  return withFile(text, async (file) => {
    const error = await loadScenario(file, id === undefined ? {} : { id }).then(
      () => undefined,
      asUsageError,
    );
    if (error === undefined)
      throw new Error(`expected problems, found a valid scenario:\n${text.toString()}`);
    return error.message.replaceAll(relative(process.cwd(), file), 'FILE').split('\n');
  });
}

function asUsageError(error: unknown): UsageError {
  if (error instanceof UsageError) return error;
  throw error;
}
