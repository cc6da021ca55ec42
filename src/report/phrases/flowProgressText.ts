import type { LabEvent } from '../../run/model/labEvents.js';
import { durationText } from '../../support/duration.js';
import { sparkline } from './sparkline.js';

/** Columns of a curve beside its number. */
const curveColumns = 12;

type FlowsEvent = Extract<LabEvent, { readonly type: 'flows' }>;

/**
 * The state of a raw-socket load: `12000/40000 opened, 810/s, 1990 in progress, 9100 closed, 800 stuck, connect p99 12 ms, 40 ICMP`. The
 * rate is that since `before`, and is left out without it. With `seconds`, those of the load so far, what is in progress and stuck has its curve.
 */
export function flowProgressText(
  { requested, second }: FlowsEvent,
  before?: FlowsEvent,
  seconds: readonly FlowsEvent['second'][] = [],
): string {
  const curve = (key: 'inProgress' | 'stuck'): string =>
    seconds.length < 2
      ? ''
      : ` ${sparkline(
          seconds.map((each) => each[key]),
          curveColumns,
        )}`;
  const { opened, inProgress, closed, reset, refused, stuck, timedOut, connect } = second;
  const errors = Object.values(second.icmp).reduce((sum, count) => sum + count, 0);
  return [
    `${opened}/${requested} opened`,
    ...(before === undefined ? [] : [`${rate(second, before.second)}/s`]),
    `${inProgress} in progress${curve('inProgress')}`,
    `${closed} closed`,
    ...(reset > 0 ? [`${reset} reset`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
    `${stuck} stuck${stuck > 0 ? curve('stuck') : ''}`,
    ...(timedOut > 0 ? [`${timedOut} timed out`] : []),
    ...(connect === undefined ? [] : [`connect p99 ${durationText(connect.p99, 'short')}`]),
    ...(errors > 0 ? [`${errors} ICMP`] : []),
  ].join(', ');
}

function rate(now: FlowsEvent['second'], before: FlowsEvent['second']): number {
  return Math.round((now.opened - before.opened) / Math.max(now.at - before.at, 0.001));
}

/** The job and phase that a load belongs to. */
export function loadOwnerText({ scenario, phase }: FlowsEvent): string {
  return `${scenario}: ${phase}`;
}

/** Describes raw-socket loads, each at most once in so many milliseconds. */
export class FlowProgressReporter {
  readonly #last = new Map<string, { readonly event: FlowsEvent; readonly ms: number }>();
  readonly #seconds = new Map<string, FlowsEvent['second'][]>();

  /** `hasCurves`: whether numbers that matter have a curve of all seconds so far, for a terminal. */
  constructor(
    private readonly everyMs: number,
    private readonly hasCurves = false,
  ) {}

  /** The state of a load, with the rate since the last text; undefined: it is too soon for another text. */
  text(event: FlowsEvent, ms: number): string | undefined {
    const load = loadOwnerText(event);
    const last = this.#last.get(load);
    const seconds = this.#seconds.get(load) ?? [];
    if (this.hasCurves) this.#seconds.set(load, [...seconds, event.second]);
    if (last !== undefined && ms - last.ms < this.everyMs) return undefined;
    this.#last.set(load, { event, ms });
    return flowProgressText(event, last?.event, this.#seconds.get(load));
  }
}
