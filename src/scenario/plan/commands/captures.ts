import type { Family, Protocol } from '../../../contracts/words/network.js';
import type { Role } from '../../../contracts/words/nodes.js';
import { command } from './command.js';
import { firstFlowPort as firstPort } from '../../model/flowPorts.js';
import { parseAddress } from '../../network/ipv4.js';
import { ipv6Groups } from '../../network/ipv6.js';
import type { PlannedCapture } from '../../model/planTypes.js';

/** The connections whose packets a capture keeps in full beside raw-socket flows. */
export interface FullCapture {
  readonly family: Family;
  /** The protocol of witnesses and flows. */
  readonly protocol: Protocol;
  /** The client's own address. */
  readonly address: string;
  /** The flows that the client's capture keeps in full too. */
  readonly sample: FlowSample;
}

/** A sample of flows: on one source address, all of the first ports and then every so many-th one. */
interface FlowSample {
  readonly address: string;
  readonly firstPorts: number;
  /** The distance between sampled ports: a power of two. */
  readonly every: number;
}

const sampleSize = 64;
/** Ports are few enough that with this step there are not too many flows, and one of them is the first. */
const widestStep = 1024;

/**
 * Chooses the flows to capture in full, to see whether flows do what the scenario says. They are on the first source, which has flows of
 * all times: its first ports, which the control run uses, and about as many of the others.
 */
export function flowSample(count: number, sources: readonly string[]): FlowSample {
  const ofSource = count / sources.length;
  const step = 2 ** Math.ceil(Math.log2(Math.max(1, ofSource / sampleSize)));
  return { address: sources[0] ?? '', firstPorts: sampleSize, every: Math.min(step, widestStep) };
}

/** The filter for all packets, including those in an IPv4 or IPv6 tunnel; `tcp` means both families. */
const everything = 'tcp or icmp or icmp6 or arp or ip proto 4 or ip6 proto 41';
/** The filter for the connection sync of directors. */
const sync = 'udp port 8848';
/** How many bytes of a packet are kept: a tunnel's header, all headers inside, and what an ICMP error quotes. */
const snapLength = '192';

/** KiB of tcpdump's buffer. Among many flows it must hold whatever arrives while nobody has time to read. */
const buffer = { usual: '4096', amongFlows: '16384' };

/**
 * Captures on the nodes that see what a packet filter answers; a realserver's packets all pass one of them, unless connections are made on it. The router's
 * servers' side is enough: the client captures the other one.
 * Beside flows only the witnesses' packets are kept in full, and of the others what the balance of closing segments needs; of UDP, which has none, errors.
 * In immediate mode, because packets of a block that the kernel has not handed over yet are not there when a phase ends; but not beside
 * flows, where to be woken for each packet costs too much: there the end waits for the last block.
 * As root, because without CAP_KILL nobody in the container could end a tcpdump that had changed to a user of its own.
 */
export function captureCommand(
  role: Role,
  device: string,
  {
    witness,
    hasDatagrams = false,
    hasClient = false,
  }: {
    readonly witness?: FullCapture | undefined;
    readonly hasDatagrams?: boolean;
    readonly hasClient?: boolean;
  } = {},
): PlannedCapture | undefined {
  if (role === 'realserver' && !hasClient) return undefined;
  // One that begins beside flows must not write into the other's file. Some systems let tcpdump write to names like this only.
  const file = witness === undefined ? '/lab/packets.pcap' : '/lab/packets-beside-flows.pcap';
  const options = [
    ...['-i', device, '-n', '-U'],
    ...(witness === undefined ? ['--immediate-mode'] : []),
    ...['-Z', 'root', '-B', witness === undefined ? buffer.usual : buffer.amongFlows],
    ...['-s', snapLength, '-w', file],
  ];
  const [what, filter] =
    witness === undefined
      ? [
          `TCP, ${hasDatagrams ? 'UDP, ' : ''}ICMP, ARP and tunnelled packets`,
          hasDatagrams
            ? `${everything} or udp`
            : role === 'director'
              ? `${everything} or ${sync}`
              : everything,
        ]
      : besideFlows(role, witness);
  return { ...command(`capture ${what}`, ['tcpdump', ...options, filter]), file };
}

/** What a capture beside flows has, in words, and its filter. */
function besideFlows(role: Role, witness: FullCapture): readonly [what: string, filter: string] {
  if (witness.protocol === 'udp')
    return [
      "the witnesses' datagrams, and ICMP of the flows",
      role === 'client' ? plain(witness) : amongDatagrams(witness),
    ];
  return role === 'client'
    ? [
        "the witnesses' TCP, ICMP and ARP, and some of the flows",
        `(${plain(witness)}) or (${sampled(witness)})`,
      ]
    : ["the witnesses' packets, and closing segments and ICMP of the flows", amongFlows(witness)];
}

function plain({ address, protocol }: FullCapture): string {
  return `host ${address} and (${protocol} or icmp or icmp6 or arp)`;
}

/** TCP's ports begin behind the IP header: `tcp` reads them for IPv4 only. */
function sampled({ family, sample: { address, firstPorts, every } }: FullCapture): string {
  const port = (offset: number) => (family === 'ipv4' ? `tcp[${offset}:2]` : `ip6[${40 + offset}:2]`);
  const chosen = (offset: number) =>
    `(${port(offset)} < ${firstPort + firstPorts} or ${port(offset)} & ${every - 1} == 0)`;
  return `tcp and (src host ${address} and ${chosen(0)} or dst host ${address} and ${chosen(2)})`;
}

/**
 * Each part is a filter on raw bytes where tcpdump has no word: for what is inside a tunnel, and for TCP's flags behind an IPv6
 * header. Headers without options or extensions are taken for granted; nothing in the lab sends any.
 */
function amongFlows(witness: FullCapture): string {
  const { family, address } = witness;
  const parts =
    family === 'ipv4'
      ? ['tcp[13] & 5 != 0', 'icmp', `ip[9] == 4 and (${insideIpv4(address)})`]
      : ['ip6[6] == 6 and ip6[53] & 5 != 0', 'icmp6', `ip6[6] == 41 and (${insideIpv6(address)})`];
  return [plain(witness), ...parts].map((part) => `(${part})`).join(' or ');
}

/** Of flows of UDP, which have no segments that close, errors alone are needed. */
function amongDatagrams(witness: FullCapture): string {
  const { family, address } = witness;
  const inside =
    family === 'ipv4'
      ? ['icmp', `ip[9] == 4 and ip[32:4] == ${parseAddress(address) ?? 0}`]
      : ['icmp6', `ip6[6] == 41 and (${sourceInsideIpv6(address)})`];
  return [plain(witness), ...inside].map((part) => `(${part})`).join(' or ');
}

/** The inner header begins at 20: its protocol is at 29, its source at 32, TCP's flags at 53. */
function insideIpv4(address: string): string {
  return `ip[32:4] == ${parseAddress(address) ?? 0} or (ip[29] == 6 and ip[53] & 5 != 0)`;
}

/** The inner header begins at 40: its next header is at 46, its source at 48, TCP's flags at 93. */
function insideIpv6(address: string): string {
  return `(${sourceInsideIpv6(address)}) or (ip6[46] == 6 and ip6[93] & 5 != 0)`;
}

function sourceInsideIpv6(address: string): string {
  return ipv6Groups(address)
    .map((word, index) => `ip6[${48 + 4 * index}:4] == ${word}`)
    .join(' and ');
}
