import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Emit } from '../../../run/model/labEvents.js';
import { Scope } from '../../../support/scope.js';
import type { Context } from '../../frame/context.js';
import { withEngine } from '../../frame/withEngine.js';
import { engineRequest } from '../../options/options.js';
import { makeRunDirectory, makeRunId } from '../../results/runDirectory.js';
import { FileChanges } from './fileChanges.js';
import { Keys, type Key } from './keys.js';
import { Requests, type Round } from './requests.js';
import { readWatched, type WatchedFiles } from './readWatched.js';
import { RoundRunner } from './roundRunner.js';
import { Screen } from './screen.js';
import type { WatchOptions } from './watchOptions.js';

/** Runs the scenarios in these files, and again whenever one of the files changes, until somebody quits. Rejects like `withEngine`. */
export async function watchFiles(
  files: readonly string[],
  options: WatchOptions,
  context: Context,
): Promise<void> {
  const { io, services } = context;
  const runId = makeRunId();
  const directory = await makeRunDirectory({ cwd: io.cwd, runId, out: options.out });
  const screen = new Screen(context, options);
  const emit: Emit = (event) => {
    io.left.take(event);
    screen.emit(event);
  };
  const requests = new Requests();
  const explain = options.explain ?? false;
  const changedIn = (files: readonly string[], at: number): Round => ({
    ...{ files, at, explain },
    which: 'changed',
  });
  requests.ask(changedIn([], performance.now()));
  const report = (what: string, error: Error): void => {
    emit({ type: 'cleanup-problem', what, error });
  };
  await using changes = new FileChanges(({ files: changed, at }) => {
    requests.ask(changedIn(changed, at));
  });
  using keys = new Keys(io, (key) => {
    askedByKey(key, requests, explain);
  });
  const request = { ...engineRequest(options), runId, emit, signal: io.signal, runDirectory: directory };
  try {
    await withEngine(services, request, async (engine) => {
      await using scope = new Scope(report, undefined, { signal: io.signal });
      const labs = await services.readyLabs({ engine, runId, report });
      scope.use(labs, 'the lab that waits');
      const rounds = new RoundRunner({ engine, labs, runId, directory, emit, options, context });
      for (;;) {
        const round = await requests.next(io.signal);
        if (round === undefined) return;
        const watched = await readWatched(files, changes);
        await oneRound(round, watched);
      }

      async function oneRound(round: Round, watched: WatchedFiles): Promise<void> {
        const signal = AbortSignal.any([io.signal, requests.running()]);
        const jobs = rounds.jobsFor(round, watched.scenarios);
        screen.begin({ round: rounds.next, files: round.files, isAsked: round.which !== 'changed' });
        const ended = await rounds.run(jobs, round, signal);
        io.signal.throwIfAborted();
        if (requests.isPending) {
          // What it came to nobody wants to know.
          requests.keep(round);
          await rm(path.join(directory, String(rounds.next)), { recursive: true, force: true });
          return;
        }
        const seconds = (performance.now() - round.at) / 1000;
        screen.show({ ...ended, errors: watched.errors, seconds, files: watched.files.length }, keys.areRead);
        // What was shown stays so where a disk takes no more.
        await rounds.record(ended, watched.scenarios).catch(context.complain);
      }
    });
  } finally {
    screen.close();
  }
}

function askedByKey(key: Key, requests: Requests, explain: boolean): void {
  if (key === 'quit') requests.quit();
  else {
    const which = key === 'explain' ? 'unhealthy' : 'all';
    requests.ask({ files: [], which, explain: explain || key === 'explain', at: performance.now() });
  }
}
