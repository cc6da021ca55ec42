import type { SampleBlock } from '../../evidence/streams/samples.js';
import type { Plan } from '../../scenario/model/planTypes.js';
import { waitAtMost } from '../../support/wait.js';

/** Follows how often each node has counted the sockets or IPVS connections of a raw-socket load. */
export class TallyWatch {
  /** For each node and kind of count, such as `realserver1 tally`, how often it has been made so far. */
  readonly #counts: Map<string, number>;

  constructor({ serving, nodes, flows }: Pick<Plan, 'serving' | 'nodes' | 'flows'>) {
    // Flows of UDP have no sockets that a node could count.
    const counting = flows?.profiles.measured.flows.datagrams === undefined ? serving : [];
    const directors = nodes.filter(({ role }) => role === 'director').map(({ name }) => name);
    this.#counts = new Map([
      ...counting.map((name) => [`${name} tally`, 0] as const),
      ...directors.map((name) => [`${name} ipvs-tally`, 0] as const),
    ]);
  }

  feed(node: string, { kind }: SampleBlock): void {
    const key = `${node} ${kind}`;
    const count = this.#counts.get(key);
    if (count !== undefined) this.#counts.set(key, count + 1);
  }

  /**
   * Waits until every node has counted once more. Resolves with false when that takes longer than `seconds`: a busy node counts seldom, and
   * its last count still stands. `check` throws when the nodes have stopped counting.
   */
  async again(seconds: number, check: () => void): Promise<boolean> {
    const before = new Map(this.#counts);
    const isNew = (): boolean => [...before].every(([key, count]) => (this.#counts.get(key) ?? 0) > count);
    const look = (): true | undefined => {
      check();
      return isNew() || undefined;
    };
    return (await waitAtMost('the nodes to count once more', look, { seconds, everyMs: 100 })) ?? false;
  }
}
