/**
 * Stands in for `lvs-lab run` in a matrix: reads --jobs and --out, tells events on stderr, leaves results.json. What becomes of a job is
 * in FAKE_FATES (job -> fate), what a passed one comes to in FAKE_VERDICT; FAKE_BOOT=fails has it come to no engine.
 *
 * Plain JavaScript: it is started anew for each attempt of each matrix, and a loader of TypeScript would take longer than all of this.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const argv = process.argv.slice(2);
/** @param {string} name */
const option = (name) => argv[argv.indexOf(name) + 1] ?? '';
/** @type {Record<string, unknown>} */
const fates = JSON.parse(process.env['FAKE_FATES'] ?? '{}');
/** @type {unknown} */
const verdict = JSON.parse(process.env['FAKE_VERDICT'] ?? '{}');
/** @type {string[]} */
const jobs = JSON.parse(readFileSync(option('--jobs'), 'utf8'));
const out = option('--out');
mkdirSync(out, { recursive: true });

/** @type {unknown[]} */
const entries = [];
/** @param {object} event */
const tell = (event) => {
  process.stderr.write(`${JSON.stringify({ time: '', ...event })}\n`);
};
/** @param {string} job @param {object} more */
const settle = (job, more) => {
  const directory = job.replaceAll('/', '-');
  entries.push({ job, id: job, repeat: 1, cell: {}, directory, seconds: 1, ...more });
};
/** @param {number} exitCode @param {object} [error] */
const leave = (exitCode, error) => {
  const document = { schema: 2, tool: { name: 'lvs-lab', version: '1' }, engines: [], mutated: false };
  const said = { ...document, scenarios: entries, exitCode, error };
  const sha256 = createHash('sha256').update(JSON.stringify(said)).digest('hex');
  writeFileSync(path.join(out, 'results.json'), JSON.stringify({ ...said, sha256 }));
  process.exit(exitCode);
};

tell({ type: 'engine-step', step: 'boot', state: 'started' });
if (process.env['FAKE_BOOT'] === 'fails') leave(2, { name: 'LabError', message: 'no such kernel' });
tell({ type: 'engine-step', step: 'boot', state: 'finished', seconds: 1 });
tell({ type: 'run-started', runId: 'x', directory: out, scenarios: jobs, lanes: 1 });
for (const job of jobs) {
  const fate = fates[job] ?? 'passes';
  tell({ type: 'scenario-started', scenario: job, title: 'About it' });
  const error = { name: 'LabError', message: 'the VM is gone' };
  if (fate === 'passes') {
    settle(job, { result: 'pass', exitCode: 0, verdict });
    tell({ type: 'scenario-finished', scenario: job, verdict, directory: out, seconds: 1 });
  } else if (fate === 'loses its VM') {
    settle(job, { result: 'broke', exitCode: 2, error });
    tell({ type: 'scenario-broke', scenario: job, error, directory: out, seconds: 1 });
    leave(2);
  } else if (fate === 'is killed') {
    process.kill(process.pid, 'SIGKILL');
  } else if (fate === 'crashes') {
    process.stderr.write('TypeError: x is not a function\n');
    process.exit(7);
  } else if (fate === 'waits') {
    process.on('SIGTERM', () => {
      leave(143, { name: 'Interruption', message: 'interrupted by SIGTERM' });
    });
    tell({ type: 'stage-started', scenario: job, stage: 'control' });
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  } else {
    process.on('SIGTERM', () => undefined);
    tell({ type: 'stage-started', scenario: job, stage: 'control' });
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  }
}
leave(0);
