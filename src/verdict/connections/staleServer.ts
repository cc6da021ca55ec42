import { clientKey } from '../../evidence/model/connectionKey.js';
import type { NodeEvidence, PhaseEvidence, SavedDestination } from '../../evidence/model/evidence.js';
import type { ClientConnection } from '../../evidence/model/loadReport.js';
import type { LabNodes } from '../captures/labNodes.js';

/** A reply to a client of UDP: the name of the node that sent it, when it came, and the end of the service that was asked. */
interface LastReply {
  readonly by: string;
  readonly at: number;
  readonly address: string | undefined;
  readonly port: number;
}

type Nodes = Pick<LabNodes, 'directors' | 'byName'>;

/** Why the realserver that answered a client of UDP last should not have; undefined: nothing speaks against it, or nothing was answered. */
export function staleServerOf(
  { datagrams, address, port }: ClientConnection,
  phase: PhaseEvidence,
  lab: Nodes,
): string | undefined {
  const last = datagrams?.replies.at(-1);
  return last === undefined ? undefined : staleReply({ ...last, address, port }, phase, lab);
}

/**
 * Why a node should not have sent a reply: the service has it no more, or with weight 0, and it answered after
 * the last thing that happened. Undefined: it is one of the service's; or the director was not asked.
 */
export function staleReply(
  reply: LastReply,
  phase: PhaseEvidence,
  { directors, byName }: Nodes,
): string | undefined {
  const saved = directors[0]?.ipvsSaved;
  const node = byName.get(reply.by);
  if (saved === undefined || node === undefined) return undefined;
  if (reply.at <= lastEventOf(phase)) return undefined;
  const own = saved.filter(({ service }) => isOf(service, reply));
  // What is found by a mark does not say which ports it has.
  const all = own.length > 0 ? own : saved.filter(({ service }) => service.startsWith('-f '));
  if (all.length === 0) return `no director has the service any more`;
  const [entry] = all.filter(({ realserver }) => isAddressOf(node, realserver, directors));
  if (entry === undefined) return `${node.name} is none of the service's any more`;
  return entry.weight === 0 ? `${node.name} has weight 0` : undefined;
}

function isOf(service: SavedDestination['service'], { address, port }: LastReply): boolean {
  return address !== undefined && service === `-u ${clientKey(address, port)}`;
}

function isAddressOf(node: NodeEvidence, address: string, directors: readonly NodeEvidence[]): boolean {
  return node.addresses.includes(address) || (directors.includes(node) && /^127\.|^::1$/.test(address));
}

/** When the last event was over, by the nodes' clock; 0: there was none. */
function lastEventOf({ events = [] }: PhaseEvidence): number {
  return Math.max(0, ...events.map(({ timing }) => timing?.over ?? 0));
}
