/**
 * `lvs-lab` with an engine whose nodes say what those of a recorded run said. All else is the real program: stages, judge, shards, results,
 * merge. A lab takes RECORDED_SECONDS to be made, so that there is something to interrupt.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { PossibleLeftovers } from '../../../src/cli/frame/possibleLeftovers.js';
import { liveServices } from '../../../src/cli/liveServices.js';
import { runCli } from '../../../src/cli/runCli.js';
import { fakeEngine } from '../../unit/run/fakeEngine.js';

const seconds = Number(process.env['RECORDED_SECONDS'] ?? '0');

process.exitCode = await runCli(
  process.argv.slice(2),
  {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signal: new AbortController().signal,
    left: new PossibleLeftovers(),
    toParent: undefined,
  },
  {
    ...liveServices,
    openEngine: () => Promise.resolve(fakeEngine({ making: () => sleep(seconds * 1000) }).engine),
    times: { read: () => Promise.resolve({ schema: 2, engines: [] }), add: () => Promise.resolve() },
  },
);
