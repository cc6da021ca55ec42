import type { Flows } from '../../../../src/contracts/agents/flowProfile.js';
import { choiceOf } from '../flows/random.js';

/** Chooses for each flow one of the mix's conversations, by their weights and the seed. */
export class Choice {
  readonly #seed: number;
  /** Sums of the weights, scaled to 2^32. */
  readonly #thresholds: readonly number[];

  constructor({ seed, mix }: Pick<Flows, 'seed' | 'mix'>) {
    this.#seed = seed;
    const weights = mix.map(({ weight }) => weight);
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    this.#thresholds = weights.map(
      (_, index) => (weights.slice(0, index + 1).reduce((sum, weight) => sum + weight, 0) / all) * 2 ** 32,
    );
  }

  /** The index of the flow's conversation. */
  of(flow: number): number {
    const random = choiceOf(this.#seed, flow);
    let chosen = 0;
    while (random >= (this.#thresholds[chosen] ?? Infinity)) chosen += 1;
    return chosen;
  }
}
