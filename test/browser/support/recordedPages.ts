import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeAgain } from '../../../src/cli/results/judgeAgain.js';
import { compareResults } from '../../../src/report/compare/compareResults.js';
import { comparisonPageText } from '../../../src/report/html/comparisonPage.js';
import { runPageText } from '../../../src/report/html/runPage.js';
import type { EngineRecord } from '../../../src/run/model/engineRecord.js';
import type { Job } from '../../../src/run/model/jobs.js';
import type { ScenarioResult } from '../../../src/run/model/scenarioResult.js';
import { ExitCode, LabError } from '../../../src/support/errors.js';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { fakeServices, lvsLab, result, scenarioFiles } from '../../unit/cli/harness.js';
import { nested } from '../../unit/cli/matrices.js';
import { engine } from '../../unit/report/document/samples.js';
import { failed, inconclusive, passed } from '../../unit/report/samples.js';

/** What no page may take for more than text: markup, ends of what it stands in, and control characters. */
export const evil = `</template></script><script>alert(1)</script><img src=x onerror="alert(2)">' onload='alert(3)' \u0000\u001b[2J\u202e`;

const fixtures = join(packageRoot, 'test', 'fixtures', 'runs');
/** Recorded runs with all their evidence; `flows` is one of a raw-socket load. */
const complete = ['close-server-first', 'healthy', 'flows', 'routed-nat-silent', 'ipv6-reset'] as const;

/** The files of pages that there are to look at. */
export interface Pages {
  /** Jobs of each recorded run, and one each that failed, was undecided, broke, or never ran. */
  readonly kinds: string;
  /** As many jobs as the library has, and `kinds`. */
  readonly library: string;
  /** What `run` leaves with two kernels and two flavours, in which one job has no verdict. */
  readonly matrix: string;
  /** What `merge` leaves of the shards of that run. */
  readonly merged: string;
  readonly hostile: string;
  readonly comparison: string;
}

/** Makes all pages in this folder, from recorded runs. */
export async function makePages(place: string): Promise<Pages> {
  const recorded = await Promise.all(complete.map((name) => judgeAgain(join(fixtures, name))));
  const others = withoutEvidence();
  const ids = readdirSync(join(packageRoot, 'scenarios'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /^[a-z-]+\/[a-z0-9-]+\.yaml$/.test(name))
    .map((name) => name.replace(/\.yaml$/, ''));
  const library = ids.map((id, index) => ({
    ...recorded[index % recorded.length]!,
    ...{ scenario: id, job: id },
  }));
  const write = async (name: string, text: Promise<string>): Promise<string> => {
    const file = join(place, name);
    writeFileSync(file, await text);
    return file;
  };
  return {
    kinds: await write('kinds.html', pageText([...recorded, ...others], fixtures)),
    library: await write('library.html', pageText([...library, ...others], fixtures)),
    ...(await runAndMerge(place)),
    hostile: await write('hostile.html', pageText(await hostile(place), place, [hostileEngine()])),
    comparison: await write('comparison.html', comparison(place)),
  };
}

function pageText(
  results: readonly ScenarioResult[],
  beside: string,
  engines: readonly EngineRecord[] = [engine],
): Promise<string> {
  const report = { version: '9.9.9', runId: 'abcd2345', results, engines, directory: beside };
  return runPageText({ ...report, exitCode: ExitCode.ok }, beside);
}

/** One job each that failed, was undecided, broke, and never ran. */
function withoutEvidence(): readonly ScenarioResult[] {
  const gone = { repeat: 1, directory: join(fixtures, 'none'), seconds: 1 };
  const error = new LabError('the guest kernel panicked', { hint: 'see console.log' });
  return [
    { ...gone, scenario: 't/fail', job: 't/fail', verdict: failed },
    { ...gone, scenario: 't/doubt', job: 't/doubt', verdict: inconclusive },
    { ...gone, scenario: 't/broke', job: 't/broke', error },
    { ...gone, scenario: 't/never', job: 't/never', notRun: 'deadline' },
  ];
}

/** Runs a matrix by the command line, whole and in two shards, and merges these. The labs are recorded runs. */
async function runAndMerge(place: string): Promise<{ readonly matrix: string; readonly merged: string }> {
  const runRecorded = async (job: Job, out: string): Promise<ScenarioResult> => {
    const directory = join(out, job.name);
    const { id, file, hash } = job.scenario;
    const from = id.slice('t/'.length);
    if (from === 'lost')
      return result(
        { directory, file, hash, verdict: undefined, error: new LabError('the guest is gone') },
        job,
      );
    mkdirSync(directory, { recursive: true });
    cpSync(join(fixtures, from), directory, { recursive: true });
    const { verdict } = await judgeAgain(directory);
    writeFileSync(join(directory, 'verdict.json'), JSON.stringify(verdict));
    return result({ directory, file, hash, ...(verdict === undefined ? {} : { verdict }) }, job);
  };
  const services = nested(
    fakeServices({
      runScenarios: ({ jobs, out }) => Promise.all(jobs.map((job) => runRecorded(job, out))),
    }),
  );
  const files = scenarioFiles(
    place,
    [...complete, 'lost'].map((name) => ({ id: `t/${name}` })),
  );
  const matrix = ['--kernel', 'debian:sid,debian:bookworm', '--iptables', 'legacy,nft'];
  const type = async (...argv: readonly string[]): Promise<void> => {
    const { code, err } = await lvsLab(argv, services, { cwd: place });
    if (code === ExitCode.usage) throw new Error(err);
  };
  await type('run', ...files, ...matrix, '--out', 'whole');
  await type('run', ...files, ...matrix, '--out', 's1', '--shard', '1/2');
  await type('run', ...files, ...matrix, '--out', 's2', '--shard', '2/2');
  await type('merge', 's1', 's2', '--out', 'merged');
  return {
    matrix: join(place, 'whole', 'report.html'),
    merged: join(place, 'merged', 'report.html'),
  };
}

/** A job in which each text that a person writes is hostile, one with hostile names and reasons, and one that broke. */
async function hostile(place: string): Promise<readonly ScenarioResult[]> {
  const job = join(place, 'hostile');
  cpSync(join(fixtures, 'close-server-first'), job, { recursive: true });
  const edit = (name: string, change: (text: string) => string): void => {
    writeFileSync(join(job, name), change(readFileSync(join(job, name), 'latin1')), 'latin1');
  };
  edit('scenario.yaml', (text) => text.replace(/^title: .*$/m, `title: ${JSON.stringify(evil)}`));
  edit('measured/director.final', (text) =>
    text.replaceAll(
      '-j REJECT',
      `-m comment --comment "${evil.replaceAll(/["\u0000]/g, '').slice(0, 120)}" -j REJECT`,
    ),
  );
  const judged = await judgeAgain(job);
  const long = 'x'.repeat(5000);
  const cell = { kernel: evil, image: long, iptables: undefined };
  const elsewhere = { repeat: 1, directory: join(place, evil.replaceAll('\u0000', '')), seconds: 1 };
  return [
    { ...judged, scenario: evil, job: evil, cell },
    { ...elsewhere, scenario: 't/doubt', job: evil, verdict: { ...inconclusive, reasons: [evil, long] } },
    {
      ...elsewhere,
      ...{ scenario: long, job: long, error: new LabError(evil, { hint: evil, details: long }) },
    },
  ];
}

/** What a run says that it ran on, every text of it hostile. */
function hostileEngine(): EngineRecord {
  const texts = JSON.parse(JSON.stringify(engine), (_key, value: unknown) =>
    typeof value === 'string' ? evil : value,
  ) as EngineRecord;
  return { ...texts, kernel: evil, image: 'x'.repeat(5000) };
}

function comparison(place: string): Promise<string> {
  const [before, after] = [passed, failed].map((verdict) => ({
    directory: place,
    results: [{ scenario: 't/a', job: 't/a', repeat: 1, directory: place, seconds: 1, verdict }],
    engines: [engine],
    document: { tool: { name: 'lvs-lab' as const, version: '1' }, mutated: false },
  })) as unknown as [Parameters<typeof compareResults>[0], Parameters<typeof compareResults>[1]];
  return comparisonPageText(compareResults(before, after));
}
