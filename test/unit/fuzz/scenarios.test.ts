import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exitCodeFor } from '../../../src/cli/frame/exitCodes.js';
import { loadScenario } from '../../../src/scenario/file/loadScenario.js';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { folder, lvsLab } from '../cli/harness.js';
import { libraryText } from '../scenario/libraryText.js';
import { amount } from './amount.js';
import { mutatedScenario, scenarioMutations } from './scenarioMutations.js';

/** Of processor time: a file takes some ten milliseconds of it, and on a machine that is busy waits for them, for seconds. */
const mostMs = 5000;
/** Above what the process had when it began. */
const mostMegabytes = 700;
const patienceMs = 400;

const cwd = folder();
const library = path.join(packageRoot, 'scenarios');
const texts = readdirSync(library, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  // With their rules in them, and with those that several have in files of their own.
  .flatMap((name) => [
    libraryText(name.slice(0, -'.yaml'.length)),
    readFileSync(path.join(library, name), 'utf8'),
  ]);

interface Taken {
  /** What `validate`, and `plan` for a valid file, end with. */
  readonly codes: readonly number[];
  readonly said: string;
  readonly milliseconds: number;
}

async function taken(file: string): Promise<Taken> {
  const start = process.cpuUsage();
  const refusal = await loadScenario(file).then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  const { user, system } = process.cpuUsage(start);
  const milliseconds = (user + system) / 1000;
  if (refusal !== undefined)
    return { codes: [exitCodeFor(refusal)], said: String(refusal.stack), milliseconds };
  const { code, err } = await lvsLab(['plan', file], undefined, { cwd });
  return { codes: [0, code], said: err, milliseconds };
}

describe('a scenario file that was mutated', () => {
  const { runs, seed } = amount(100);

  it(
    'is valid (0) or refused (5), in bounded time and memory',
    { timeout: 30_000 + runs * patienceMs },
    async () => {
      const file = path.join(cwd, 'topic', 'mutated.yaml');
      mkdirSync(path.dirname(file));
      cpSync(path.join(library, 'rules'), path.join(cwd, 'rules'), { recursive: true });
      const before = process.resourceUsage().maxRSS;
      const counts = { valid: 0, refused: 0 };
      const faults: string[] = [];
      let longest = 0;
      for (const [index, mutation] of fc.sample(scenarioMutations, { numRuns: runs, seed }).entries()) {
        const text = mutatedScenario(texts[index % texts.length]!, mutation);
        writeFileSync(file, text);
        const { codes, said, milliseconds } = await taken(file);
        counts[codes[0] === 0 ? 'valid' : 'refused'] += 1;
        longest = Math.max(longest, milliseconds);
        if (codes.some((code) => code !== 0 && code !== 5) || milliseconds > mostMs) {
          faults.push(
            `number ${index}: ${JSON.stringify(mutation).slice(0, 300)}\nended with ${codes.join(', ')} after ${milliseconds.toFixed(0)} ms\n${said.slice(0, 600)}\n${text.toString().slice(0, 200)}`,
          );
        }
      }
      const grown = (process.resourceUsage().maxRSS - before) / 1024;
      console.log(
        `${runs} mutations of scenario files, seed ${seed}: ${JSON.stringify(counts)}, longest ${longest.toFixed(0)} ms, ${grown.toFixed(0)} MB more`,
      );
      expect(faults.slice(0, 5)).toEqual([]);
      expect(grown).toBeLessThan(mostMegabytes);
      // It is a test of both only if both come about.
      expect(counts.valid).toBeGreaterThan(runs / 50);
      expect(counts.refused).toBeGreaterThan(runs / 4);
    },
  );
});
