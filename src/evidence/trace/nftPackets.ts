import type { TracedPacket, TracedStep } from '../model/traced.js';
import { packetName } from '../listings/packetFilter/packetName.js';
import { tracedStep } from '../listings/packetFilter/tracedStep.js';
import { nonEmptyLines } from '../text/lines.js';
import type { RuleHandles } from './nftHandles.js';

/** The table of the lab's own that marks packets, whose rules are no rules of a user's. */
const ownTable = 'lvs-lab-trace';
const line =
  /^trace id ([0-9a-f]+) (\S+) (\S+) (\S+) (packet:|conntrack:|rule|policy|verdict|unknown rule handle) ?(.*)$/;

const unknownRule = 'unknown rule handle';

/** A packet while its lines are read. */
type UnfinishedPacket = { -readonly [Key in keyof TracedPacket]: TracedPacket[Key] } & {
  readonly steps: TracedStep[];
};

/**
 * Parses the output of `nft monitor trace` into packets, in the order in which they came. A packet begins where the lab's own chain first sees
 * it, because the kernel uses an id again for the next packet of a connection. Other lines are skipped, and the last may be cut. nft only knows
 * the rules that were there when it began; for a later one it prints a handle, and `handles` has the rule.
 */
export function parseNftPackets(text: string, handles: RuleHandles = new Map()): TracedPacket[] {
  const packets: TracedPacket[] = [];
  const current = new Map<string, UnfinishedPacket>();
  for (const each of nonEmptyLines(text)) {
    const match = line.exec(each);
    if (match === null) continue;
    const [, id = '', family = '', table = '', chain = '', said = '', behind = ''] = match;
    const [kind, rest] =
      said === unknownRule ? ['rule', named(behind, [family, table, chain], handles)] : [said, behind];
    if (table === ownTable && kind === 'packet:' && ways[chain] !== undefined) {
      const begun: UnfinishedPacket = { way: ways[chain], ...readHeader(rest), state: undefined, steps: [] };
      current.set(id, begun);
      packets.push(begun);
      continue;
    }
    const packet = current.get(id);
    if (packet === undefined) continue;
    if (kind === 'conntrack:') packet.state ??= stateOf(/\bct state (\w+)/.exec(rest)?.[1]);
    else if (table !== ownTable) {
      const step = tracedStep(kind, chain, rest);
      if (step !== undefined) packet.steps.push({ family, table, chain, ...step });
    } else if (kind === 'rule') packet.state ??= stateOf(/\bcomment "ct=(\w+)"/.exec(rest)?.[1]);
  }
  return packets;
}

/** What nft would have said of a rule that it calls by its handle: `5 (verdict accept)`. */
function named(behind: string, chain: readonly string[], handles: RuleHandles): string {
  return behind.replace(
    /^\d+/,
    (handle) => handles.get([...chain, handle].join(' ')) ?? `${unknownRule} ${handle}`,
  );
}

/** The lab's chains in which packets begin to be followed. */
const ways: Readonly<Record<string, TracedPacket['way'] | undefined>> = {
  arriving: 'arrived',
  leaving: 'left',
};

const stateOf = (word: string | undefined): string | undefined => word?.toUpperCase();

function readHeader(header: string): Omit<TracedPacket, 'way' | 'state' | 'steps'> {
  const number = (pattern: RegExp): number | undefined => {
    const found = pattern.exec(header)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const [, source = '', destination = ''] = /\bip6? saddr (\S+) ip6? daddr (\S+)/.exec(header) ?? [];
  return {
    kind: packetName(header),
    source,
    destination,
    sourcePort: number(/\b(?:tcp|udp) sport (\d+)/),
    destinationPort: number(/\b(?:tcp|udp) dport (\d+)/),
    id: number(/\bip id (\d+)/),
    message: messageOf(header),
  };
}

function messageOf(header: string): string | undefined {
  const [, type, code] = /\bicmp(?:v6)? type (\S+)(?: icmp(?:v6)? code (\S+))?/.exec(header) ?? [];
  return type === undefined ? undefined : [type, ...(code === undefined ? [] : [code])].join(' ');
}
