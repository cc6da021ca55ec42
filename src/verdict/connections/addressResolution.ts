import type { NodeEvidence, PhaseEvidence } from '../../evidence/model/types.js';
import type { LabNodes } from '../captures/labNodes.js';
import { formatRule, rejectedBy, rejectingRules } from '../rules/rules.js';

/** A hop on the way to the realservers that asked for the next one's hardware address in vain. */
export interface Unresolved {
  /** Who asked: `client`, `router`, a director's name. */
  readonly asker: string;
  readonly role: NodeEvidence['role'];
  /** What it was that nobody was found for. */
  readonly address: string;
  /** One clause: how often it asked, and what became of questions or answers. */
  readonly because: string;
}

/** Who is found at which address, by ARP or IPv6's neighbour discovery, as the captures have it. */
export interface AddressResolution {
  /** Names of nodes, no director among them, that say the VIP is theirs: whoever believes them sends the service's packets past the director. */
  readonly claimants: readonly string[];
  /** In the order of the way. */
  readonly unresolved: readonly Unresolved[];
}

/** Reads who asked for whom, and who answered. What a node knew before nobody asks for: after a cold start each hop has to. */
export function addressResolutionOf(phase: PhaseEvidence, lab: LabNodes): AddressResolution {
  const { client, router, directors, serving } = lab;
  const toVip = [phase.vip];
  return {
    claimants: claimantsOf(phase, lab),
    unresolved: [
      ...inVain(lab, client, router === undefined ? toVip : router.addresses, router ?? directors[0]),
      ...inVain(lab, router, toVip, directors[0]),
      ...directors.flatMap((director) =>
        serving
          .filter(({ name }) => name !== director.name)
          .flatMap((server) => inVain(lab, director, server.addresses, server)),
      ),
    ],
  };
}

function claimantsOf({ vip, nodes }: PhaseEvidence, { byMac }: LabNodes): string[] {
  const claimants = nodes
    .flatMap(({ capture }) => capture?.neighbours ?? [])
    .filter(({ claims }) => claims === vip)
    .map(({ sourceMac }) => byMac.get(sourceMac));
  const names = claimants.flatMap((node) =>
    node === undefined || node.role === 'director' ? [] : [node.name],
  );
  return [...new Set(names)].sort();
}

/**
 * What a node asked for among these addresses without getting on. An answer that came and was not believed has to be counted by
 * the asker's rules, for its capture has what they drop.
 */
function inVain(
  { byMac }: LabNodes,
  asker: NodeEvidence | undefined,
  addresses: readonly string[],
  owner: NodeEvidence | undefined,
): Unresolved[] {
  const messages = asker?.capture?.neighbours ?? [];
  if (asker === undefined) return [];
  const isOwn = (mac: string): boolean => asker.macs.includes(mac);
  return addresses.flatMap((address) => {
    const times = messages.filter(({ asks, sourceMac }) => asks === address && isOwn(sourceMac)).length;
    if (times === 0 || forwardedTo(asker, owner)) return [];
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
    if (dropped === '') return [];
    return [{ ...found, because: `${asked}, and did not take the answer${dropped}` }];
  });
}

/** Whether anything of the service went from one to the other: then it was found, if not at once. */
function forwardedTo(asker: NodeEvidence, owner: NodeEvidence | undefined): boolean {
  return (
    asker.capture?.segments.some(
      ({ sourceMac, destinationMac }) =>
        asker.macs.includes(sourceMac) && owner?.macs.includes(destinationMac) === true,
    ) === true
  );
}

/** `, where \`-A INPUT -j DROP\` counted 6 packets`; empty when no rule there did. */
function droppedAt(node: NodeEvidence | undefined): string {
  const counted = rejectingRules(node ?? { rules: [] }).flatMap((rule) => {
    const packets = rejectedBy(rule) ?? 0;
    return packets === 0 ? [] : [`\`${formatRule(rule)}\` counted ${packets} packets`];
  });
  return counted.length === 0 ? '' : `, where ${counted.join(' and ')}`;
}
