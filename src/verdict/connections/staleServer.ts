import { clientKey } from '../../evidence/model/connectionKey.js';
import type { NodeEvidence, PhaseEvidence, SavedDestination } from '../../evidence/model/evidence.js';
import type { ClientConnection } from '../../evidence/model/loadReport.js';
import type { LabNodes } from '../captures/labNodes.js';

/**
 * Why the realserver that answered a client of UDP last should not have: the service has it no more, or with weight 0, and it answered after
 * the last thing that happened. Undefined: it is one of the service's; nothing was answered; or the director was not asked.
 */
export function staleServerOf(
  report: ClientConnection,
  phase: PhaseEvidence,
  { directors, byName }: Pick<LabNodes, 'directors' | 'byName'>,
): string | undefined {
  const last = report.datagrams?.replies.at(-1);
  const saved = directors[0]?.ipvsSaved;
  const node = byName.get(last?.by ?? '');
  if (last === undefined || saved === undefined || node === undefined) return undefined;
  if (last.at <= lastEventOf(phase)) return undefined;
  const own = saved.filter(({ service }) => isOf(service, report));
  // What is found by a mark does not say which ports it has.
  const all = own.length > 0 ? own : saved.filter(({ service }) => service.startsWith('-f '));
  if (all.length === 0) return `no director has the service any more`;
  const [entry] = all.filter(({ realserver }) => isAddressOf(node, realserver, directors));
  if (entry === undefined) return `${node.name} is none of the service's any more`;
  return entry.weight === 0 ? `${node.name} has weight 0` : undefined;
}

function isOf(service: SavedDestination['service'], { address, port }: ClientConnection): boolean {
  return address !== undefined && service === `-u ${clientKey(address, port)}`;
}

function isAddressOf(node: NodeEvidence, address: string, directors: readonly NodeEvidence[]): boolean {
  return node.addresses.includes(address) || (directors.includes(node) && /^127\.|^::1$/.test(address));
}

/** When the last event was over, by the nodes' clock; 0: there was none. */
function lastEventOf({ events = [] }: PhaseEvidence): number {
  return Math.max(0, ...events.map(({ timing }) => timing?.over ?? 0));
}
