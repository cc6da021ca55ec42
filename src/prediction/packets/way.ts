import type { Forwarding } from '../../contracts/words/network.js';
import type { Chains, FilterChain } from '../model/filter.js';
import type { Director, DirectorFilters, VirtualService } from '../model/question.js';
import { AtomSet } from '../walk/atomSet.js';
import type { Box } from '../walk/box.js';
import type { Universe } from '../walk/view.js';
import { type Leaf, type NearMiss, walkChain } from '../walk/walkChain.js';
import { kindsFrom, maskOf, type PacketClass } from './packetClasses.js';
import type { PacketStage } from './states.js';
import { type Waypoint, viewAt } from './views.js';

/** What became of all packets of a service. */
export interface Ways {
  /** Those that got through, and those that ended somewhere. */
  readonly passed: readonly Box[];
  readonly ended: readonly Leaf[];
  /** In the order in which packets came by. */
  readonly near: readonly NearMiss[];
  readonly assumed: readonly { readonly text: string; readonly at: FilterChain['rules'][number]['at'] }[];
}

/** What is the same on the whole way. */
export interface Journey {
  readonly service: VirtualService;
  readonly director: Director;
  readonly filters: DirectorFilters;
  readonly kinds: readonly PacketClass[];
  readonly universe: Universe;
  /** The marks of other services, by which IPVS would take packets for those. */
  readonly otherMarks: readonly number[];
}

/** IPVS takes packets in LOCAL_IN at 99, and in FORWARD at 100: chains behind it do not see them, or see them translated. */
const ipvsPriority = { INPUT: 98, FORWARD: 99 };
const conntrackPriority = -200;
const ownReplyPriority = -99;

/** Sends all packets of a service through the director: requests to IPVS and on, replies back where they pass the director. */
export function waysOf(journey: Journey): Ways {
  const way = new Way(journey);
  way.requests();
  way.replies();
  way.neighbours();
  return way.ways;
}

type Base = FilterChain & { readonly base: NonNullable<FilterChain['base']> };

class Way {
  readonly #passed: Box[] = [];
  readonly #ended: Leaf[] = [];
  readonly #near: NearMiss[] = [];
  readonly #assumed = new Map<string, Ways['assumed'][number]>();

  readonly #isTracking: boolean;

  constructor(private readonly journey: Journey) {
    this.#isTracking = isTracking(journey);
  }

  get ways(): Ways {
    return {
      passed: this.#passed,
      ended: this.#ended,
      near: this.#near,
      assumed: [...this.#assumed.values()],
    };
  }

  requests(): void {
    for (const [forwarding, isLocal, servers] of this.#groups()) {
      const kinds = kindsFrom(this.journey.kinds, 'client');
      const waypoint = { from: 'client', forwarding, isLocal } as const;
      let boxes = this.#start(kinds, servers);
      boxes = this.#hook({ ...waypoint, hook: 'PREROUTING', stage: 'before IPVS' }, boxes);
      boxes = this.#hook({ ...waypoint, hook: 'INPUT', stage: 'before IPVS' }, boxes);
      boxes = this.#taken(boxes);
      if (!isLocal) {
        boxes = this.#hook({ ...waypoint, hook: 'OUTPUT', stage: 'after IPVS' }, boxes);
        boxes = this.#hook({ ...waypoint, hook: 'POSTROUTING', stage: 'after IPVS' }, boxes);
      }
      for (const box of boxes) this.#passed.push(box);
    }
  }

  /** Only those of NAT and of the director itself pass it. */
  replies(): void {
    for (const [forwarding, isLocal, servers] of this.#groups()) {
      if (forwarding !== 'nat' && !isLocal) continue;
      const waypoint = { from: 'realserver', forwarding, isLocal } as const;
      let boxes = this.#start(kindsFrom(this.journey.kinds, 'realserver'), servers);
      if (isLocal) {
        boxes = this.#hook({ ...waypoint, hook: 'OUTPUT', stage: 'before IPVS' }, boxes);
      } else {
        boxes = this.#hook({ ...waypoint, hook: 'PREROUTING', stage: 'before IPVS' }, boxes);
        boxes = this.#hook({ ...waypoint, hook: 'FORWARD', stage: 'before IPVS' }, boxes);
      }
      boxes = this.#hook({ ...waypoint, hook: 'POSTROUTING', stage: 'after IPVS' }, boxes);
      for (const box of boxes) this.#passed.push(box);
    }
  }

  /** How hosts on the link find the director, and it finds them. */
  neighbours(): void {
    const hooks = { neighbour: ['PREROUTING', 'INPUT'], director: ['OUTPUT', 'POSTROUTING'] } as const;
    for (const from of ['neighbour', 'director'] as const) {
      const kinds = kindsFrom(this.journey.kinds, from);
      if (kinds === 0) continue;
      let boxes = this.#start(kinds, this.journey.universe.server.all);
      for (const hook of hooks[from])
        boxes = this.#hook({ from, forwarding: 'dr', isLocal: false, hook, stage: 'before IPVS' }, boxes);
      for (const box of boxes) this.#passed.push(box);
    }
  }

  /** Realservers that are reached in the same way. */
  #groups(): readonly (readonly [Forwarding, boolean, AtomSet])[] {
    const groups = new Map<string, [Forwarding, boolean, AtomSet]>();
    for (const [index, { forwarding, isLocal }] of this.journey.service.servers.entries()) {
      const key = `${forwarding} ${isLocal}`;
      const group = groups.get(key) ?? [forwarding, isLocal, AtomSet.empty];
      group[2] = group[2].or(AtomSet.of([[index, index]]));
      groups.set(key, group);
    }
    return [...groups.values()];
  }

  #start(kinds: number, server: AtomSet): readonly Box[] {
    const { client, port, clientSide, serverSide } = this.journey.universe;
    const sets = {
      client: client.all,
      port: port.all,
      listed: this.journey.universe.listed.all,
      clientSide: clientSide.all,
      serverSide: serverSide.all,
    };
    return [{ ...sets, server, kinds, mark: 0, tracked: true, doubts: [], trail: [] }];
  }

  /** Through all chains at a hook, one behind the other. */
  #hook(waypoint: Waypoint, boxes: readonly Box[]): readonly Box[] {
    let on = boxes;
    for (const { chain, chains } of this.#chainsAt(waypoint)) {
      const { priority, isNat } = chain.base;
      const stage = stageAt(waypoint, priority);
      const skipped = isNat ? this.#withoutEntry(on, { ...waypoint, stage }) : [];
      const walked = isNat ? this.#withEntry(on, { ...waypoint, stage }) : on;
      const result = walkChain(
        chain,
        chains,
        viewAt({ ...waypoint, stage }, this.journey.service, this.journey),
        walked,
      );
      on = [...skipped, ...result.passed];
      for (const leaf of result.ended) {
        const isHarmless = leaf.end.kind === 'source' && isSourceOurs(waypoint);
        if (isHarmless) on = [...on, leaf.box];
        else this.#ended.push(leaf);
      }
      for (const miss of result.near) this.#near.push(miss);
      for (const one of result.assumed) this.#assumed.set(`${one.at.file}:${one.at.line}`, one);
    }
    return on;
  }

  #chainsAt({ hook, stage, from }: Waypoint): readonly { readonly chain: Base; readonly chains: Chains }[] {
    const { family } = this.journey.service;
    const last =
      stage === 'before IPVS' && from !== 'neighbour' && (hook === 'INPUT' || hook === 'FORWARD')
        ? ipvsPriority[hook]
        : Infinity;
    return this.journey.filters.families
      .flatMap((chains) =>
        [...chains.values()].flatMap((chain) =>
          isBase(chain) && chain.base.hook === hook && chain.base.families.includes(family)
            ? [{ chain, chains }]
            : [],
        ),
      )
      .filter(({ chain: { base } }) => base.priority <= last && (this.#isTracking || !base.isNat))
      .toSorted((one, other) => one.chain.base.priority - other.chain.base.priority);
  }

  /** Packets that conntrack has an entry for: only those pass chains of nat. */
  #withEntry(boxes: readonly Box[], waypoint: Waypoint): readonly Box[] {
    const kinds = this.#kindsWithEntry(waypoint);
    return boxes.flatMap((box) => {
      const left = box.kinds & kinds;
      return box.tracked && left !== 0 ? [{ ...box, kinds: left }] : [];
    });
  }

  #withoutEntry(boxes: readonly Box[], waypoint: Waypoint): readonly Box[] {
    const kinds = this.#kindsWithEntry(waypoint);
    return boxes.flatMap((box) => {
      const left = box.tracked ? box.kinds & ~kinds : box.kinds;
      return left === 0 ? [] : [{ ...box, kinds: left }];
    });
  }

  /** Those whose entry is new; what is known already keeps what was done to it. */
  #kindsWithEntry(waypoint: Waypoint): number {
    const { kinds } = viewAt(waypoint, this.journey.service, this.journey);
    return maskOf(this.journey.kinds, (kind) =>
      Boolean(kinds[this.journey.kinds.indexOf(kind)]?.states.tracked.includes('NEW')),
    );
  }

  /** What IPVS takes: it goes by the mark first, and then by the address. */
  #taken(boxes: readonly Box[]): readonly Box[] {
    const { service, otherMarks } = this.journey;
    const { fwmark } = service;
    const at = { file: service.at?.file ?? '', line: service.at?.line ?? 0, text: '' };
    return boxes.flatMap((box) => {
      const { mark } = box;
      const isIts =
        mark === undefined ? undefined : fwmark === undefined ? !otherMarks.includes(mark) : mark === fwmark;
      if (isIts === true) return [box];
      const end: Leaf['end'] =
        isIts === undefined
          ? { kind: 'unclear', why: 'which mark the packets have is not known here' }
          : fwmark === undefined
            ? { kind: 'divert', how: `their mark ${mark ?? 0} is that of another service` }
            : { kind: 'divert', how: `no rule gives them mark ${fwmark}, so IPVS does not know them` };
      // Marks that nobody knows decide only where there is a service with one.
      if (isIts === undefined && fwmark === undefined && otherMarks.length === 0) return [box];
      this.#ended.push({ box, end, at, chain: 'IPVS' });
      return [];
    });
  }
}

/** Whether a rule needs conntrack, which is off until then: chains of nat see only packets that it has looked at. */
function isTracking({ director, filters, service }: Journey): boolean {
  return (
    director.vsConntrack ||
    filters.families.some((chains) =>
      [...chains.values()].some(
        ({ base, rules }) =>
          base?.families.includes(service.family) !== false &&
          rules.some(
            ({ action, terms }) =>
              ['divert', 'source', 'untrack'].includes(action.kind) ||
              terms.some(({ kind }) => kind === 'state' || kind === 'opaque'),
          ),
      ),
    )
  );
}

function isBase(chain: FilterChain): chain is Base {
  return chain.base !== undefined;
}

/** Conntrack looks at packets in the middle of the hook where they come in, and IPVS at the director's own replies. */
function stageAt({ hook, stage, from }: Waypoint, priority: number): PacketStage {
  if (stage === 'after IPVS' || (hook !== 'PREROUTING' && hook !== 'OUTPUT')) return stage;
  if (priority < conntrackPriority) return 'untouched';
  return from === 'realserver' && hook === 'OUTPUT' && priority > ownReplyPriority ? 'after IPVS' : stage;
}

/** A tunnel's packets come from the director itself, and with NAT it puts its own address in their place and back. */
function isSourceOurs({ hook, forwarding, stage }: Waypoint): boolean {
  return hook === 'POSTROUTING' && (forwarding !== 'dr' || stage !== 'after IPVS');
}
