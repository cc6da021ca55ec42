import type { TracedEvidence } from '../../evidence/model/evidence.js';
import type { Blame, ConnectionFate, Explanation, PhaseFinding } from '../model/verdict.js';
import { isBlocked } from '../model/outcome.js';
import { counterDoubts, kernelDoubts, outcomeDoubts } from './agreement.js';
import { otherCause } from './causes/causes.js';
import { chainOf, type Chain } from './facts.js';
import {
  followedNodes,
  isOf,
  refusalsOn,
  type ConnectionKey,
  type FollowedNode,
  type Refusal,
} from './packets/followedPackets.js';
import { sysctlBehind } from './causes/sysctlBehind.js';

/**
 * Says what is to blame for what was measured, by packets of connections that were made once more and followed; `found` is what those came to.
 * Pure. What does not agree with the measured run is no explanation: then `doubts` say why, and nobody is blamed.
 */
export function explain(
  traced: TracedEvidence,
  measured: PhaseFinding,
  found: PhaseFinding | undefined,
): Explanation {
  const { phase, problems } = traced;
  const nodes = followedNodes(traced.nodes, phase, traced.kernel?.passages);
  const lacking = [
    ...nodes.flatMap((node) => node.traced.lacking),
    ...(traced.kernel?.lacking ?? []),
    ...(phase?.flows === undefined ? [] : [flowsNotFollowed]),
  ];
  const nothing = { summary: [], connections: [], lacking };
  if (phase === undefined || found === undefined)
    return { ...nothing, doubts: [...problems, 'of the connections that were followed nothing can be told'] };
  const blocked = found.connections.filter(({ fate }) => fate !== 'unexplained' && isBlocked(fate));
  const ofClient = (client: ConnectionFate): ConnectionKey => ({
    port: Number(client.client.replace(/^.*:/, '')),
    ports: phase.ports,
    isAlone: found.connections.length === 1,
  });
  const causes = blocked.map((connection) => causeOf(connection));
  const first = causes.find((cause) => cause !== undefined);
  const doubts = [
    ...problems,
    ...found.unsound.map((why) => `of the connections that were followed: ${why}`),
    ...outcomeDoubts(measured, found),
    ...(first?.refusal === undefined
      ? []
      : [
          ...counterDoubts(first.refusal, measured, phase.flows === undefined),
          ...kernelDoubts(first.refusal),
        ]),
    ...(first === undefined
      ? [
          'no rule turned a packet of the followed connections away, and nothing else that was seen tells why they were not healthy',
        ]
      : []),
  ];
  return {
    ...(doubts.length > 0 || first === undefined ? {} : { blame: first.blame }),
    summary: doubts.length > 0 ? [] : (first?.chain.summary ?? []),
    connections: blocked.map(({ client, fate }, index) => ({
      ...{ client, fate },
      facts: causes[index]?.chain.facts ?? [],
    })),
    ...{ doubts, lacking },
  };

  function causeOf(
    connection: ConnectionFate,
  ): { readonly blame: Blame; readonly chain: Chain; readonly refusal?: Refusal } | undefined {
    if (phase === undefined || found === undefined) return undefined;
    const own = ofClient(connection);
    // A connection that found no port was held up by the others of the client.
    const refusal =
      firstRefusal(nodes, (packet) => isOf(packet, own)) ??
      (connection.fate === 'ports-exhausted'
        ? firstRefusal(nodes, ({ sourcePort }) => sourcePort !== undefined)
        : undefined) ??
      firstRefusal(nodes, (packet) => isNeeded(packet, connection.fate));
    if (refusal !== undefined) {
      const port =
        refusal.packet.destinationPort === own.port ? own.port : (refusal.packet.sourcePort ?? own.port);
      const belonging = { ...own, port: phase.ports.includes(port) ? own.port : port };
      const setting = sysctlBehind(refusal, belonging);
      return {
        blame:
          setting === undefined
            ? blameOf(refusal)
            : { kind: 'sysctl', what: setting.what, ...nodeOf(refusal) },
        chain: chainOf(refusal, belonging, { signal: found.signal, setting }),
        refusal,
      };
    }
    const other = otherCause(phase, found, connection, {
      nodes,
      passages: traced.kernel?.passages ?? [],
    });
    if (other === undefined) return undefined;
    return {
      blame: other.blame,
      chain: {
        facts: other.because.map((text) => ({
          kind: 'other' as const,
          text,
          ...(other.blame.node === undefined ? {} : { node: other.blame.node }),
        })),
        summary: [...other.because],
      },
    };
  }
}

const flowsNotFollowed =
  'of raw-socket flows no packets were followed, only those of the connections beside them; what flows do that these do not is not explained';

function firstRefusal(
  nodes: readonly FollowedNode[],
  wanted: (packet: Refusal['packet']) => boolean,
): Refusal | undefined {
  for (const node of nodes) {
    const [refusal] = refusalsOn(node, (node.traced.packets ?? []).filter(wanted));
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** Whether a packet that is no segment of TCP is one without which a connection comes to this fate. */
function isNeeded({ kind, message = '' }: Refusal['packet'], fate: ConnectionFate['fate']): boolean {
  if (kind === 'other') return true;
  if (message.startsWith('nd-neighbor')) return fate === 'unreachable' || fate === 'handshake-blocked';
  return kind === 'ICMP' && /unreachable|too-big|^type [23] /.test(message);
}

function blameOf({ at, rule }: Pick<Refusal, 'at' | 'rule'>): Blame {
  const { text, written } = rule;
  const isPolicy = rule.rule.rule.startsWith('-P ');
  return {
    kind: isPolicy ? 'policy' : 'rule',
    what: isPolicy ? rule.rule.rule.replace(/^-P /, '') : text,
    ...(written === undefined ? {} : { written: written.text, file: written.file, line: written.line }),
    ...nodeOf({ at }),
  };
}

function nodeOf({ at }: Pick<Refusal, 'at'>): Pick<Blame, 'node' | 'role'> {
  return { node: at.name, ...(at.node === undefined ? {} : { role: at.node.role }) };
}
