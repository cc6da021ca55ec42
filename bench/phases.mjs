// How long `npm run repro`'s run takes, phase by phase: once with an empty cache, then warm. Prints a Markdown table.
// Usage: npm run bench [-- WARM_RUNS]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { built } from './guest/built.mjs';

/** @type {typeof import('../src/support/duration.js')} */
const { durationText } = await import(built('support/duration.js'));
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const scenarios = ['close/server-first', 'close/server-first-fixed'];

/** @typedef {{ type: string, step: string, state: string, scenario: string, stage: string, seconds: number }} LabEvent */

/**
 * Runs the two scenarios once; resolves with the seconds of each phase and of the whole.
 * @param {string} cache @param {string} out
 * @returns {Promise<Map<string, number>>}
 */
async function measure(cache, out) {
  const start = performance.now();
  const argv = [main, 'run', ...scenarios, '--engine', 'vm', '--progress', 'json', '--out', out];
  const child = spawn(process.execPath, argv, {
    env: { ...process.env, XDG_CACHE_HOME: cache },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  /** @type {Map<string, number>} */
  const phases = new Map();
  createInterface({ input: child.stderr }).on('line', (line) => {
    const event = /** @type {LabEvent} */ (JSON.parse(line));
    if (event.type === 'engine-step' && event.state === 'finished') add(phases, event.step, event.seconds);
    if (event.type === 'stage-finished') add(phases, `${event.scenario}: ${event.stage}`, event.seconds);
  });
  const [code] = /** @type {[number | null]} */ (await once(child, 'close'));
  if (code !== 0) throw new Error(`the run ended with exit code ${String(code)}`);
  phases.set('the whole command', (performance.now() - start) / 1000);
  return phases;
}

/** @param {Map<string, number>} phases @param {string} name @param {number} seconds */
function add(phases, name, seconds) {
  phases.set(name, (phases.get(name) ?? 0) + seconds);
}

/** @param {number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

const warmRuns = Number(process.argv[2] ?? 5);
const directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-bench-'));
try {
  const cache = path.join(directory, 'cache');
  const first = await measure(cache, path.join(directory, 'first'));
  const warm = [];
  for (let run = 0; run < warmRuns; run++)
    warm.push(await measure(cache, path.join(directory, `warm${run}`)));
  const processor = cpus()[0]?.model ?? 'unknown';
  const memory = Math.round(totalmem() / 2 ** 30);
  console.log(`${cpus().length} processors (${processor}), ${memory} GiB, Node ${process.version}\n`);
  console.log(`| phase | first run | warm run (median of ${warmRuns}) |\n| --- | --- | --- |`);
  for (const [name, seconds] of first) {
    const again = warm.flatMap((run) => run.get(name) ?? []);
    const entry = again.length === 0 ? 'not needed' : durationText(median(again) ?? NaN);
    console.log(`| ${name} | ${durationText(seconds)} | ${entry} |`);
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
