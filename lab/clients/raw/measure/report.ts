import { type FlowFate, flowFates } from '../../../../src/contracts/words/flowFates.js';
import { createHash } from 'node:crypto';
import type { FlowReport } from '../../../../src/evidence/model/flowTypes.js';

const mostExamples = 20;
const wordsAtOnce = 4096;
/** Fates of which nobody asks for an example. */
const unremarkable: readonly FlowFate[] = ['closed', 'held', 'answered'];

type Fates = Record<FlowFate, number>;
type Example = FlowReport['examples'][number];

/** Counts flows by their fate and keeps examples. */
export class FateTally {
  readonly all = noFates();
  readonly byConversation: Record<string, Fates> = {};
  readonly examples: Example[] = [];
  readonly #shown = noFates();

  /** `conversations`: all names, so that a conversation without a flow is counted too, as zero. */
  constructor(conversations: readonly string[]) {
    for (const name of conversations) this.byConversation[name] = noFates();
  }

  /** Counts one flow. `describe` is only called for the few flows that become examples. */
  count(fate: FlowFate, conversation: string, describe: () => Omit<Example, 'fate'>): void {
    this.all[fate] += 1;
    const same = this.byConversation[conversation];
    if (same !== undefined) same[fate] += 1;
    if (unremarkable.includes(fate) || this.#shown[fate] === mostExamples) return;
    this.#shown[fate] += 1;
    this.examples.push({ fate, ...describe() });
  }
}

/** Calculates a SHA-256 over 32-bit numbers. */
export class NumberDigest {
  readonly #hash = createHash('sha256');
  readonly #words = Buffer.alloc(wordsAtOnce * 4);
  #used = 0;

  add(value: number): void {
    this.#words.writeInt32BE(value | 0, this.#used);
    this.#used += 4;
    if (this.#used === this.#words.length) this.#flush();
  }

  /** Returns the digest in hexadecimal; no number can be added afterwards. */
  end(): string {
    this.#flush();
    return this.#hash.digest('hex');
  }

  #flush(): void {
    this.#hash.update(this.#words.subarray(0, this.#used));
    this.#used = 0;
  }
}

function noFates(): Fates {
  return Object.fromEntries(flowFates.map((fate) => [fate, 0])) as Fates;
}
