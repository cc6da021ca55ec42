import { cpSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../../../../src/report/document/resultDocument.js';
import type { ResultDocument } from '../../../../src/report/document/documentSchema.js';
import type { ScenarioResult } from '../../../../src/run/model/scenarioResult.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';
import { folder, lvsLab } from '../harness.js';
import { documentIn } from '../matrices.js';

const recorded = ['close-server-first', 'healthy'];

interface Place {
  readonly cwd: string;
  /** A run's directory, with evidence that was really recorded, and its results. */
  readonly run: string;
  readonly merged: () => Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
}

/** A run's directory with results that `change` has made of what its evidence comes to. */
async function place(change: (result: ScenarioResult) => ScenarioResult = (same) => same): Promise<Place> {
  const cwd = folder();
  const run = join(cwd, 'run');
  mkdirSync(run);
  for (const name of recorded)
    cpSync(join(packageRoot, 'test/fixtures/runs', name), join(run, name), { recursive: true });
  const { scenarios, exitCode } = await judged(run);
  const results = scenarios.map(({ id, job, repeat, directory, verdict }) =>
    change({
      scenario: id,
      job,
      repeat,
      directory: join(run, directory),
      seconds: 1,
      verdict,
    } as ScenarioResult),
  );
  const document = resultDocument({ version: '9.9.9', directory: run, results, exitCode });
  writeFileSync(join(run, 'results.json'), JSON.stringify(document));
  return { cwd, run, merged: () => lvsLab(['merge', 'run', '--out', 'merged'], undefined, { cwd }) };
}

async function judged(directory: string): Promise<ResultDocument> {
  return JSON.parse((await lvsLab(['judge', directory, '--json'])).out) as ResultDocument;
}

const kinds = ({ scenarios }: ResultDocument) => scenarios.map(({ result }) => result);

describe('merged results', () => {
  it('have the verdicts whose evidence is as it was recorded', async () => {
    const { cwd, run, merged } = await place();
    const before = documentIn(run);
    expect(kinds(before)).toEqual(['pass', 'pass']);
    expect((await merged()).code).toBe(0);
    const after = documentIn(cwd, 'merged');
    expect(after.scenarios.map(({ verdict }) => verdict)).toEqual(
      before.scenarios.map(({ verdict }) => verdict),
    );
  });

  it.each<[string, (job: string) => void, RegExp]>([
    [
      'a capture is cut',
      (job) => {
        truncateSync(join(job, 'measured/client.pcap'), 500);
      },
      /client\.pcap: it has 500 bytes/,
    ],
    [
      'a listing is edited',
      (job) => {
        const file = join(job, 'measured/realserver1.samples');
        writeFileSync(file, readFileSync(file, 'utf8').replaceAll('FIN-WAIT-2', 'FIN-WAIT-1'));
      },
      /realserver1\.samples: its SHA-256 is .*: it was edited/,
    ],
    [
      'a capture is missing',
      (job) => {
        rmSync(join(job, 'measured/client.pcap'));
      },
      /client\.pcap: the file is missing/,
    ],
    [
      'a phase is missing',
      (job) => {
        rmSync(join(job, 'measured'), { recursive: true });
      },
      /measured\/: the folder is missing/,
    ],
    [
      'the manifest is missing',
      (job) => {
        rmSync(join(job, 'manifest.json'));
      },
      /manifest\.json: there is none/,
    ],
    [
      'the plan is edited',
      (job) => {
        writeFileSync(join(job, 'plan.json'), `${readFileSync(join(job, 'plan.json'), 'utf8')} `);
      },
      /plan\.json: it has/,
    ],
  ])('are inconclusive where %s, as `judge` says', async (_, spoil, reason) => {
    const { cwd, run, merged } = await place();
    spoil(join(run, 'close-server-first'));
    const { code, out } = await merged();
    expect(code).toBe(3);
    expect(out).toMatch(/^INCONCLUSIVE {2}close\/server-first/m);
    expect(out).toMatch(reason);
    const after = documentIn(cwd, 'merged');
    expect(kinds(after)).toEqual(['inconclusive', 'pass']);
    const again = await judged(join(cwd, 'merged/run'));
    expect(after.scenarios.map(({ verdict }) => verdict)).toEqual(
      again.scenarios.map(({ verdict }) => verdict),
    );
  });

  it.each<[string, (job: string) => void]>([
    [
      'its folder is missing',
      (job) => {
        rmSync(job, { recursive: true });
      },
    ],
    [
      'its plan is missing',
      (job) => {
        rmSync(join(job, 'plan.json'));
      },
    ],
  ])('have no verdict where %s', async (_, spoil) => {
    const { cwd, run, merged } = await place();
    spoil(join(run, 'close-server-first'));
    const { code, out } = await merged();
    expect(code).toBe(2);
    expect(out).toMatch(/evidence missing: expected that of the verdict `pass` in .*close-server-first/);
    const { scenarios } = documentIn(cwd, 'merged');
    expect(scenarios.map(({ result, verdict }) => [result, verdict?.result])).toEqual([
      ['broke', undefined],
      ['pass', 'pass'],
    ]);
  });

  it('have the verdict of the evidence where the results are of another run', async () => {
    const { cwd, run, merged } = await place(
      (result) =>
        ({
          ...result,
          verdict: { ...result.verdict!, result: 'fail' },
        }) as ScenarioResult,
    );
    writeFileSync(
      join(run, 'healthy/verdict.json'),
      JSON.stringify({ ...documentIn(run).scenarios[1]!.verdict, result: 'pass' }),
    );
    expect(kinds(documentIn(run))).toEqual(['fail', 'fail']);
    await merged();
    // The first has a verdict of before; the second, made to agree with its evidence, tells that the results do not.
    expect(kinds(documentIn(cwd, 'merged'))).toEqual(['pass', 'pass']);
  });
});

describe('judge', () => {
  it('takes what `merge` made, and comes to the same', async () => {
    const { cwd, merged } = await place();
    await merged();
    const again = await lvsLab(['judge', 'merged', '--json'], undefined, { cwd });
    expect(again.code).toBe(0);
    const { scenarios } = JSON.parse(again.out) as ResultDocument;
    const told = (entry: (typeof scenarios)[number]) => [entry.job, entry.directory, entry.verdict];
    expect(scenarios.map(told)).toEqual(documentIn(cwd, 'merged').scenarios.map(told));
  });

  it('takes what was merged of merged directories', async () => {
    const { cwd, merged } = await place();
    await merged();
    await lvsLab(['merge', 'merged', '--out', 'twice'], undefined, { cwd });
    truncateSync(join(cwd, 'twice/merged/run/healthy/measured/client.pcap'), 500);
    const { code, out } = await lvsLab(['judge', 'twice'], undefined, { cwd });
    expect(code).toBe(3);
    expect(out).toContain('1 passed, 0 failed, 1 inconclusive, 0 broke');
  });
});
