import type { Forwarding } from '../../contracts/words/network.js';
import type { Director, DirectorFilters, VirtualService } from '../model/question.js';
import { AtomSet } from '../walk/atomSet.js';
import type { Box } from '../walk/box.js';
import type { Universe } from '../walk/view.js';
import type { EndedPackets } from '../walk/walkChain.js';
import { HookWalk, needsTracking, type WalkResult } from './hookWalk.js';
import { kindsFrom, type PacketClass } from './packetClasses.js';
import type { PacketStage } from './states.js';
import { type Waypoint, viewAt } from './views.js';

/** A service, its packets, and the director whose rules they pass. */
export interface ServiceOnDirector {
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
export function walkDirector(input: ServiceOnDirector): WalkResult {
  const walk = new DirectorWalk(input);
  walk.requests();
  walk.replies();
  walk.neighbours();
  return walk.result;
}

class DirectorWalk {
  readonly #walk: HookWalk;

  constructor(private readonly input: ServiceOnDirector) {
    const { filters, service, director } = input;
    const isTracking = director.vsConntrack || needsTracking(filters, service.family);
    this.#walk = new HookWalk(filters, service.family, isTracking);
  }

  get result(): WalkResult {
    return this.#walk.result;
  }

  requests(): void {
    for (const [forwarding, isLocal, servers] of this.#groups()) {
      const kinds = kindsFrom(this.input.kinds, 'client');
      const waypoint = { from: 'client', forwarding, isLocal } as const;
      let boxes = this.#start(kinds, servers);
      boxes = this.#hook({ ...waypoint, hook: 'PREROUTING', stage: 'before IPVS' }, boxes);
      boxes = this.#hook({ ...waypoint, hook: 'INPUT', stage: 'before IPVS' }, boxes);
      boxes = this.#taken(boxes);
      if (!isLocal) {
        boxes = this.#hook({ ...waypoint, hook: 'OUTPUT', stage: 'after IPVS' }, boxes);
        boxes = this.#hook({ ...waypoint, hook: 'POSTROUTING', stage: 'after IPVS' }, boxes);
      }
      this.#walk.arrive(boxes);
    }
  }

  /** Only those of NAT and of the director itself pass it. */
  replies(): void {
    for (const [forwarding, isLocal, servers] of this.#groups()) {
      if (forwarding !== 'nat' && !isLocal) continue;
      const waypoint = { from: 'realserver', forwarding, isLocal } as const;
      let boxes = this.#start(kindsFrom(this.input.kinds, 'realserver'), servers);
      if (isLocal) {
        boxes = this.#hook({ ...waypoint, hook: 'OUTPUT', stage: 'before IPVS' }, boxes);
      } else {
        boxes = this.#hook({ ...waypoint, hook: 'PREROUTING', stage: 'before IPVS' }, boxes);
        boxes = this.#forwarded(boxes);
        boxes = this.#hook({ ...waypoint, hook: 'FORWARD', stage: 'before IPVS' }, boxes);
        boxes = this.#translatedBack(boxes);
      }
      boxes = this.#hook({ ...waypoint, hook: 'POSTROUTING', stage: 'after IPVS' }, boxes);
      this.#walk.arrive(boxes);
    }
  }

  /** How hosts on the link find the director, and it finds them. */
  neighbours(): void {
    const hooks = { neighbour: ['PREROUTING', 'INPUT'], director: ['OUTPUT', 'POSTROUTING'] } as const;
    for (const from of ['neighbour', 'director'] as const) {
      const kinds = kindsFrom(this.input.kinds, from);
      if (kinds === 0) continue;
      let boxes = this.#start(kinds, this.input.universe.server.all);
      for (const hook of hooks[from])
        boxes = this.#hook({ from, forwarding: 'dr', isLocal: false, hook, stage: 'before IPVS' }, boxes);
      this.#walk.arrive(boxes);
    }
  }

  /** Realservers that are reached in the same way. */
  #groups(): readonly (readonly [Forwarding, boolean, AtomSet])[] {
    const groups = new Map<string, [Forwarding, boolean, AtomSet]>();
    for (const [index, { forwarding, isLocal }] of this.input.service.servers.entries()) {
      const key = `${forwarding} ${isLocal}`;
      const group = groups.get(key) ?? [forwarding, isLocal, AtomSet.empty];
      group[2] = group[2].or(AtomSet.of([[index, index]]));
      groups.set(key, group);
    }
    return [...groups.values()];
  }

  #start(kinds: number, server: AtomSet): readonly Box[] {
    const { client, port, clientSide, serverSide } = this.input.universe;
    const sets = {
      client: client.all,
      port: port.all,
      listed: this.input.universe.listed.all,
      clientSide: clientSide.all,
      serverSide: serverSide.all,
    };
    return [{ ...sets, server, kinds, mark: 0, tracked: true, doubts: [], passedRules: [] }];
  }

  #hook(waypoint: Waypoint, boxes: readonly Box[]): readonly Box[] {
    const { hook, stage, from } = waypoint;
    const isBeforeIpvs =
      stage === 'before IPVS' && from !== 'neighbour' && (hook === 'INPUT' || hook === 'FORWARD');
    const passing = {
      hook,
      viewAt: (priority: number) =>
        viewAt({ ...waypoint, stage: stageAt(waypoint, priority) }, this.input.service, this.input),
      isSourceOurs: isSourceOurs(waypoint),
      ...(isBeforeIpvs && { last: ipvsPriority[hook] }),
    };
    return this.#walk.through(passing, boxes);
  }

  /** What the director is a router for. */
  #forwarded(boxes: readonly Box[]): readonly Box[] {
    const { forwardingOff } = this.input.director;
    if (forwardingOff === undefined) return boxes;
    const how = `${forwardingOff} is 0, so the director forwards nothing`;
    return this.#endAll(boxes, { kind: 'refuse', how }, 'routing');
  }

  /** What IPVS knows as an answer of a realserver: by one-packet scheduling it keeps no entry of what was asked. */
  #translatedBack(boxes: readonly Box[]): readonly Box[] {
    const { service, filters } = this.input;
    if (service.onePacket !== true) return boxes;
    const how = 'one-packet scheduling keeps no entry by which IPVS would give it the address of the service';
    const end: EndedPackets['end'] = changesSources(filters)
      ? { kind: 'unclear', why: `${how}, and whether a rule of nat does is not followed here` }
      : { kind: 'divert', how };
    return this.#endAll(boxes, end, 'IPVS');
  }

  /** Ends all of them at the service. */
  #endAll(boxes: readonly Box[], end: EndedPackets['end'], chain: string): readonly Box[] {
    const { at } = this.input.service;
    const place = { file: at?.file ?? '', line: at?.line ?? 0, text: '' };
    for (const box of boxes) this.#walk.end({ box, end, at: place, chain });
    return [];
  }

  /** What IPVS takes: it goes by the mark first, and then by the address. */
  #taken(boxes: readonly Box[]): readonly Box[] {
    const { service, otherMarks } = this.input;
    const { fwmark } = service;
    const at = { file: service.at?.file ?? '', line: service.at?.line ?? 0, text: '' };
    return boxes.flatMap((box) => {
      const { mark } = box;
      const isIts =
        mark === undefined ? undefined : fwmark === undefined ? !otherMarks.includes(mark) : mark === fwmark;
      if (isIts === true) return [box];
      const end: EndedPackets['end'] =
        isIts === undefined
          ? { kind: 'unclear', why: 'which mark the packets have is not known here' }
          : fwmark === undefined
            ? { kind: 'divert', how: `their mark ${mark ?? 0} is that of another service` }
            : { kind: 'divert', how: `no rule gives them mark ${fwmark}, so IPVS does not know them` };
      // Marks that nobody knows decide only where there is a service with one.
      if (isIts === undefined && fwmark === undefined && otherMarks.length === 0) return [box];
      this.#walk.end({ box, end, at, chain: 'IPVS' });
      return [];
    });
  }
}

/** Whether any rule puts another source in the place of packets'. */
function changesSources({ families }: DirectorFilters): boolean {
  return families.some((chains) =>
    [...chains.values()].some(({ rules }) => rules.some(({ action }) => action.kind === 'source')),
  );
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
