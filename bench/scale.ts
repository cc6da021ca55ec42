// A matrix of 10,000 cells on many machines, simulated with recorded times: see docs/use/scale.md. Prints a Markdown table and keeps the figures in results/.
import { Command, Option } from '@commander-js/extra-typings';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { wholeNumber } from '../src/cli/options/options.js';
import { cacheRoot } from '../src/engine/lifetime/paths.js';
import { findScenarios } from '../src/scenario/library/library.js';
import { UsageError } from '../src/support/errors.js';
import { packageRoot } from '../src/support/packageRoot.js';
import { parseJson } from '../src/support/parseJson.js';
import { keepResult } from './program/keepResult.js';
import { runCommandLine } from './program/runCommandLine.js';
import { matrixOf } from './scale/matrixOf.js';
import { recordedOf } from './scale/record.js';
import { recordedSchema } from './scale/recorded.js';
import { scaleOf } from './scale/scaleOf.js';
import { scaleTable } from './scale/scaleTable.js';

const recordedFile = path.join(packageRoot, 'bench/results/scale-recorded.json');

const command = new Command('npm run bench:scale --')
  .description(
    '10,000 cells on many machines, simulated with recorded times; docs/use/scale.md says how to read it',
  )
  .option(
    '--record <log...>',
    'record times anew, of what runs printed with --progress plain, one of them with an empty cache',
  )
  .option('--run <dir>', 'with --record: the directory of one of these runs')
  .option('--about <text>', 'with --record: when, where and how they ran')
  .addOption(
    new Option('--lanes <n>', 'with --record: how many labs there were at a time').argParser(
      wholeNumber(1, 1000),
    ),
  )
  .action(async ({ record, run, about, lanes }) => {
    if (record !== undefined) {
      if (run === undefined || about === undefined || lanes === undefined)
        throw new UsageError('expected --run, --about and --lanes with --record');
      const logs = await Promise.all(record.map((file) => readFile(file, 'utf8')));
      await keepResult(
        'scale-recorded',
        await recordedOf({ about, lanes, logs, run, cache: cacheRoot(), scenarios: 25 }),
      );
    }
    const recorded = parseJson(recordedSchema, await readFile(recordedFile, 'utf8'));
    const library = await findScenarios(Object.keys(recorded.scenarios));
    const results = await scaleOf(recorded, matrixOf(recorded, library, { kernels: 20, images: 10 }));
    console.log(`recorded: ${recorded.about}\n\n${scaleTable(results)}`);
    await keepResult('scale', { recorded: recorded.about, results });
  });

await runCommandLine(command);
