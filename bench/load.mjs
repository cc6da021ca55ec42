// How the raw load agent compares: see README.md beside this. Prints a Markdown table and keeps the figures in results/.
// Usage: npm run bench:load [-- --connections N] [--seconds N] [--concurrency N] [--runs N] [--only TOOL,...] [--name NAME]
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machine } from './machine.mjs';
import { nativeLab } from './native.mjs';
import { ratiosOf, table } from './report.mjs';
import { agent } from './tools/agent.mjs';
import { agentFlood, hping3, rawSocket } from './tools/flood.mjs';
import { ab, wrk } from './tools/http.mjs';
import { limit } from './tools/limit.mjs';

/** @import { Outcome, Place } from './place.mjs' */
/** @import { Flood } from './tools/flood.mjs' */
/** @import { Work } from './work.mjs' */

/** @typedef {(place: Place, work: Work) => Promise<Outcome | undefined>} Tool */

/** @param {Flood} flood @returns {Tool} */
const answered = (flood) => (place, work) => flood(place, work, place.target.vip);
/** Undefined where the place has no address that is silent. @param {Flood} flood @returns {Tool} */
const dropped = (flood) => async (place, work) =>
  place.target.silent === undefined ? undefined : flood(place, work, place.target.silent);

/** @type {Readonly<Record<string, Tool>>} */
const tools = {
  agent,
  limit,
  wrk,
  ab,
  'agent-answered': answered(agentFlood),
  'hping3-answered': answered(hping3),
  'raw-socket-answered': answered(rawSocket),
  'agent-dropped': dropped(agentFlood),
  'hping3-dropped': dropped(hping3),
  'raw-socket-dropped': dropped(rawSocket),
};

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '5' },
    concurrency: { type: 'string', default: '256' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string', default: Object.keys(tools).join(',') },
    name: { type: 'string', default: 'native' },
  },
});
const scratch = await mkdtemp(path.join(tmpdir(), 'lvs-lab-bench-tools-'));
const runs = Number(values.runs);
const work = {
  connections: Number(values.connections),
  seconds: Number(values.seconds),
  concurrency: Number(values.concurrency),
  scratch,
};

/**
 * The run with the middle rate, of several: each in a lab of its own, so that none meets what another has left in TIME-WAIT.
 * @param {string} name @returns {Promise<Outcome[]>} none where the place has not what the tool needs
 */
async function middleRun(name) {
  const tool = tools[name];
  if (tool === undefined) {
    throw new Error(`expected --only to name some of ${Object.keys(tools).join(', ')}, found ${name}`);
  }
  /** @type {Outcome[]} */
  const outcomes = [];
  for (let turn = 0; turn < runs; turn += 1) {
    const { place, remove } = await nativeLab();
    try {
      const outcome = await tool(place, work);
      if (outcome !== undefined) outcomes.push(outcome);
    } finally {
      await remove();
    }
  }
  outcomes.sort((a, b) => a.packetsPerSecond - b.packetsPerSecond);
  const middle = Math.floor(outcomes.length / 2);
  return outcomes.slice(middle, middle + 1);
}

try {
  const facts = machine();
  const versions = Object.entries(facts.versions).map((pair) => pair.join(' '));
  console.log(`${facts.processors} x ${facts.processor}, ${facts.memoryGiB} GiB, Linux ${facts.kernel}`);
  console.log(`${versions.join(', ')}\n`);
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const name of values.only.split(',')) {
    process.stderr.write(`${name} ...\n`);
    outcomes.push(...(await middleRun(name)));
  }
  const ratios = ratiosOf(outcomes);
  console.log(`${table(outcomes)}\n`);
  for (const [name, ratio] of Object.entries(ratios)) console.log(`${name}: ${ratio.toFixed(2)}`);
  const { connections, seconds, concurrency } = work;
  const file = fileURLToPath(new URL(`results/${values.name}.json`, import.meta.url));
  const at = new Date().toISOString();
  const result = { at, machine: facts, work: { connections, seconds, concurrency, runs }, outcomes, ratios };
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(result, undefined, 2)}\n`);
  process.stderr.write(`kept in ${path.relative(process.cwd(), file)}\n`);
} finally {
  await rm(scratch, { recursive: true, force: true });
}
