import { quietReporter } from '../../../report/progress/quiet.js';
import type { Reporter } from '../../../report/progress/reporter.js';
import { resultCountsText } from '../../../report/console/summary.js';
import {
  roundText,
  tookText,
  waitingText,
  watchedText,
  type RoundStart,
} from '../../../report/watch/roundText.js';
import type { LabEvent } from '../../../run/model/labEvents.js';
import type { Context } from '../../frame/context.js';
import type { ProgressOption } from '../../options/options.js';
import { reporterFor } from '../../options/reporterFor.js';
import type { RoundResult } from './roundRunner.js';

/** What is shown of a round when it is over. */
interface ShownRound extends RoundResult {
  /** What is wrong with files of scenarios. */
  readonly errors: readonly Error[];
  /** From when it was asked for. */
  readonly seconds: number;
  /** How many files are watched. */
  readonly files: number;
}

/** The cursor at the top of an empty terminal; what was there can be scrolled back to. */
const emptied = '\u001b[2J\u001b[H';

/** Shows rounds: a terminal is emptied for each, and a log gets lines. */
export class Screen {
  #reporter: Reporter;
  #start: { readonly start: RoundStart; readonly now: Date } | undefined;

  constructor(
    private readonly context: Context,
    private readonly options: ProgressOption,
  ) {
    this.#reporter = reporterFor(options.progress, context.io);
  }

  emit(event: LabEvent): void {
    this.#reporter.emit(event);
  }

  /** Shows that a round begins, and its progress from then on. */
  begin(start: RoundStart): void {
    this.#reporter.close();
    this.#start = { start, now: new Date() };
    this.#empty();
    this.#head();
    this.#reporter = reporterFor(this.options.progress, this.context.io);
  }

  /** Shows what a round came to, and what can be done next. */
  show(ended: ShownRound, hasKeys: boolean): void {
    const { results, before, errors, seconds, files, directory } = ended;
    const { print, complain, paint, tell } = this.context;
    this.close();
    if (this.#isTerminal) {
      this.#empty();
      this.#head();
    }
    for (const error of errors) complain(error);
    for (const result of results) print(`${watchedText(result, before.get(result.job), paint)}\n`);
    if (results.length > 1) print(`${resultCountsText(results)}\n`);
    if (results.length > 0)
      print(`${tookText(seconds, this.#start?.start.files ?? [])}evidence and page: ${directory}\n`);
    else if (errors.length === 0) print('nothing to run again\n');
    tell(waitingText(files, hasKeys));
  }

  /** Leaves the terminal as it was. What goes wrong from now on is still told. */
  close(): void {
    this.#reporter.close();
    this.#reporter = quietReporter(this.context.tell);
  }

  #head(): void {
    if (this.#start === undefined) return;
    const { start, now } = this.#start;
    const { io, paint, print } = this.context;
    print(`${roundText(start, { now, cwd: io.cwd, paint })}\n`);
  }

  #empty(): void {
    if (this.#isTerminal) this.context.io.stdout.write(emptied);
  }

  get #isTerminal(): boolean {
    const { stdout, env } = this.context.io;
    return stdout.isTTY === true && env['TERM'] !== 'dumb';
  }
}
