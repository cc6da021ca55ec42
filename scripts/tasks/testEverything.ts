import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { Interrupted, type Run } from '../bootstrap/children.mjs';
import { slowestFiles } from './slowest.js';
import { countTests, total, type Counts, type VitestReport } from './counts.js';

/** npm scripts that only read, the longest first; each keeps one processor busy. */
const staticChecks: readonly string[] = ['lint', 'types', 'unused', 'format:check', 'imports'];
const atOnce = pLimit(2);

/** npm scripts that install what they need, one at a time. */
const installing: readonly string[] = ['shell', 'rules:find'];

/** What running the checks takes. */
export interface Tools {
  readonly run: Run;
  /** Makes dist. */
  readonly build: () => Promise<void>;
  readonly print: (line: string) => void;
}

/**
 * Every check the project has, cheap ones first; what needs an engine only runs when they passed.
 * The last line printed is `N passed, N failed`: each test and each static check is one.
 * Gives the exit code: 1 when anything failed or nothing ran.
 */
export async function testEverything(tools: Tools): Promise<number> {
  const counts: Counts[] = [];
  counts.push(...(await Promise.all(staticChecks.map((name) => atOnce(() => staticCheck(name, tools))))));
  for (const name of installing) counts.push(await installed(name, tools));
  counts.push(await suite('unit', tools));
  counts.push(await browser(tools));
  if (total(counts).failed > 0) tools.print('\nnot run: integration, because the checks above failed');
  else counts.push(...(await integration(tools)));
  const { passed, failed, skipped } = total(counts);
  if (skipped > 0) tools.print(`${skipped} skipped`);
  tools.print(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

async function staticCheck(name: string, { run, print }: Tools): Promise<Counts> {
  const code = await run('npm', ['run', '--silent', name], (output) => {
    print(`\n== ${name}\n${output}`.trimEnd());
  });
  return asOne(code === 0);
}

/** A check that installs what it needs where that is not there. */
async function installed(name: string, { run, print }: Tools): Promise<Counts> {
  print(`\n== ${name}`);
  return asOne((await run('npm', ['run', '--silent', name, '--', '--install'])) === 0);
}

/** The tests of the page of a run in a Chromium, which is installed where there is none; that failing counts as one failure. */
async function browser(tools: Tools): Promise<Counts> {
  const found = await installed('browser:find', tools);
  return found.failed > 0 ? found : suite('browser', tools);
}

/** The integration tests, after the system packages they need; a failed preparation counts as one failure. */
async function integration(tools: Tools): Promise<readonly Counts[]> {
  tools.print('\n== doctor');
  try {
    await tools.build();
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    tools.print(`error: ${error instanceof Error ? error.message : String(error)}`);
    return [asOne(false)];
  }
  const prepare = ['dist/cli/main.js', 'doctor', '--install', '--engine', 'vm'];
  const code = await tools.run(process.execPath, prepare);
  return code === 0 ? [await suite('integration', tools)] : [asOne(false)];
}

async function suite(name: 'unit' | 'browser' | 'integration', { run, print }: Tools): Promise<Counts> {
  print(`\n== ${name}`);
  const folder = mkdtempSync(join(tmpdir(), 'lvs-lab-test-'));
  try {
    const file = join(folder, 'report.json');
    const reporters = [
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
      '--allowOnly=false',
    ];
    const code = await run('npm', ['run', '--silent', name, '--', ...reporters]);
    const report = readReport(file);
    // Its files run one after the other; where the time went is the first question when it is long.
    if (name === 'integration' && report !== undefined)
      for (const line of slowestFiles(report, process.cwd())) print(line);
    return countTests(report, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file: string): VitestReport | undefined {
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
}

function asOne(ok: boolean): Counts {
  return ok ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}
