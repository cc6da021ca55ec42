// How the raw load agent compares: see README.md beside this. Prints a Markdown table and keeps the figures in results/.
// Usage: npm run bench:load [-- --place native|guest] [--connections N] [--seconds N] [--flood-seconds N] [--concurrency N] [--runs N]
//        [--only TOOL,...] [--name NAME]
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { guestSite } from './guest/guest.mjs';
import { machine } from './machine.mjs';
import { nativeSite } from './native.mjs';
import { ratiosOf, table } from './report.mjs';
import { agent } from './tools/agent.mjs';
import { agentFlood, hping3, rawSocket } from './tools/flood.mjs';
import { ab, wrk } from './tools/http.mjs';
import { limit } from './tools/limit.mjs';

/** @import { Outcome, Place } from './place.mjs' */
/** @import { Flood } from './tools/flood.mjs' */
/** @import { Work } from './work.mjs' */

/** @typedef {(place: Place, work: Work) => Promise<Outcome>} Tool */

/** @param {Flood} flood @returns {Tool} */
const answered = (flood) => (place, work) => flood(place, work, place.target.vip);
/** @param {Flood} flood @returns {Tool} */
const dropped = (flood) => (place, work) => flood(place, work, place.target.silent.address);

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

/**
 * Where it can be measured, and as much work as it takes to see a tool at its usual speed: in the guest each begins slowly, for all of
 * its code, that of the guest's kernel and that which Node compiles have to be translated first. What a flood leaves in the director's
 * table slows down the rest of it.
 */
const sites = {
  native: { open: nativeSite, connections: 100_000, seconds: 5, floodSeconds: 5 },
  guest: { open: guestSite, connections: 30_000, seconds: 30, floodSeconds: 5 },
};

const { values } = parseArgs({
  options: {
    place: { type: 'string', default: 'native' },
    connections: { type: 'string' },
    seconds: { type: 'string' },
    'flood-seconds': { type: 'string' },
    concurrency: { type: 'string', default: '256' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string', default: Object.keys(tools).join(',') },
    name: { type: 'string' },
  },
});
if (values.place !== 'native' && values.place !== 'guest') {
  throw new Error(`expected --place to be native or guest, found ${values.place}`);
}
const { open, ...usual } = sites[values.place];
const site = open();
const scratch = await mkdtemp(path.join(tmpdir(), 'lvs-lab-bench-tools-'));
const runs = Number(values.runs);
const work = {
  connections: Number(values.connections ?? usual.connections),
  seconds: Number(values.seconds ?? usual.seconds),
  floodSeconds: Number(values['flood-seconds'] ?? usual.floodSeconds),
  concurrency: Number(values.concurrency),
  scratch,
};

/**
 * The run with the middle rate, of several: each in a fresh place, so that none meets what another has left in TIME-WAIT.
 * @param {string} name
 */
async function middleRun(name) {
  const tool = tools[name];
  if (tool === undefined) {
    throw new Error(`expected --only to name some of ${Object.keys(tools).join(', ')}, found ${name}`);
  }
  /** @type {Outcome[]} */
  const outcomes = [];
  for (let turn = 0; turn < runs; turn += 1) {
    const { place, remove } = await site.fresh();
    try {
      outcomes.push(await tool(place, work));
    } finally {
      await remove();
    }
  }
  outcomes.sort((a, b) => a.packetsPerSecond - b.packetsPerSecond);
  const middle = outcomes[Math.floor(outcomes.length / 2)];
  if (middle === undefined) throw new Error(`expected --runs to be 1 or more, found ${values.runs}`);
  return middle;
}

try {
  const facts = { ...machine(), ...(await site.facts()) };
  const versions = Object.entries(facts.versions).map((pair) => pair.join(' '));
  console.log(`${facts.processors} x ${facts.processor}, ${facts.memoryGiB} GiB, Linux ${facts.kernel}`);
  console.log(`${versions.join(', ')}\n`);
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const name of values.only.split(',')) {
    process.stderr.write(`${name} ...\n`);
    outcomes.push(await middleRun(name));
  }
  const ratios = ratiosOf(outcomes);
  console.log(`${table(outcomes)}\n`);
  for (const [name, ratio] of Object.entries(ratios)) console.log(`${name}: ${ratio.toFixed(2)}`);
  const { connections, seconds, floodSeconds, concurrency } = work;
  const file = fileURLToPath(new URL(`results/${values.name ?? values.place}.json`, import.meta.url));
  const at = new Date().toISOString();
  const command = ['npm run bench:load', '--', ...process.argv.slice(2)].join(' ').replace(/ --$/, '');
  const done = { connections, seconds, floodSeconds, concurrency, runs };
  const result = { at, command, machine: facts, work: done, outcomes, ratios };
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(result, undefined, 2)}\n`);
  process.stderr.write(`kept in ${path.relative(process.cwd(), file)}\n`);
} finally {
  await site.remove();
  await rm(scratch, { recursive: true, force: true });
}
