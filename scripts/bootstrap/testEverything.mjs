import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Interrupted } from './children.mjs';
import { countTests, total } from './counts.mjs';

const staticChecks = ['format:check', 'lint', 'types', 'imports', 'unused'];

/**
 * @typedef {import('./counts.mjs').Counts} Counts
 * @typedef {object} Tools
 * @property {import('./children.mjs').Run} run
 * @property {() => Promise<void>} build makes dist
 * @property {(line: string) => void} print
 */

/**
 * Every check the project has, cheap ones first; what needs an engine only runs when they passed.
 * The last line printed is `N passed, N failed`: each test and each static check is one.
 * @param {Tools} tools
 * @returns {Promise<number>} exit code: 1 when anything failed or nothing ran
 */
export async function testEverything(tools) {
  /** @type {Counts[]} */
  const counts = [];
  for (const check of staticChecks) counts.push(await staticCheck(check, tools));
  counts.push(await suite('unit', tools));
  if (total(counts).failed > 0) tools.print('\nnot run: integration, because the checks above failed');
  else counts.push(...(await integration(tools)));
  const { passed, failed, skipped } = total(counts);
  if (skipped > 0) tools.print(`${skipped} skipped`);
  tools.print(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

/**
 * @param {string} name an npm script
 * @param {Tools} tools
 * @returns {Promise<Counts>}
 */
async function staticCheck(name, { run, print }) {
  print(`\n== ${name}`);
  return asOne((await run('npm', ['run', '--silent', name])) === 0);
}

/**
 * The integration tests, after the system packages they need; a failed preparation counts as one failure.
 * @param {Tools} tools
 * @returns {Promise<Counts[]>}
 */
async function integration(tools) {
  tools.print('\n== doctor');
  try {
    await tools.build();
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    tools.print(`error: ${error instanceof Error ? error.message : String(error)}`);
    return [asOne(false)];
  }
  const code = await tools.run(process.execPath, [
    'dist/cli/main.js',
    'doctor',
    '--install',
    '--engine',
    'vm',
  ]);
  return code === 0 ? [await suite('integration', tools)] : [asOne(false)];
}

/**
 * @param {'unit' | 'integration'} name
 * @param {Tools} tools
 * @returns {Promise<Counts>}
 */
async function suite(name, { run, print }) {
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
    return countTests(readReport(file), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} file
 * @returns {import('./counts.mjs').VitestReport | undefined}
 */
function readReport(file) {
  if (!existsSync(file)) return undefined;
  return /** @type {import('./counts.mjs').VitestReport} */ (JSON.parse(readFileSync(file, 'utf8')));
}

/**
 * @param {boolean} ok
 * @returns {Counts}
 */
function asOne(ok) {
  return ok ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}
