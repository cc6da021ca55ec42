// How the raw load agent compares: see README.md beside this. Prints a Markdown table and keeps the figures in results/.
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { wholeNumber } from '../src/cli/options/options.js';
import { guestPlaces } from './guest/guest.js';
import { machineText, thisMachine } from './thisMachine.js';
import type { LoadResult } from './outcomes/loadResult.js';
import { middleOutcome } from './outcomes/middleOutcome.js';
import type { ToolOutcome } from './outcomes/toolOutcome.js';
import { outcomeTable } from './outcomes/outcomeTable.js';
import { ratiosOf } from './outcomes/ratios.js';
import { nativePlaces } from './places/native.js';
import type { ClientPlaces } from './places/clientPlace.js';
import { commandText } from './program/commandText.js';
import { keepResult } from './program/keepResult.js';
import { runCommandLine } from './program/runCommandLine.js';
import { type Tool, tools } from './tools/tools.js';
import { toolVersions } from './tools/versions.js';
import type { Work } from './tools/work.js';

/**
 * Where it can be measured, and as much work as it takes to see a tool at its usual speed: in the guest each begins slowly, for all of
 * its code, that of the guest's kernel and that which Node compiles have to be translated first. What a flood leaves in the director's
 * table slows down the rest of it.
 */
const usualAt = {
  native: { open: nativePlaces, connections: 100_000, seconds: 5, floodSeconds: 5 },
  guest: { open: guestPlaces, connections: 30_000, seconds: 30, floodSeconds: 5 },
} as const;

const placeNames = ['native', 'guest'] as const satisfies readonly (keyof typeof usualAt)[];

const command = new Command('npm run bench:load --')
  .description('how the raw load agent compares with other tools; bench/README.md says how to read it')
  .addOption(new Option('--place <place>', 'where to measure').choices(placeNames).default('native'))
  .addOption(
    new Option(
      '--connections <n>',
      'of a tool that is told how many (default: 100000; 30000 in the guest)',
    ).argParser(wholeNumber(1, 1_000_000)),
  )
  .addOption(
    new Option('--seconds <n>', 'of a tool that is told how long (default: 5; 30 in the guest)').argParser(
      wholeNumber(1, 3600),
    ),
  )
  .addOption(new Option('--flood-seconds <n>', 'of a flood (default: 5)').argParser(wholeNumber(1, 3600)))
  .addOption(
    new Option('--concurrency <n>', 'connections at a time').argParser(wholeNumber(1, 100_000)).default(256),
  )
  .addOption(
    new Option('--runs <n>', 'of each tool; the middle one counts').argParser(wholeNumber(1, 100)).default(3),
  )
  .addOption(new Option('--only <tools>', `some of ${[...tools.keys()].join(',')}`).argParser(toolNames))
  .addOption(
    new Option('--name <name>', 'of the file in bench/results (default: the place)').argParser(fileName),
  )
  .action(async ({ place, connections, seconds, floodSeconds, concurrency, runs, only, name = place }) => {
    const usual = usualAt[place];
    const scratch = await mkdtemp(path.join(tmpdir(), 'lvs-lab-bench-tools-'));
    const clientPlaces = usual.open();
    try {
      const work = {
        connections: connections ?? usual.connections,
        seconds: seconds ?? usual.seconds,
        floodSeconds: floodSeconds ?? usual.floodSeconds,
        concurrency,
      };
      const compared = only ?? [...tools];
      const result = await compare(clientPlaces, compared, { ...work, scratch }, runs);
      await keepResult(name, result);
    } finally {
      await clientPlaces.remove();
      await rm(scratch, { recursive: true, force: true });
    }
  });

/** Measures each tool and prints how they compare. */
async function compare(
  clientPlaces: ClientPlaces,
  compared: readonly (readonly [name: string, tool: Tool])[],
  { scratch, ...work }: Work,
  runs: number,
): Promise<LoadResult> {
  const versions = { node: process.versions.node, ...toolVersions() };
  const machine = { ...thisMachine(), versions, ...(await clientPlaces.facts()) };
  const words = Object.entries(versions).map((pair) => pair.join(' '));
  console.log(`${machineText(machine)}\n${words.join(', ')}\n`);
  const outcomes: ToolOutcome[] = [];
  for (const [name, tool] of compared) {
    process.stderr.write(`${name} ...\n`);
    outcomes.push(await middleRun(clientPlaces, tool, { ...work, scratch }, runs));
  }
  const ratios = ratiosOf(outcomes);
  console.log(`${outcomeTable(outcomes)}\n`);
  for (const [name, ratio] of Object.entries(ratios)) console.log(`${name}: ${ratio.toFixed(2)}`);
  return {
    at: new Date().toISOString(),
    command: commandText('bench:load'),
    machine,
    work: { ...work, runs },
    outcomes,
    ratios,
  };
}

/** The middle of several runs: each in a fresh place, so that none meets what another has left in TIME-WAIT. */
async function middleRun(
  clientPlaces: ClientPlaces,
  tool: Tool,
  work: Work,
  runs: number,
): Promise<ToolOutcome> {
  const outcomes: ToolOutcome[] = [];
  for (let turn = 0; turn < runs; turn += 1) {
    const { place, remove } = await clientPlaces.fresh();
    try {
      outcomes.push(await tool(place, work));
    } finally {
      await remove();
    }
  }
  const middle = middleOutcome(outcomes);
  if (middle === undefined) throw new RangeError(`expected at least one run, found ${runs}`);
  return middle;
}

function toolNames(text: string): readonly (readonly [name: string, tool: Tool])[] {
  return text.split(',').map((name) => {
    const tool = tools.get(name);
    if (tool !== undefined) return [name, tool];
    const known = [...tools.keys()].join(', ');
    throw new InvalidArgumentError(`expected some of ${known}, found ${name}.`);
  });
}

function fileName(text: string): string {
  if (/^[\w-]+$/.test(text)) return text;
  throw new InvalidArgumentError('expected letters, digits, - and _.');
}

await runCommandLine(command);
