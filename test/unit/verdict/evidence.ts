import type {
  NodeEvidence,
  PhaseEvidence,
  RuleCount,
  ScenarioEvidence,
  Socket,
  SocketSample,
  TcpState,
} from '../../../src/evidence/types.js';
import { clientAddress, healthy, macs, port, vip, type Dialogue } from './dialogue.js';

export const rejectRule: RuleCount = {
  table: 'filter',
  chain: 'INPUT',
  rule: '-A INPUT -j REJECT --reject-with icmp-host-prohibited',
  packets: 20,
  bytes: 1040,
};

/** The evidence of a phase in which these connections were made; `director` replaces parts of the director's evidence. */
export function phaseOf(
  dialogues: readonly Dialogue[],
  {
    director = {},
    phase = 'measured',
  }: { director?: Partial<NodeEvidence>; phase?: PhaseEvidence['phase'] } = {},
): PhaseEvidence {
  const base = { rules: [], counters: {}, conntrack: undefined, conntrackEntries: 0 };
  const empty: SocketSample[] = [{ time: 110, sockets: [] }];
  const segments = (of: (dialogue: Dialogue) => Dialogue['clientSegments']) => ({
    segments: dialogues.flatMap(of),
    icmp: dialogues.flatMap(({ icmp }) => icmp),
    other: {},
    truncated: false,
  });
  return {
    phase,
    vip,
    port,
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
      {
        ...base,
        name: 'client',
        role: 'client',
        mac: macs.client,
        address: clientAddress,
        samples: samples(dialogues, 'client'),
        capture: segments(({ clientSegments }) => clientSegments),
      },
      {
        ...base,
        name: 'director',
        role: 'director',
        mac: macs.director,
        address: '10.0.0.3',
        samples: empty,
        capture: segments(({ directorSegments }) => directorSegments),
        ...director,
      },
      {
        ...base,
        name: 'realserver1',
        role: 'realserver',
        mac: macs.realserver1,
        address: '10.0.0.4',
        samples: samples(dialogues, 'realserver'),
        capture: undefined,
      },
    ],
    ipvs: [{ time: 110, connections: dialogues.flatMap(ipvsEntry) }],
  };
}

/** A healthy control and this measured phase. */
export function evidenceOf(measured: PhaseEvidence | undefined): ScenarioEvidence {
  const control = phaseOf([healthy(39_000), healthy(39_001)], { phase: 'control' });
  return { scenario: 'close/server-first', control, measured };
}

/** The evidence with one node's replaced in part. */
export function withNode(phase: PhaseEvidence, name: string, part: Partial<NodeEvidence>): PhaseEvidence {
  return { ...phase, nodes: phase.nodes.map((node) => (node.name === name ? { ...node, ...part } : node)) };
}

function samples(dialogues: readonly Dialogue[], end: 'client' | 'realserver'): SocketSample[] {
  const rounds = Math.max(0, ...dialogues.map(({ earlier }) => earlier.length));
  const earlier = Array.from({ length: rounds }, (_, round) => ({
    time: 101 + round,
    sockets: dialogues.flatMap((dialogue) => socket(dialogue, end, dialogue.earlier[round]?.[end])),
  }));
  const last = dialogues.flatMap((dialogue) =>
    socket(dialogue, end, end === 'client' ? dialogue.clientState : dialogue.realserverState),
  );
  return [...earlier, { time: 110, sockets: last }];
}

function socket(
  { localPort }: Dialogue,
  end: 'client' | 'realserver',
  state: TcpState | 'gone' | undefined,
): Socket[] {
  if (state === undefined || state === 'gone') return [];
  const client = { address: clientAddress, port: localPort };
  const server = { address: vip, port };
  const [local, peer] = end === 'client' ? [client, server] : [server, client];
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
}: Dialogue): PhaseEvidence['ipvs'][number]['connections'][number][] {
  if (ipvsState === undefined) return [];
  return [
    {
      protocol: 'TCP',
      state: ipvsState,
      expires: 60,
      clientAddress,
      clientPort: localPort,
      vip,
      vport: port,
      realserver: '10.0.0.4',
      rport: 80,
    },
  ];
}
