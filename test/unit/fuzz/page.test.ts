import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeAgain } from '../../../src/cli/results/judgeAgain.js';
import { runPageText } from '../../../src/report/html/runPage.js';
import { ExitCode } from '../../../src/support/errors.js';
import { folder } from '../cli/harness.js';
import { mendManifest } from '../evidence/mend.js';
import { detailsIn, recorded } from '../report/html/recorded.js';
import { amount } from './amount.js';
import { mutated, mutations, type Files } from './mutations.js';

const runsToSpoil = ['close-server-first', 'flows', 'routed-nat-silent'] as const;
/** What arithmetic on something that is not there looks like in a text or a drawing. */
const notThere = /[>" ,-](?:NaN|undefined|-?Infinity)[<" ,%]/;

interface Shown {
  /** What is there without JavaScript, in which no raw file is linked. */
  readonly summary: string;
  readonly details: string;
}

/** The page of a folder with one job, as it is now. */
async function shown(directory: string): Promise<Shown> {
  const result = { ...(await judgeAgain(directory)), seconds: 1 };
  const text = await runPageText(
    { version: '9.9.9', results: [result], directory, exitCode: ExitCode.ok },
    directory,
  );
  return {
    summary: text.replaceAll(/<template[^]*?<\/template>/g, ''),
    details: detailsIn(text).join('\n'),
  };
}

function filesOf(directory: string): Files {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    // It is no evidence: the page judges anew.
    .filter((name) => name !== 'verdict.json')
    .sort();
  return new Map(names.map((name) => [name, readFileSync(path.join(directory, name))]));
}

/** Pages of recorded runs that were spoiled, each with what was changed, and the page before. */
async function spoiled(runs: number, seed: number, isMended: boolean) {
  const targets = await Promise.all(
    runsToSpoil.map(async (name) => {
      const directory = path.join(folder(), name);
      cpSync(recorded(name), directory, { recursive: true });
      return { directory, files: filesOf(directory), before: await shown(directory) };
    }),
  );
  const pages: {
    readonly what: string;
    readonly changed: readonly string[];
    readonly before: Shown;
    readonly now: Shown;
  }[] = [];
  for (const [index, mutation] of fc.sample(mutations, { numRuns: 2 * runs, seed }).entries()) {
    if (pages.length === runs) break;
    const { directory, files, before } = targets[index % targets.length]!;
    const { files: after, changed } = mutated(files, mutation);
    if (changed.length === 0) continue;
    const write = (all: Files, names: readonly string[]): void => {
      for (const name of names) {
        const bytes = all.get(name);
        if (bytes === undefined) rmSync(path.join(directory, name), { force: true });
        else writeFileSync(path.join(directory, name), bytes);
      }
    };
    write(after, changed);
    if (isMended) await mendManifest(directory);
    const now = await shown(directory);
    write(files, [...changed, 'manifest.json']);
    pages.push({ what: JSON.stringify({ changed, mutation }), changed, before, now });
  }
  return pages;
}

describe('the page of evidence that was cut, edited or taken away', () => {
  const { runs, seed } = amount(60);
  const patience = { timeout: 60_000 + runs * 1000 };

  it(
    'is made, draws nothing that is not there, and names a file where it is not as before',
    patience,
    async () => {
      const pages = await spoiled(runs, seed, false);
      const others = pages.filter(
        ({ before, now }) => now.summary !== before.summary || now.details !== before.details,
      );
      const unnamed = others.filter(
        ({ changed, now }) =>
          ![...changed, ...changed.map((name) => `${path.dirname(name)}/: `)].some((name) =>
            now.summary.includes(name),
          ),
      );
      expect(unnamed.slice(0, 3).map(({ what }) => what)).toEqual([]);
      expect(others.length).toBeGreaterThan(pages.length / 2);
      expect(pages.length).toBe(runs);
      for (const { what, now } of pages)
        expect(notThere.exec(`${now.summary}${now.details}`)?.[0], what).toBeUndefined();
    },
  );

  it(
    'is made, and draws nothing that is not there, where the manifest was mended too',
    patience,
    async () => {
      const pages = await spoiled(runs, seed + 1, true);
      expect(pages.length).toBe(runs);
      for (const { what, now } of pages)
        expect(notThere.exec(`${now.summary}${now.details}`)?.[0], what).toBeUndefined();
    },
  );

  it('would be found out to draw what is not there', () => {
    expect(notThere.test('<path d="M0,NaN L3,4"/>')).toBe(true);
    expect(notThere.test('<td>undefined</td>')).toBe(true);
    expect(notThere.test('<td>3</td>')).toBe(false);
  });
});
