import type { TracedDecision } from '../../model/evidence.js';
import { packetName } from './packetName.js';
import { tracedStep } from './tracedStep.js';
import { nonEmptyLines } from '../../text/lines.js';

const line = /^trace id ([0-9a-f]+) (\S+) (\S+) (\S+) (packet:|rule|policy|verdict) ?(.*)$/;

/**
 * Parses the output of `nft monitor trace`: each rule or policy that ended a packet's way through a chain. Other lines are skipped, because
 * the tool prints more than traces, and the last line may be cut.
 */
export function parseNftTrace(text: string): TracedDecision[] {
  const packetOf = new Map<string, string>();
  const portsOf = new Map<string, readonly string[]>();
  /** Ports that a first SYN came from, which are the clients' own whatever is translated on the way. */
  const clientPorts = new Set<string>();
  const decisions = new Map<string, TracedDecision>();
  for (const each of nonEmptyLines(text)) {
    const match = line.exec(each.trimEnd());
    if (match === null) continue;
    const [, id = '', family = '', table = '', chain = '', kind, rest = ''] = match;
    if (kind === 'packet:') {
      const name = packetName(rest);
      const ports = tcpPorts(rest);
      packetOf.set(id, name);
      portsOf.set(id, ports);
      if (name === 'TCP SYN' && ports[0] !== undefined) clientPorts.add(ports[0]);
      continue;
    }
    const decided = decision(kind ?? '', chain, rest);
    if (decided === undefined) continue;
    const packet = packetOf.get(id) ?? 'other';
    const key = [family, table, chain, decided.rule, decided.verdict, packet].join(' ');
    const { packets = 0, clients = [] } = decisions.get(key) ?? {};
    const client = portsOf.get(id)?.find((port) => clientPorts.has(port));
    const isNew = client !== undefined && !clients.includes(client);
    decisions.set(key, {
      ...{ family, table, chain, ...decided, packet, packets: packets + 1 },
      clients: isNew ? [...clients, client] : clients,
    });
  }
  return [...decisions.values()];
}

/** The source's port and the destination's; none of a packet that is no TCP. */
function tcpPorts(header: string): readonly string[] {
  const [, from, to] = /\btcp sport (\d+) tcp dport (\d+)\b/.exec(header) ?? [];
  return from === undefined || to === undefined ? [] : [from, to];
}

/** Verdicts after which the packet goes on in the table. */
const goingOn = ['continue', 'break', 'jump', 'goto', 'return'];

function decision(
  kind: string,
  chain: string,
  rest: string,
): Pick<TracedDecision, 'rule' | 'verdict'> | undefined {
  const step = tracedStep(kind, chain, rest);
  return step === undefined || goingOn.includes(step.verdict) ? undefined : step;
}
