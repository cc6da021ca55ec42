// How long a guest takes until its Docker engine answers: booted, and started from its saved machine. Then what a second kernel costs.
// Usage: npm run bench:boot [-- RUNS [SECOND_KERNEL]]     (5, debian:trixie)
// The cache is a copy of the user's, which must have a warm guest of debian:bookworm: run `npm run repro` first.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { cpus, homedir, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { built } from './guest/built.mjs';

/** @type {typeof import('../src/support/duration.js')} */
const { durationText } = await import(built('support/duration.js'));
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const booting = 'booting the guest';
const restoring = 'starting the warm guest';

/** @typedef {{ type: string, step: string, state: string, seconds: number }} LabEvent */

/**
 * Opens an engine and ends it as soon as it is ready; resolves with the seconds of each step on the way.
 * @param {string} folder whose `cache` is used
 * @param {string} kernel
 * @returns {Promise<Map<string, number>>}
 */
async function open(folder, kernel) {
  const out = await mkdtemp(path.join(folder, 'out-'));
  const argv = [main, 'run', 'close/server-first-fixed', '--engine', 'vm', '--kernel', kernel];
  const child = spawn(process.execPath, [...argv, '--progress', 'json', '--out', out], {
    env: { ...process.env, XDG_CACHE_HOME: path.join(folder, 'cache') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  /** @type {Map<string, number>} */
  const steps = new Map();
  createInterface({ input: child.stderr }).on('line', (line) => {
    // Its last word, that it was interrupted, is none.
    if (!line.startsWith('{')) return;
    const event = /** @type {LabEvent} */ (JSON.parse(line));
    if (event.type === 'engine-step' && event.state === 'finished') steps.set(event.step, event.seconds);
    if (event.type === 'engine-ready') {
      steps.set('in all', event.seconds);
      child.kill('SIGINT');
    }
  });
  await once(child, 'close');
  if (!steps.has('in all'))
    throw new Error(`no engine with ${kernel}: try \`lvs-lab run --engine vm --kernel ${kernel}\``);
  return steps;
}

/** @param {Map<string, number>} steps @param {string} step */
function secondsOf(steps, step) {
  const seconds = steps.get(step);
  if (seconds === undefined)
    throw new Error(`expected the step "${step}", saw ${[...steps.keys()].join(', ')}`);
  return seconds;
}

/** @param {number[]} values */
function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: sorted[Math.floor(sorted.length / 2)] ?? NaN,
    least: sorted[0] ?? NaN,
    most: sorted.at(-1) ?? NaN,
  };
}

const [runs = '5', second = 'debian:trixie'] = process.argv.slice(2);
const from = path.join(process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'lvs-lab');
const folder = await mkdtemp(path.join(tmpdir(), 'lvs-lab-bench-'));
try {
  const cache = path.join(folder, 'cache', 'lvs-lab');
  await cp(from, cache, { recursive: true });
  const removeAll = async (/** @type {RegExp} */ kind) => {
    const names = (await readdir(cache)).filter((name) => kind.test(name));
    await Promise.all(names.map((name) => rm(path.join(cache, name), { recursive: true })));
  };
  const boots = [];
  const restores = [];
  for (let run = 0; run < Number(runs); run++) {
    // The guest is booted to be saved, and then started from what was saved.
    await removeAll(/^warm-/);
    const steps = await open(folder, 'debian:bookworm');
    boots.push(secondsOf(steps, booting));
    restores.push(secondsOf(steps, restoring));
  }
  await removeAll(/^warm-/);
  const other = await open(folder, second);
  const memory = Math.round(totalmem() / 2 ** 30);
  console.log(
    `${cpus().length} processors (${cpus()[0]?.model ?? 'unknown'}), ${memory} GiB, Node ${process.version}\n`,
  );
  console.log(
    `| Docker answers in a guest that is | median of ${runs} | least | most |\n| --- | --- | --- | --- |`,
  );
  for (const [name, values] of /** @type {const} */ ([
    ['booted', boots],
    ['started from its saved machine', restores],
  ])) {
    const { median, least, most } = summary(values);
    console.log(`| ${name} | ${durationText(median)} | ${durationText(least)} | ${durationText(most)} |`);
  }
  console.log(`| ratio | ${(summary(restores).median / summary(boots).median).toFixed(2)} | | |`);
  console.log(`\n| what the second kernel, ${second}, costs | |\n| --- | --- |`);
  for (const [step, seconds] of other) console.log(`| ${step} | ${durationText(seconds)} |`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
