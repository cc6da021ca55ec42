import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../../../../../src/report/document/resultDocument.js';
import { ExitCode } from '../../../../../src/support/errors.js';
import { packageRoot } from '../../../../../src/support/packageRoot.js';
import { judgeAgain } from '../../../../../src/cli/results/judgeAgain.js';
import { engine } from '../../../report/document/samples.js';
import { failed, passed } from '../../../report/samples.js';
import { compact, detailsIn } from '../../../report/html/recorded.js';
import { fakeServices, folder, lvsLab, result, type Calls } from '../../harness.js';

const fixture = (name: string) => join(packageRoot, 'test', 'fixtures', 'runs', name);

/** A run's directory with the evidence of one job, and its results. */
async function recordedRun(): Promise<string> {
  const run = folder();
  const job = join(run, 'close-server-first');
  cpSync(fixture('close-server-first'), job, { recursive: true });
  const judged = { ...(await judgeAgain(job)), seconds: 12 };
  writeDocument(run, [judged]);
  return run;
}

function writeDocument(run: string, results: Parameters<typeof resultDocument>[0]['results']): void {
  const document = resultDocument({
    version: '1',
    runId: 'abcd2345',
    directory: run,
    engines: [engine],
    results,
    exitCode: ExitCode.ok,
  });
  writeFileSync(join(run, 'results.json'), JSON.stringify(document));
}

const pageIn = (directory: string, name = 'report.html') =>
  compact(readFileSync(join(directory, name), 'utf8'));

describe('lvs-lab report', () => {
  it('makes the page of a run anew, in its directory, and prints where it is', async () => {
    const run = await recordedRun();
    const { code, out, err } = await lvsLab(['report', run]);
    expect({ code, out, err }).toEqual({ code: 0, out: `${join(run, 'report.html')}\n`, err: '' });
    expect(pageIn(run)).toContain('run abcd2345');
    expect(pageIn(run)).toContain('12.0 s');
    expect(pageIn(run)).toContain(engine.identity.kernel);
    expect(detailsIn(pageIn(run))).toHaveLength(1);
  });

  it('shows what judging the evidence comes to, not what was recorded of it', async () => {
    const run = await recordedRun();
    const file = join(run, 'close-server-first', 'measured', 'client.pcap');
    writeFileSync(file, readFileSync(file).subarray(0, 2000));
    expect((await lvsLab(['report', run])).code).toBe(0);
    expect(pageIn(run)).toContain('class="result inconclusive"');
    expect(pageIn(run)).not.toContain('class="result pass"');
  });

  it('shows what was recorded where the evidence is gone, and says so', async () => {
    const run = await recordedRun();
    rmSync(join(run, 'close-server-first'), { recursive: true });
    expect((await lvsLab(['report', run])).code).toBe(0);
    expect(pageIn(run)).toContain('class="result pass"');
    expect(pageIn(run)).toContain('and with it all that was recorded: only the verdict is known');
    expect(detailsIn(pageIn(run))).toEqual([]);
  });

  it('takes a results.json of any name, and one job of a run', async () => {
    const run = folder();
    writeDocument(run, [result({ verdict: failed, directory: join(run, 'a') })]);
    cpSync(join(run, 'results.json'), join(run, 'kept.json'));
    expect((await lvsLab(['report', join(run, 'kept.json')])).out).toBe(`${join(run, 'report.html')}\n`);
    expect(pageIn(run)).toContain('class="result fail"');
    const whole = await recordedRun();
    const job = join(whole, 'close-server-first');
    expect((await lvsLab(['report', job])).out).toBe(`${join(job, 'report.html')}\n`);
    expect(detailsIn(pageIn(job))).toHaveLength(1);
  });

  it('makes a page of a run that was killed before it had results', async () => {
    const run = await recordedRun();
    rmSync(join(run, 'results.json'));
    expect((await lvsLab(['report', run])).code).toBe(0);
    expect(pageIn(run)).toContain('class="result pass"');
    expect(pageIn(run)).toContain('Not known: no engine could be opened');
  });

  it('writes it elsewhere with --out, with links from there, and never over evidence', async () => {
    const run = await recordedRun();
    const other = folder();
    const { out } = await lvsLab(['report', run, '--out', join(other, 'new', 'page.html')]);
    expect(out).toBe(`${join(other, 'new', 'page.html')}\n`);
    expect(existsSync(join(run, 'report.html'))).toBe(false);
    const [details = ''] = detailsIn(readFileSync(join(other, 'new', 'page.html'), 'utf8'));
    const [, link = ''] = /href="(\.\/[^"]*client\.pcap)"/.exec(details) ?? [];
    expect(existsSync(join(other, 'new', link))).toBe(true);
    const plan = join(run, 'close-server-first', 'plan.json');
    const before = readFileSync(plan, 'utf8');
    for (const place of [plan, join(run, 'results.json'), join(run, 'new.html')])
      expect((await lvsLab(['report', run, '--out', place])).code).toBe(5);
    expect(readFileSync(plan, 'utf8')).toBe(before);
    expect((await lvsLab(['report', run, '--out', other])).code).toBe(5);
  });

  it('opens it when asked to', async () => {
    const run = await recordedRun();
    const calls: Calls = [];
    await lvsLab(['report', run, '--open'], fakeServices({}, calls));
    await lvsLab(['report', run], fakeServices({}, calls));
    expect(calls).toEqual([`open page ${join(run, 'report.html')}`]);
  });

  it('says what is there where no run is', async () => {
    const empty = folder();
    mkdirSync(join(empty, 'x'));
    const { code, err } = await lvsLab(['report', empty]);
    expect(code).toBe(5);
    expect(err).toContain("expected a run's directory");
    expect((await lvsLab(['report', join(empty, 'none')])).code).toBe(5);
    expect(existsSync(join(empty, 'report.html'))).toBe(false);
  });
});

describe('lvs-lab compare --html', () => {
  it('leaves a page of what differs, what is worse first', async () => {
    const [one, other] = [folder(), folder()];
    const of = (scenario: string, verdict: typeof passed, directory: string) =>
      result({ scenario, job: scenario, verdict, directory: join(directory, 'a') });
    writeDocument(one, [
      of('t/same', passed, one),
      of('t/other', { ...passed, measured: passed.control }, one),
    ]);
    writeDocument(other, [of('t/same', passed, other), of('t/other', passed, other)]);
    const page = join(folder(), 'new', 'differences.html');
    const { code } = await lvsLab(['compare', one, other, '--html', page]);
    expect(code).toBe(1);
    const text = compact(readFileSync(page, 'utf8'));
    expect(text.indexOf('t/other')).toBeLessThan(text.indexOf('t/same'));
    expect(text).toContain('class="change worse"');
    expect((await lvsLab(['compare', one, other, '--html', join(one, 'results.json')])).code).toBe(5);
  });
});
