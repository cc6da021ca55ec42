import type { VerdictResult } from '../../contracts/words/outcomes.js';
import ora from 'ora';
import type { LabEvent } from '../../run/model/labEvents.js';
import { isMany } from '../results/detailLevel.js';
import type { Paint } from '../text/colour.js';
import { downloadText } from '../phrases/downloadText.js';
import { eventText } from './eventText.js';
import { FlowProgressReporter, loadOwnerText } from '../phrases/flowProgressText.js';
import { JobCount } from './jobCount.js';
import type { Clock, Reporter } from './reporter.js';
import { withoutForeignControls } from '../text/controlCharacters.js';
import { fitLine, fitText } from '../text/wrap.js';
import { durationText } from '../../support/duration.js';

/** A stream to a terminal that may know its width. */
type Terminal = NodeJS.WritableStream & { readonly columns?: number };

/** Something that is in progress. */
interface Activity {
  /** When it began, in milliseconds of the reporter's clock. */
  readonly started: number;
  /** The job that it belongs to and ends with; undefined: it belongs to the engine. */
  readonly job: string | undefined;
  /** What it is doing at present; undefined: it does not tell. */
  detail?: string | undefined;
}

/**
 * A reporter for terminals. Its spinner shows everything in progress, oldest first, with elapsed times, and how raw-socket loads stand.
 * Whatever has ended stays above it as a line with its duration, except the stages of a run with many jobs.
 */
export function ttyReporter(stream: Terminal, paint: Paint, now: Clock): Reporter {
  const screen = new Screen(stream, paint, now);
  const count = new JobCount();
  const flows = new FlowProgressReporter(0, true);
  return {
    emit: (event) => {
      count.take(event);
      screen.heading = count.text === undefined ? undefined : `${count.text} done`;
      if (event.type === 'flows') screen.detail(loadOwnerText(event), flows.text(event, now()));
      else show(event, screen, isMany(count.jobs));
    },
    close: () => {
      screen.close();
    },
  };
}

/** Lines that stay, and below them a spinner with everything in progress. */
class Screen {
  readonly #active = new Map<string, Activity>();
  readonly #spinner;
  readonly #ticking: NodeJS.Timeout;
  /** Text that the spinner shows first. */
  heading: string | undefined;

  constructor(
    private readonly stream: Terminal,
    readonly paint: Paint,
    private readonly now: Clock,
  ) {
    this.#spinner = ora({
      stream,
      isEnabled: true,
      // The process has its own handling of Ctrl-C, which both of these would meddle with.
      discardStdin: false,
      hideCursor: false,
      // chalk, which colours the frames, does not know NO_COLOR.
      color: paint.isColorSupported ? 'cyan' : false,
    });
    this.#ticking = setInterval(() => {
      this.#spinner.text = this.#status();
    }, 1000);
    this.#ticking.unref();
  }

  begin(label: string, job?: string): void {
    this.#active.set(label, { started: this.now(), job });
    this.#spin();
  }

  /** Sets what an activity is doing at present, for the next time that the screen is drawn. */
  detail(label: string, text: string | undefined): void {
    const activity = this.#active.get(label);
    if (activity !== undefined) activity.detail = text;
  }

  /** Ends an activity; `line` stays on the screen. */
  finish(label: string, line?: string): void {
    this.#active.delete(label);
    if (line === undefined) this.#spin();
    else this.print(line);
  }

  /** Removes everything that belongs to a job which has ended. */
  abandon(job: string): void {
    for (const [label, activity] of this.#active) if (activity.job === job) this.#active.delete(label);
  }

  print(line: string): void {
    this.#spinner.stop();
    this.stream.write(withoutForeignControls(`${fitText(line, this.paint.columns)}\n`));
    this.#spin();
  }

  close(): void {
    clearInterval(this.#ticking);
    this.#active.clear();
    this.#spinner.stop();
  }

  #spin(): void {
    if (this.#active.size === 0) this.#spinner.stop();
    else this.#spinner.start(this.#status());
  }

  /** The spinner's text, on one line. It is cut to fit, because a spinner of several lines would jump. */
  #status(): string {
    const seconds = ({ started }: Activity) => Math.floor((this.now() - started) / 1000);
    const parts = [...this.#active].map(([label, activity]) =>
      [`${label} ${durationText(seconds(activity), 'set')}`, activity.detail ?? []].flat().join(': '),
    );
    const text = withoutForeignControls(
      [...(this.heading === undefined ? [] : [this.heading]), ...parts].join(' · '),
    );
    const { columns = 0 } = this.stream;
    // A terminal that does not know its size says 0.
    return fitLine(text, (columns > 0 ? columns : 80) - spinnerWidth);
  }
}

/** Columns that are not for text: the spinner's frame, a space, and the last column, where some terminals wrap. */
const spinnerWidth = 3;

function show(event: Exclude<LabEvent, { type: 'flows' }>, screen: Screen, many: boolean): void {
  const { paint } = screen;
  const done = (label: string, seconds: number | undefined) =>
    `${paint.green('✔')} ${label}${seconds === undefined ? '' : paint.dim(` ${durationText(seconds)}`)}`;
  switch (event.type) {
    case 'engine-step': {
      const label = `engine: ${event.step}`;
      if (event.state === 'started') screen.begin(label);
      else if (event.state === 'failed') screen.finish(label);
      else screen.finish(label, done(label, event.seconds));
      return;
    }
    case 'engine-download':
      screen.detail(`engine: ${event.step}`, event.isOver ? undefined : downloadText(event));
      return;
    case 'stage-started':
      screen.begin(`${event.scenario}: ${event.stage}`, event.scenario);
      return;
    case 'stage-finished': {
      const label = `${event.scenario}: ${event.stage}`;
      screen.finish(label, many ? undefined : done(label, event.seconds));
      return;
    }
    case 'scenario-finished':
      screen.abandon(event.scenario);
      screen.print(`${resultMark(event.verdict.result, paint)} ${eventText(event)}`);
      return;
    case 'scenario-broke':
      // The stage that broke never finishes; those of other lanes go on.
      screen.abandon(event.scenario);
      screen.print(`${paint.red('✖')} ${eventText(event)}`);
      return;
    case 'cleanup-problem':
      screen.print(`${paint.yellow('!')} ${eventText(event)}`);
      return;
    case 'scenario-started':
    case 'control-kept':
      if (!many) screen.print(`  ${eventText(event)}`);
      return;
    case 'engine-note':
    case 'engine-ready':
    case 'left-out':
    case 'estimated':
    case 'own-flavour':
    case 'run-started':
    case 'run-finished':
      screen.print(`  ${eventText(event)}`);
      return;
    default:
      event satisfies never;
  }
}

function resultMark(result: VerdictResult, paint: Paint): string {
  if (result === 'pass') return paint.green('✔');
  return result === 'fail' ? paint.red('✖') : paint.yellow('?');
}
