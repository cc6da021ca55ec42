import type { FlowReport } from '../../../../src/evidence/model/flowTypes.js';

type LastReply = NonNullable<FlowReport['lastReplies']>[number];

/** Counts flows by who sent their last reply, at which port, and in which second. */
export class LastReplies {
  readonly #names: readonly string[];
  readonly #counts = new Map<string, { -readonly [Key in keyof LastReply]: LastReply[Key] }>();

  /** `names` are those of the nodes, by their numbers. */
  constructor(names: readonly string[]) {
    this.#names = names;
  }

  /** Counts one flow; `second` is whole, since the epoch. */
  count(node: number, port: number, second: number): void {
    const key = `${node} ${port} ${second}`;
    const same = this.#counts.get(key);
    if (same === undefined) this.#counts.set(key, { by: this.#names[node] ?? '', port, second, flows: 1 });
    else same.flows += 1;
  }

  all(): LastReply[] {
    return [...this.#counts.values()];
  }
}
