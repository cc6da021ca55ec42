import { vipsOf } from '../../evidence/model/connectionKey.js';
import type { NodeEvidence, PhaseEvidence } from '../../evidence/model/evidence.js';
import type { ClassifiedCaptures } from '../captures/classifiedCaptures.js';
import type { LabNodes } from '../captures/labNodes.js';
import { ruleText, rejectedBy, rejectingRules } from '../rules/countedRules.js';

/** A node that asked for the hardware address of the next node on the way, and did not get it. */
export interface UnresolvedNeighbour {
  /** Who asked: `client`, `router`, a director's name. */
  readonly asker: string;
  readonly role: NodeEvidence['role'];
  /** The IP address that it asked for. */
  readonly address: string;
  /** One clause: how often it asked, and what became of questions or answers. */
  readonly because: string;
}

/** What the captures have of ARP, and of IPv6's neighbour discovery, where it matters. */
export interface AddressResolution {
  /** Names of nodes, no director among them, that say the VIP is theirs: whoever believes them sends the service's packets past the director. */
  readonly claimants: readonly string[];
  /** From the client to the realservers. */
  readonly unresolved: readonly UnresolvedNeighbour[];
}

/**
 * Finds out who asked for which hardware address, and whether it was answered. A node does not ask for what it still knows; after a
 * cold start it knows nothing.
 */
export function addressResolutionOf(
  phase: PhaseEvidence,
  lab: LabNodes,
  captures: ClassifiedCaptures,
): AddressResolution {
  const { client, router, directors, serving } = lab;
  const toVip = vipsOf(phase);
  const inVain = (
    asker: NodeEvidence | undefined,
    addresses: readonly string[],
    owner: NodeEvidence | undefined,
  ): UnresolvedNeighbour[] => {
    if (asker === undefined) return [];
    const unresolved = addresses.flatMap((address) => unresolvedBy(lab, asker, address, owner));
    return unresolved.length === 0 || sentTo(asker, owner, captures) ? [] : unresolved;
  };
  return {
    claimants: claimantsOf(phase, lab),
    unresolved: [
      ...inVain(client, router === undefined ? toVip : router.addresses, router ?? directors[0]),
      ...inVain(router, toVip, directors[0]),
      ...directors.flatMap((director) =>
        serving
          .filter(({ name }) => name !== director.name)
          .flatMap((server) => inVain(director, server.addresses, server)),
      ),
    ],
  };
}

function claimantsOf(phase: PhaseEvidence, { byMac }: LabNodes): string[] {
  const vips = vipsOf(phase);
  const claimants = phase.nodes
    .flatMap(({ capture }) => capture?.neighbours ?? [])
    .filter(({ claims }) => claims !== undefined && vips.includes(claims))
    .map(({ sourceMac }) => byMac.get(sourceMac));
  const names = claimants.flatMap((node) =>
    node === undefined || node.role === 'director' ? [] : [node.name],
  );
  return [...new Set(names)].sort();
}

/**
 * The address, if the node asked for it in vain; else nothing. Captures also have answers that the node's own rules then drop. An
 * answer counts as dropped when such a rule counted packets.
 */
function unresolvedBy(
  { byMac }: LabNodes,
  asker: NodeEvidence,
  address: string,
  owner: NodeEvidence | undefined,
): UnresolvedNeighbour[] {
  const messages = asker.capture?.neighbours ?? [];
  const isOwn = (mac: string): boolean => asker.macs.includes(mac);
  const times = messages.filter(({ asks, sourceMac }) => asks === address && isOwn(sourceMac)).length;
  if (times === 0) return [];
  const answers = messages.filter(({ claims, sourceMac }) => claims === address && !isOwn(sourceMac));
  const asked = `the ${asker.role} asked ${times === 1 ? 'once' : `${times} times`} who has ${address}`;
  const found = { asker: asker.name, role: asker.role, address };
  if (answers.length === 0) {
    const heard = (owner?.capture?.neighbours ?? []).filter(
      ({ asks, sourceMac }) => asks === address && byMac.get(sourceMac) === asker,
    ).length;
    const reached =
      owner === undefined || heard === 0 ? '' : `; ${heard} of its questions reached the ${owner.role}`;
    return [{ ...found, because: `${asked}, and nobody answered${reached}${droppedAt(owner)}` }];
  }
  const dropped = droppedAt(asker);
  return dropped === '' ? [] : [{ ...found, because: `${asked}, and did not take the answer${dropped}` }];
}

/** Whether one node sent the other a TCP segment: then it had found the address in the end. */
function sentTo(
  asker: NodeEvidence,
  owner: NodeEvidence | undefined,
  { client, router, directors }: ClassifiedCaptures,
): boolean {
  const capture = [client, router, ...directors].find((one) => one?.node === asker);
  if (owner === undefined || capture === undefined) return false;
  return capture.segments.some(({ handling, receiver }) => handling === 'sent' && receiver === owner);
}

/** `, where \`-A INPUT -j DROP\` counted 6 packets`; empty when no rule there did. */
function droppedAt(node: NodeEvidence | undefined): string {
  const counted = rejectingRules(node ?? { rules: [] }).flatMap((rule) => {
    const packets = rejectedBy(rule) ?? 0;
    return packets === 0 ? [] : [`\`${ruleText(rule)}\` counted ${packets} packets`];
  });
  return counted.length === 0 ? '' : `, where ${counted.join(' and ')}`;
}
