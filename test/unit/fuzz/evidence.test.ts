import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecordedExpectation } from '../../../src/cli/results/recordedScenarios.js';
import { readScenarioEvidence } from '../../../src/evidence/directory/read.js';
import { LabError } from '../../../src/support/errors.js';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { folder } from '../cli/harness.js';
import { judge } from '../../../src/verdict/judge.js';
import { mendManifest } from '../evidence/mend.js';
import { amount } from './amount.js';
import { mutated, mutations, type Files, type Mutation } from './mutations.js';

const recorded = path.join(packageRoot, 'test', 'fixtures', 'runs');
/** A mutation takes some hundredths of a second, and ten times that on a machine that is busy. */
const patienceMs = 400;

/** A recorded run in a folder that may be spoiled. */
class SpoiledRun {
  private constructor(
    readonly name: string,
    private readonly directory: string,
    private readonly files: Files,
    private readonly asRecorded: Judged,
  ) {}

  static async of(name: string): Promise<SpoiledRun> {
    const directory = path.join(folder(), name);
    cpSync(path.join(recorded, name), directory, { recursive: true });
    const files = filesOf(directory);
    return new SpoiledRun(name, directory, files, await judged(directory));
  }

  /** What becomes of a mutation: undefined when it changed nothing, or else how judging took it. */
  async try(mutation: Mutation, { mend }: { readonly mend: boolean }): Promise<Taken | undefined> {
    const { files, changed } = mutated(this.files, mutation);
    if (changed.length === 0) return undefined;
    this.#write(files, changed);
    if (mend) await mendManifest(this.directory);
    const found = await judged(this.directory);
    this.#write(this.files, mend ? [...changed, 'manifest.json'] : changed);
    const what = `${this.name}: ${mutation.kind}, ${changed.slice(0, 3).join(', ')} ${JSON.stringify(mutation)}`;
    const isOtherVerdict = found.verdict !== this.asRecorded.verdict;
    if (found.text === this.asRecorded.text) return { how: 'same', what, isOtherVerdict };
    return {
      isOtherVerdict,
      how: isNamed(found, changed) ? 'named' : 'silent',
      what: `${what}\n${found.text.slice(0, 600)}`,
    };
  }

  #write(files: Files, names: readonly string[]): void {
    for (const name of names) {
      const file = path.join(this.directory, name);
      const bytes = files.get(name);
      if (bytes === undefined) rmSync(file, { force: true });
      else writeFileSync(file, bytes);
    }
  }
}

interface Judged {
  readonly text: string;
  /** What it came to, whatever its numbers. */
  readonly verdict: string;
  /** There is no verdict that says pass or fail. */
  readonly isOpen: boolean;
  /** Why. */
  readonly said: string;
}

interface Taken {
  readonly how: 'same' | 'named' | 'silent';
  /** Not only its numbers are others. */
  readonly isOtherVerdict: boolean;
  readonly what: string;
}

function filesOf(directory: string): Files {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)))
    .sort();
  return new Map(names.map((name) => [name, readFileSync(path.join(directory, name))]));
}

/** What `lvs-lab judge` makes of a folder: its verdict, or the error that it has instead of one. */
async function judged(directory: string): Promise<Judged> {
  try {
    const expected = await readRecordedExpectation(directory);
    const verdict = judge(expected, await readScenarioEvidence(directory));
    return {
      text: JSON.stringify(verdict),
      verdict: JSON.stringify([
        verdict.result,
        verdict.control?.outcome,
        verdict.measured?.outcome,
        verdict.measured?.signal,
      ]),
      isOpen: verdict.result === 'inconclusive',
      said: verdict.reasons.join('\n'),
    };
  } catch (error) {
    // Anything else is a fault of the reader.
    return { text: String(error), verdict: '', isOpen: error instanceof LabError, said: String(error) };
  }
}

/** No verdict, and one of the files that are not as they were is named, or the folder of one. */
function isNamed({ isOpen, said }: Judged, changed: readonly string[]): boolean {
  const folders = changed.map((name) => `${path.dirname(name)}/: `);
  return isOpen && [...changed, ...folders].some((name) => said.includes(name));
}

/** Tries mutations, of each recorded run in turn, until so many have changed something. */
async function tried(runs: number, seed: number, how: { readonly mend: boolean }) {
  const targets = await Promise.all(
    readdirSync(recorded, { withFileTypes: true })
      // The recordings that are cut down have no manifest, and are inconclusive as they are.
      .filter((entry) => entry.isDirectory() && existsSync(path.join(recorded, entry.name, 'manifest.json')))
      .map(({ name }) => SpoiledRun.of(name)),
  );
  const counts = { same: 0, named: 0, silent: 0, otherVerdict: 0 };
  const silent: string[] = [];
  // Some have nothing to change: a file without a digit, two lines that are the same.
  const supply = fc.sample(mutations, { numRuns: 2 * runs, seed });
  let done = 0;
  for (const [index, mutation] of supply.entries()) {
    if (done === runs) break;
    const taken = await targets[index % targets.length]!.try(mutation, how);
    if (taken === undefined) continue;
    done += 1;
    counts[taken.how] += 1;
    if (taken.how === 'silent') silent.push(taken.what);
    if (taken.how === 'silent' && taken.isOtherVerdict) counts.otherVerdict += 1;
  }
  console.log(
    `${done} mutations of evidence${how.mend ? ', manifest mended' : ''}, seed ${seed}: ${JSON.stringify(counts)}`,
  );
  return { done, counts, silent };
}

describe('recorded evidence that was cut, edited or taken away', () => {
  const { runs, seed } = amount(100);

  it(
    'never comes to another verdict without the file being named',
    { timeout: 30_000 + runs * patienceMs },
    async () => {
      const { done, counts, silent } = await tried(runs, seed, { mend: false });
      expect(silent.slice(0, 5)).toEqual([]);
      expect(done).toBe(runs);
      expect(counts.named).toBeGreaterThan(runs / 2);
    },
  );

  it('would, were it not for the manifest', { timeout: 30_000 + runs * patienceMs }, async () => {
    const { counts } = await tried(Math.min(runs, 2000), seed, { mend: true });
    expect(counts.silent).toBeGreaterThan(0);
  });
});
