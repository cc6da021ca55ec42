import type { Family } from '../../contracts/words/network.js';
import type { Hook } from '../../contracts/words/rules.js';
import type { Chains, FilterChain } from '../model/filter.js';
import type { DirectorFilters } from '../model/question.js';
import type { Box } from '../walk/box.js';
import type { View } from '../walk/view.js';
import { type EndedPackets, type NearMiss, walkChain } from '../walk/walkChain.js';

/** What became of all packets of a service in the chains of a host. */
export interface WalkResult {
  /** Those that got through, and those that ended somewhere. */
  readonly passed: readonly Box[];
  readonly ended: readonly EndedPackets[];
  /** In the order in which packets came by. */
  readonly near: readonly NearMiss[];
  readonly assumed: readonly { readonly text: string; readonly at: FilterChain['rules'][number]['at'] }[];
}

/** A hook that packets come to, and what its chains see of them. */
export interface HookVisit {
  readonly hook: Hook;
  /** What chains of a priority see of them. */
  readonly viewAt: (priority: number) => View;
  /** Chains behind this priority do not see them; undefined: all do. */
  readonly last?: number;
  /** Whether packets go on although a chain of nat changes where they come from. */
  readonly isSourceOurs?: boolean;
}

type Base = FilterChain & { readonly base: NonNullable<FilterChain['base']> };

/** Sends packets through the chains of one host, hook by hook, and keeps what became of them. */
export class HookWalk {
  readonly #passed: Box[] = [];
  readonly #ended: EndedPackets[] = [];
  readonly #near: NearMiss[] = [];
  readonly #assumed = new Map<string, WalkResult['assumed'][number]>();

  constructor(
    private readonly filters: DirectorFilters,
    private readonly family: Family,
    /** Whether conntrack looks at packets: without it chains of nat see none. */
    private readonly isTracking: boolean,
  ) {}

  get result(): WalkResult {
    return {
      passed: this.#passed,
      ended: this.#ended,
      near: this.#near,
      assumed: [...this.#assumed.values()],
    };
  }

  /** Packets that have come to their end, and got through. */
  arrive(boxes: readonly Box[]): void {
    for (const box of boxes) this.#passed.push(box);
  }

  end(packets: EndedPackets): void {
    this.#ended.push(packets);
  }

  /** Through all chains at a hook, one behind the other. */
  through(
    { hook, viewAt, last = Infinity, isSourceOurs = false }: HookVisit,
    boxes: readonly Box[],
  ): readonly Box[] {
    let on = boxes;
    for (const { chain, chains } of this.#chainsAt(hook, last)) {
      const { priority, isNat } = chain.base;
      const view = viewAt(priority);
      const skipped = isNat ? withoutEntry(on, view) : [];
      const walked = isNat ? withEntry(on, view) : on;
      const result = walkChain(chain, chains, view, walked);
      on = [...skipped, ...result.passed];
      for (const packets of result.ended) {
        if (packets.end.kind === 'source' && isSourceOurs) on = [...on, packets.box];
        else this.#ended.push(packets);
      }
      for (const miss of result.near) this.#near.push(miss);
      for (const one of result.assumed) this.#assumed.set(`${one.at.file}:${one.at.line}`, one);
    }
    return on;
  }

  #chainsAt(hook: Hook, last: number): readonly { readonly chain: Base; readonly chains: Chains }[] {
    return this.filters.families
      .flatMap((chains) =>
        [...chains.values()].flatMap((chain) =>
          isBase(chain) && chain.base.hook === hook && chain.base.families.includes(this.family)
            ? [{ chain, chains }]
            : [],
        ),
      )
      .filter(({ chain: { base } }) => base.priority <= last && (this.isTracking || !base.isNat))
      .toSorted((one, other) => one.chain.base.priority - other.chain.base.priority);
  }
}

/** Whether a rule needs conntrack, which is off until then: chains of nat see only packets that it has looked at. */
export function needsTracking({ families }: DirectorFilters, family: Family): boolean {
  return families.some((chains) =>
    [...chains.values()].some(
      ({ base, rules }) =>
        base?.families.includes(family) !== false &&
        rules.some(
          ({ action, terms }) =>
            ['divert', 'source', 'untrack'].includes(action.kind) ||
            terms.some(({ kind }) => kind === 'state' || kind === 'opaque'),
        ),
    ),
  );
}

/** Packets that conntrack has a new entry for: only those pass chains of nat; what is known already keeps what was done to it. */
function withEntry(boxes: readonly Box[], view: View): readonly Box[] {
  const kinds = kindsWithEntry(view);
  return boxes.flatMap((box) => {
    const left = box.kinds & kinds;
    return box.tracked && left !== 0 ? [{ ...box, kinds: left }] : [];
  });
}

function withoutEntry(boxes: readonly Box[], view: View): readonly Box[] {
  const kinds = kindsWithEntry(view);
  return boxes.flatMap((box) => {
    const left = box.tracked ? box.kinds & ~kinds : box.kinds;
    return left === 0 ? [] : [{ ...box, kinds: left }];
  });
}

function kindsWithEntry({ kinds }: View): number {
  return kinds.reduce(
    (mask, { states }, index) => (states.tracked.includes('NEW') ? mask | (1 << index) : mask),
    0,
  );
}

function isBase(chain: FilterChain): chain is Base {
  return chain.base !== undefined;
}
