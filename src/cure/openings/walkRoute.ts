import type { Family } from '../../contracts/words/network.js';
import type { Hook } from '../../contracts/words/rules.js';
import type { Chains, FilterChain } from '../../prediction/model/filter.js';
import type { Box } from '../../prediction/walk/box.js';
import { AtomSet } from '../../prediction/walk/atomSet.js';
import type { View } from '../../prediction/walk/view.js';
import { walkChain } from '../../prediction/walk/walkChain.js';
import { type EveryKind, withPorts } from './everyPacket.js';
import type { PacketSpace } from './packetSpace.js';

/** A way of packets: to the director, through it, or out of it. */
export const routes = ['into', 'through', 'out'] as const;
export type Route = (typeof routes)[number];

/** The hooks of each way, in their order. */
export const hooksOfRoute: Readonly<Record<Route, readonly Hook[]>> = {
  into: ['PREROUTING', 'INPUT'],
  through: ['PREROUTING', 'FORWARD', 'POSTROUTING'],
  out: ['OUTPUT', 'POSTROUTING'],
};

/** What became of packets on a route: a packet may be among both, where nobody knows. */
export interface RouteResult {
  readonly passed: readonly Box[];
  readonly ended: readonly Box[];
}

/** Packets that are sent along a route: these kinds of a space. */
export interface RoutePackets {
  readonly family: Family;
  readonly route: Route;
  readonly kinds: readonly EveryKind[];
  readonly space: PacketSpace;
  /** Addresses of the director, to which nothing goes through it. */
  readonly own: readonly bigint[];
}

type Base = FilterChain & { readonly base: NonNullable<FilterChain['base']> };

/** Conntrack looks at packets at this priority where they come in or go out. */
const conntrackPriority = -200;

/** Sends packets along a route through the rules, one hook behind the other. */
export function walkRoute(families: readonly Chains[], asked: RoutePackets): RouteResult {
  const { universe } = asked.space;
  const start: Box = {
    client: universe.client.all,
    port: universe.port.all,
    listed: universe.listed.all,
    // Only packets with both sides pass by both; else the other one would tell nothing apart.
    clientSide: asked.route === 'out' ? AtomSet.of([[0, 0]]) : universe.clientSide.all,
    serverSide: asked.route === 'into' ? AtomSet.of([[0, 0]]) : universe.serverSide.all,
    server: asked.route === 'through' ? ofOthers(asked) : universe.server.all,
    kinds: (1 << asked.kinds.length) - 1,
    mark: 0,
    tracked: true,
    doubts: [],
    passedRules: [],
  };
  let on: readonly Box[] = start.server.isEmpty ? [] : [start];
  const ended: Box[] = [];
  for (const hook of hooksOfRoute[asked.route])
    for (const { chain, chains } of chainsAt(families, hook, asked.family)) {
      const isEarly = (hook === 'PREROUTING' || hook === 'OUTPUT') && chain.base.priority < conntrackPriority;
      const view = viewAt(hook, isEarly, asked);
      const [walked, skipped] = chain.base.isNat ? byEntry(on, asked.kinds) : [on, []];
      const result = walkChain(chain, chains, view, walked);
      const changed = result.ended.filter(({ end }) => end.kind === 'source').map(({ box }) => box);
      for (const { box, end } of result.ended) if (end.kind !== 'source') ended.push(box);
      on = [...skipped, ...result.passed, ...changed];
    }
  return { passed: on, ended };
}

function ofOthers({ space, own }: RoutePackets): AtomSet {
  return AtomSet.of(
    space.targets.flatMap(({ addresses: { first, last } }, index) =>
      first === last && own.includes(first) ? [] : [[index, index] as const],
    ),
  );
}

function chainsAt(
  families: readonly Chains[],
  hook: Hook,
  family: Family,
): readonly { readonly chain: Base; readonly chains: Chains }[] {
  return families
    .flatMap((chains) =>
      [...chains.values()].flatMap((chain) =>
        isBase(chain) && chain.base.hook === hook && chain.base.families.includes(family)
          ? [{ chain, chains }]
          : [],
      ),
    )
    .toSorted((one, other) => one.chain.base.priority - other.chain.base.priority);
}

function isBase(chain: FilterChain): chain is Base {
  return chain.base !== undefined;
}

/** Chains of nat see only the first packet of a flow. */
function byEntry(
  boxes: readonly Box[],
  kinds: readonly EveryKind[],
): readonly [readonly Box[], readonly Box[]] {
  const first = kinds.reduce((mask, { state }, bit) => (state === 'NEW' ? mask | (1 << bit) : mask), 0);
  const part = (mask: number, isTracked: boolean) =>
    boxes.flatMap((box) => {
      const left = box.tracked || !isTracked ? box.kinds & mask : 0;
      return left === 0 ? [] : [{ ...box, kinds: left }];
    });
  const untracked = boxes.filter(({ tracked, kinds: own }) => !tracked && (own & first) !== 0);
  return [
    part(first, true),
    [...part(~first, false), ...untracked.map((box) => ({ ...box, kinds: box.kinds & first }))],
  ];
}

function viewAt(hook: Hook, isEarly: boolean, { family, route, kinds, space }: RoutePackets): View {
  const isInside = route === 'into';
  return {
    family,
    universe: space.universe,
    source: 'client',
    destination: isInside ? 'target' : 'server',
    sourcePort: 'client',
    destinationPort: 'server',
    comesIn: hook === 'OUTPUT' || hook === 'POSTROUTING' ? undefined : 'clientSide',
    goesOut: hook === 'PREROUTING' || isInside ? undefined : 'serverSide',
    kinds: kinds.map(({ protocol, flags, icmp, state }) => ({
      protocol,
      flags,
      hasPorts: withPorts.includes(protocol),
      // What has no entry yet is INVALID to those that ask.
      states: { tracked: [isEarly ? 'INVALID' : state], untracked: ['UNTRACKED'] },
      icmp,
    })),
  };
}
