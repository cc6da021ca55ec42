import type { Role } from '../../../src/contracts/words/nodes.js';
import type { TcpState } from '../../../src/contracts/words/network.js';
import type {
  NodeEvidence,
  PhaseEvidence,
  ScenarioEvidence,
  Socket,
  SocketSample,
} from '../../../src/evidence/model/evidence.js';
import type { RuleCount } from '../../../src/evidence/model/ruleCount.js';
import { captureOf, healthy, type Dialogue } from './dialogue.js';
import { addresses, flat, macs, port, type NodeName } from './network.js';

export const rejectRule: RuleCount = {
  family: 'ip',
  table: 'filter',
  chain: 'INPUT',
  rule: '-A INPUT -j REJECT --reject-with icmp-host-prohibited',
  packets: 20,
};

interface Setting {
  /** Replaces parts of the director's evidence. */
  readonly director?: Partial<NodeEvidence>;
  readonly phase?: PhaseEvidence['phase'];
  readonly directors?: 1 | 2;
  readonly realservers?: 1 | 2;
  readonly localRealserver?: boolean;
}

/** The evidence of a phase in which these connections were made. */
export function phaseOf(dialogues: readonly Dialogue[], setting: Setting = {}): PhaseEvidence {
  const { phase = 'measured', directors = 1, realservers = 1, localRealserver = false } = setting;
  const network = dialogues[0]?.network ?? flat;
  const realserverNames: NodeName[] = realservers === 1 ? ['realserver1'] : ['realserver1', 'realserver2'];
  const serving: NodeName[] = localRealserver ? [...realserverNames, 'director'] : realserverNames;
  const node = (name: NodeName, role: Role): NodeEvidence => ({
    name,
    role,
    macs: name === 'router' ? [macs.routerFront, macs.routerLan] : [macs[name]],
    addresses: [addresses[name], ...(name === 'realserver1' ? [network.realserver1] : [])],
    rules: [],
    counters: {},
    conntrack: undefined,
    conntrackEntries: 0,
    translations: undefined,
    samples: samples(dialogues, name),
    ipvsDestinations: role === 'director' ? [network.realserver1, addresses.director] : undefined,
    capture: role === 'realserver' ? undefined : captureOf(dialogues, name as 'client'),
  });
  return {
    phase,
    vip: network.vip,
    ports: [port],
    servers: network.forwarding === 'nat' ? [network.vip, network.realserver1] : [network.vip],
    forwarding: network.forwarding,
    serving,
    settled: true,
    problems: [],
    load: {
      agent: 'test',
      nonBlockingConnect: true,
      requested: dialogues.length,
      startedAt: 90,
      finishedAt: 100,
      connections: dialogues.map(({ connection }) => connection),
    },
    nodes: [
      node('client', 'client'),
      ...(network.routed ? [node('router', 'router')] : []),
      { ...node('director', 'director'), ...setting.director },
      ...(directors === 2 ? [node('director2', 'director')] : []),
      ...realserverNames.map((name) => node(name, 'realserver')),
    ],
    ipvs: (directors === 2 ? (['director', 'director2'] as const) : (['director'] as const)).map((name) => ({
      node: name,
      time: 110,
      connections: dialogues.filter(({ via }) => via === name).flatMap(ipvsEntry),
      end: { doubt: undefined },
    })),
  };
}

/** A healthy control and this measured phase. */
export function evidenceOf(measured: PhaseEvidence | undefined): ScenarioEvidence {
  const control = phaseOf([healthy(39_000), healthy(39_001)], { phase: 'control' });
  return { scenario: 'close/server-first', control, measured, problems: [] };
}

/** The evidence with one node's replaced in part. */
export function withNode(phase: PhaseEvidence, name: string, part: Partial<NodeEvidence>): PhaseEvidence {
  return { ...phase, nodes: phase.nodes.map((node) => (node.name === name ? { ...node, ...part } : node)) };
}

function samples(dialogues: readonly Dialogue[], node: NodeName): SocketSample[] {
  const rounds = Math.max(0, ...dialogues.map(({ earlier }) => earlier.length));
  const earlier = Array.from({ length: rounds }, (_, round) => ({
    time: dialogues[0]?.earlier[round]?.time ?? 101 + round,
    until: dialogues[0]?.earlier[round]?.until ?? dialogues[0]?.earlier[round]?.time ?? 101 + round,
    sockets: dialogues.flatMap((dialogue) => {
      const states = dialogue.earlier[round];
      return socket(dialogue, node, states?.client, states?.realserver);
    }),
  }));
  const last = dialogues.flatMap((dialogue) =>
    socket(dialogue, node, dialogue.clientState, dialogue.realserverState),
  );
  return [...earlier, { time: 110, until: 110, sockets: last }];
}

function socket(
  { localPort, network, servedBy }: Dialogue,
  node: NodeName,
  clientState: TcpState | 'gone' | undefined,
  serverState: TcpState | 'gone' | undefined,
): Socket[] {
  const state = node === 'client' ? clientState : node === servedBy ? serverState : undefined;
  if (state === undefined || state === 'gone') return [];
  const client = { address: network.client, port: localPort };
  const throughNat = network.forwarding === 'nat' && node !== 'client';
  const server = { address: throughNat ? network.realserver1 : network.vip, port };
  const [local, peer] = node === 'client' ? [client, server] : [server, client];
  return [
    {
      state,
      localAddress: local.address,
      localPort: local.port,
      peerAddress: peer.address,
      peerPort: peer.port,
    },
  ];
}

function ipvsEntry({
  ipvsState,
  localPort,
  network,
  servedBy,
}: Dialogue): PhaseEvidence['ipvs'][number]['connections'][number][] {
  if (ipvsState === undefined) return [];
  return [
    {
      protocol: 'TCP',
      state: ipvsState,
      expires: 60,
      clientAddress: network.client,
      clientPort: localPort,
      vip: network.vip,
      vport: port,
      realserver: servedBy === 'realserver1' ? network.realserver1 : addresses[servedBy],
      rport: 80,
    },
  ];
}
