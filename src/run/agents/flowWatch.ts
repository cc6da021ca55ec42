import type { FlowProgress, FlowSecond } from '../../evidence/model/flowTypes.js';

/** The counts that change when a flow makes progress. A retransmission is no progress, and neither is giving up. */
const steps = [
  'opened',
  'connected',
  'answered',
  'closing',
  'closed',
  'reset',
  'refused',
] as const satisfies readonly (keyof FlowProgress)[];

/** Follows a raw-socket load by what its agent reports every second, and tells when its flows have come to rest. */
export class FlowWatch {
  #last: FlowSecond | undefined;
  /** Since when nothing has changed, in seconds by the agent's clock. */
  #since = 0;

  feed(second: FlowSecond): void {
    const last = this.#last;
    if (last === undefined || steps.some((step) => last[step] !== second[step])) this.#since = second.at;
    this.#last = second;
  }

  /** Whether all flows are over, or none has made progress for `quietSeconds`. */
  isAtRest(quietSeconds: number): boolean {
    if (this.#last === undefined) return false;
    const { at, opened, closed, reset, refused } = this.#last;
    return closed + reset + refused === opened || at - this.#since >= quietSeconds;
  }
}
