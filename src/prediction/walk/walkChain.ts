import type { FileLine } from '../../site/model/sourceFile.js';
import type { Action, Chains, FilterChain } from '../model/filter.js';
import { type Box, type Doubt, merged, within, without } from './box.js';
import { compileRule, type CompiledRule } from './compileRule.js';
import type { View } from './view.js';

/** Packets that go no further by themselves: a rule or policy ends or redirects them, or may. */
export interface EndedPackets {
  readonly box: Box;
  readonly end: Extract<Action, { readonly kind: 'refuse' | 'divert' | 'unclear' | 'source' }>;
  readonly at: FileLine;
  /** The chain that the kernel called. */
  readonly chain: string;
}

/** A rule that would have let packets of these kinds through, were their state another. */
export interface NearMiss {
  readonly kinds: number;
  readonly at: FileLine;
}

/** What became of packets in a chain that the kernel calls. */
export interface ChainResult {
  readonly passed: readonly Box[];
  readonly ended: readonly EndedPackets[];
  readonly near: readonly NearMiss[];
  /** What was taken for granted on the way. */
  readonly assumed: readonly { readonly text: string; readonly at: FileLine }[];
}

/** Rules cut packets into more kinds than can be followed. */
export class TooManyKinds extends Error {
  override readonly name = 'TooManyKinds';

  /** `at` is the rule at which it was too much. */
  constructor(readonly at: FileLine) {
    super(`${at.file}:${at.line}`);
  }
}

/** The most boxes that are followed side by side. */
const mostBoxes = 1500;
/** From here on boxes that look alike are put together. */
const manyBoxes = 24;
/** How deep chains may lead into each other; the kernel takes no deeper ones. */
const deepest = 60;
/** The most doubts that are kept of a box: nobody reads more. */
const mostDoubts = 12;

/** Sends packets through a chain that the kernel calls, with the chains that it leads to. */
export function walkChain(
  chain: FilterChain & { readonly base: NonNullable<FilterChain['base']> },
  chains: Chains,
  view: View,
  boxes: readonly Box[],
): ChainResult {
  const walk = new Walk(chains, view, chain.name);
  const left = walk.through(chain, boxes, 0);
  return walk.result([...left.on, ...left.returned], chain.base);
}

/** How packets leave a chain: at its end, or by RETURN. */
interface Left {
  readonly on: readonly Box[];
  readonly returned: readonly Box[];
}

class Walk {
  readonly #passed: Box[] = [];
  readonly #ended: EndedPackets[] = [];
  readonly #near = new Map<FileLine, number>();
  readonly #assumed = new Map<string, FileLine>();
  readonly #accepting = new Map<string, boolean>();
  readonly #compiled = new Map<FilterChain, readonly CompiledRule[]>();

  constructor(
    private readonly chains: Chains,
    private readonly view: View,
    private readonly name: string,
  ) {}

  through(chain: FilterChain, boxes: readonly Box[], depth: number): Left {
    const returned: Box[] = [];
    let on = boxes;
    for (const rule of this.#rulesOf(chain)) {
      if (on.length === 0) break;
      if (!on.some((box) => isAbout(rule, box))) continue;
      on = merged(
        on.flatMap((box) => this.#pass(rule, box, returned, depth)),
        manyBoxes,
      );
      if (on.length > mostBoxes) throw new TooManyKinds(rule.rule.at);
    }
    return { on, returned };
  }

  result(left: readonly Box[], { policy, at }: NonNullable<FilterChain['base']>): ChainResult {
    for (const box of left)
      if (policy === 'accept') this.#passed.push(box);
      else this.#end(box, { kind: 'refuse', how: 'policy DROP' }, at);
    return {
      passed: this.#passed,
      ended: this.#ended,
      near: [...this.#near].map(([line, kinds]) => ({ at: line, kinds })),
      assumed: [...this.#assumed].map(([text, line]) => ({ text, at: line })),
    };
  }

  #rulesOf(chain: FilterChain): readonly CompiledRule[] {
    const known = this.#compiled.get(chain);
    if (known !== undefined) return known;
    const compiled = chain.rules.flatMap((rule) => {
      // What only counts or logs decides about nothing.
      return rule.action.kind === 'nothing' ? [] : compileRule(rule, this.view);
    });
    this.#compiled.set(chain, compiled);
    return compiled;
  }

  /** What of a box goes on behind a rule. */
  #pass(rule: CompiledRule, box: Box, returned: Box[], depth: number): readonly Box[] {
    const way = box.tracked ? 'tracked' : 'untracked';
    if (this.#isAccepting(rule.rule.action)) this.#noteNear(rule, box, way);
    const taken = within(box, { ...rule.sets, kinds: rule.kinds[way] });
    const marks = marksOf(rule, box);
    if (taken === undefined || marks === 'unlike') return [box];
    for (const text of rule.assumed) this.#assumed.set(text, rule.rule.at);
    const isOpaque = rule.opaque.length > 0 || marks === 'unknown';
    const doubtfulKinds = isOpaque ? taken.kinds : taken.kinds & rule.doubtful[way];
    const surely = { ...taken, kinds: taken.kinds & ~doubtfulKinds };
    const perhaps = { ...taken, kinds: doubtfulKinds };
    const on: Box[] = [...without(box, taken)];
    if (surely.kinds !== 0) on.push(...this.#act(rule, surely, returned, depth));
    if (perhaps.kinds !== 0) {
      const doubted = withDoubt(perhaps, doubtOf(rule));
      const back = this.#act(rule, doubted, returned, depth);
      // Those that come back are among them already, but for what was done to them.
      const changed = back.filter(
        ({ mark, tracked }) => mark !== doubted.mark || tracked !== doubted.tracked,
      );
      on.push(doubted, ...changed);
    }
    return on;
  }

  /** Does to packets what a rule does, and gives those that come to the next one. */
  #act({ rule }: CompiledRule, box: Box, returned: Box[], depth: number): readonly Box[] {
    const { action, at } = rule;
    switch (action.kind) {
      case 'accept':
        this.#passed.push({ ...box, passedRules: [...box.passedRules, at] });
        return [];
      case 'refuse':
      case 'divert':
      case 'unclear':
      case 'source':
        this.#end(box, action, at);
        return [];
      case 'return':
        returned.push(box);
        return [];
      case 'jump':
      case 'goto': {
        const target = this.chains.get(action.chain);
        if (target === undefined || depth > deepest) {
          this.#end(box, { kind: 'unclear', why: `no chain is called ${action.chain}` }, at);
          return [];
        }
        const left = this.through(target, [box], depth + 1);
        const back = [...left.on, ...left.returned];
        if (action.kind === 'jump') return back;
        for (const one of back) returned.push(one);
        return [];
      }
      case 'untrack':
        return this.#untracked(box);
      case 'mark': {
        const { set } = action;
        const mark =
          set === undefined || box.mark === undefined
            ? undefined
            : ((box.mark & ~set.clear) ^ set.flip) >>> 0;
        return [{ ...box, mark }];
      }
      case 'nothing':
        return [box];
    }
  }

  /** Packets that conntrack has made an entry for by now keep it: there are rules behind it that say so too late. */
  #untracked(box: Box): readonly Box[] {
    if (!box.tracked) return [box];
    const of = (isMeant: (states: readonly string[]) => boolean) =>
      this.view.kinds.reduce(
        (mask, { states }, bit) => (isMeant(states.tracked) ? mask | (1 << bit) : mask),
        0,
      ) & box.kinds;
    const without = of((states) => states.includes('INVALID'));
    const having = of((states) => states.some((state) => state !== 'INVALID'));
    return [
      ...(without === 0 ? [] : [{ ...box, kinds: without, tracked: false }]),
      ...(having === 0 ? [] : [{ ...box, kinds: having }]),
    ];
  }

  #end(box: Box, end: EndedPackets['end'], at: FileLine): void {
    this.#ended.push({ box, end, at, chain: this.name });
  }

  /** Whether packets are let through by it, or may be in the chain that it leads to. */
  #isAccepting(action: Action, depth = 0): boolean {
    if (action.kind === 'accept') return true;
    if ((action.kind !== 'jump' && action.kind !== 'goto') || depth > deepest) return false;
    const known = this.#accepting.get(action.chain);
    if (known !== undefined) return known;
    // A chain in a ring leads to no more than its others.
    this.#accepting.set(action.chain, false);
    const rules = this.chains.get(action.chain)?.rules ?? [];
    const isOne = rules.some((rule) => this.#isAccepting(rule.action, depth + 1));
    this.#accepting.set(action.chain, isOne);
    return isOne;
  }

  #noteNear(rule: CompiledRule, box: Box, way: 'tracked' | 'untracked'): void {
    const missed = within(box, { ...rule.sets, kinds: rule.near[way] });
    if (missed === undefined || marksOf(rule, box) === 'unlike') return;
    const { at } = rule.rule;
    this.#near.set(at, (this.#near.get(at) ?? 0) | missed.kinds);
  }
}

function isAbout({ kinds, near }: CompiledRule, box: Box): boolean {
  const way = box.tracked ? 'tracked' : 'untracked';
  return (box.kinds & (kinds[way] | near[way])) !== 0;
}

/** Whether a box has the marks that a rule asks for. */
function marksOf({ marks }: CompiledRule, { mark }: Box): 'alike' | 'unlike' | 'unknown' {
  if (marks.length === 0) return 'alike';
  if (mark === undefined) return 'unknown';
  const isAlike = marks.every(({ ranges, mask, negated }) => {
    const value = (mark & mask) >>> 0;
    return ranges.some(([first, last]) => first <= value && value <= last) !== negated;
  });
  return isAlike ? 'alike' : 'unlike';
}

function doubtOf({ rule: { at }, opaque, marks }: CompiledRule): Doubt {
  const [first] = opaque;
  if (first !== undefined) return { at, text: first.text, why: first.why };
  return marks.length > 0
    ? { at, text: 'the mark', why: 'which mark the packets have is not known here' }
    : { at, text: 'the state', why: 'which state the packets have is not the same each time' };
}

function withDoubt(box: Box, doubt: Doubt): Box {
  const isKnown = box.doubts.some(({ at }) => at === doubt.at);
  if (isKnown || box.doubts.length >= mostDoubts) return box;
  return { ...box, doubts: [...box.doubts, doubt] };
}
