import ora from 'ora';
import type { LabEvent } from '../run/events.js';
import type { Paint } from './colour.js';
import { eventText } from './eventText.js';
import { duration } from './format.js';
import type { Clock, Reporter } from './reporter.js';

/** What is under way, oldest first: label -> start in milliseconds. */
type Active = Map<string, number>;

/** A spinner for what is under way with its elapsed time; what is over stays above it as one line with how long it took. */
export function ttyReporter(stream: NodeJS.WritableStream, paint: Paint, now: Clock): Reporter {
  const active: Active = new Map();
  const current = () => {
    const newest = [...active].at(-1);
    if (newest === undefined) return undefined;
    const [label, started] = newest;
    return `${label} ${paint.dim(`${Math.floor((now() - started) / 1000)} s`)}`;
  };
  const spinner = ora({
    stream,
    isEnabled: true,
    // The process has its own handling of Ctrl-C, which both of these would meddle with.
    discardStdin: false,
    hideCursor: false,
    // chalk, which colours the frames, does not know NO_COLOR.
    color: paint.isColorSupported ? 'cyan' : false,
  });
  const ticking = setInterval(() => {
    spinner.text = current() ?? '';
  }, 1000);
  ticking.unref();
  const spin = () => {
    const text = current();
    if (text === undefined) spinner.stop();
    else spinner.start(text);
  };
  const print = (line: string) => {
    spinner.stop();
    stream.write(`${line}\n`);
    spin();
  };
  const finish = (label: string, seconds: number | undefined) => {
    active.delete(label);
    print(`${paint.green('✔')} ${label}${seconds === undefined ? '' : paint.dim(` ${duration(seconds)}`)}`);
  };
  const begin = (label: string) => {
    active.set(label, now());
    spin();
  };
  const abandon = () => {
    active.clear();
    spinner.stop();
  };
  const close = () => {
    clearInterval(ticking);
    abandon();
  };
  return {
    emit: (event) => {
      show(event, { begin, finish, print, abandon, paint });
    },
    close,
  };
}

interface Screen {
  readonly begin: (label: string) => void;
  readonly finish: (label: string, seconds: number | undefined) => void;
  readonly print: (line: string) => void;
  readonly abandon: () => void;
  readonly paint: Paint;
}

function show(event: LabEvent, screen: Screen): void {
  switch (event.type) {
    case 'engine-step':
      if (event.state === 'started') screen.begin(`engine: ${event.step}`);
      else screen.finish(`engine: ${event.step}`, event.seconds);
      return;
    case 'stage-started':
      screen.begin(`${event.scenario}: ${event.stage}`);
      return;
    case 'stage-finished':
      screen.finish(`${event.scenario}: ${event.stage}`, event.seconds);
      return;
    case 'scenario-finished':
      screen.print(`${resultMark(event.verdict.result, screen.paint)} ${eventText(event)}`);
      return;
    case 'scenario-broke':
      // Its stages never finish.
      screen.abandon();
      screen.print(`${screen.paint.red('✖')} ${eventText(event)}`);
      return;
    case 'cleanup-problem':
      screen.print(`${screen.paint.yellow('!')} ${eventText(event)}`);
      return;
    case 'engine-note':
    case 'engine-ready':
    case 'run-started':
    case 'scenario-started':
    case 'run-finished':
      screen.print(`  ${eventText(event)}`);
      return;
    default:
      event satisfies never;
  }
}

function resultMark(result: 'pass' | 'fail' | 'inconclusive', paint: Paint): string {
  if (result === 'pass') return paint.green('✔');
  return result === 'fail' ? paint.red('✖') : paint.yellow('?');
}
