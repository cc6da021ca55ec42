import type { ProbedRules, ProbeOrder, RuleProbe } from '../contracts/agents/probeOrder.js';
import type { PacketPrediction, ServicePrediction } from '../prediction/model/prediction.js';
import { tcpKinds } from '../prediction/packets/packetClasses.js';
import { ruleTexts } from '../rebuild/ruleTexts.js';
import type { Site } from '../site/model/site.js';

/** A service that is probed; its packets are in the order in which the order's probes have them. */
export interface ProbedService {
  /** Which of the predictions it is. */
  readonly index: number;
  readonly packets: readonly PacketPrediction[];
}

/** What is sent through a site's rules, and for which services. */
export interface SiteOrder {
  readonly order: ProbeOrder;
  readonly rules: ProbedRules;
  readonly probed: readonly ProbedService[];
  /** Services for which nothing is sent, and why. */
  readonly left: readonly { readonly index: number; readonly why: string }[];
}

/** The interface that stands for any, where no rule asks. */
const anyInterface = 'eth0';
const clientPort = 40_000;
const tools = { ipset: 'ipset', rules: 'iptables', rules6: 'ip6tables', nftables: 'nft' } as const;

/** Works out what to send through a site's rules. `services` are the predictions up to IPVS. */
export function siteOrder(site: Site, services: readonly ServicePrediction[]): SiteOrder {
  const probed: ProbedService[] = [];
  const left: SiteOrder['left'][number][] = [];
  const probes: RuleProbe[] = [];
  const taken: ProbeOrder['services'][number][] = [];
  for (const [index, prediction] of services.entries()) {
    const why = whyNot(prediction, site);
    if (why !== undefined) {
      left.push({ index, why });
      continue;
    }
    const { service, example, packets } = prediction;
    const { vip: address, port, protocol, fwmark } = service;
    const own = packets.filter(
      ({ packet, from }) => from === 'client' && !(isMessage(packet) && fwmark !== undefined),
    );
    taken.push({ address, port, protocol, ...(fwmark !== undefined && { fwmark }) });
    probed.push({ index, packets: own });
    for (const { packet } of own)
      probes.push({
        source: example?.client ?? '',
        sourcePort: portIn(example?.ports ?? []),
        destination: address,
        destinationPort: port,
        is: kindOf(packet, protocol),
        comesIn: example?.clientSide ?? anyInterface,
      });
  }
  const interfaces = [...new Set([...probes.map(({ comesIn }) => comesIn), anyInterface])];
  const { sysctls } = site;
  return {
    order: {
      ...{ interfaces, services: taken, probes },
      loose: sysctls?.get('net.netfilter.nf_conntrack_tcp_loose')?.trim() !== '0',
    },
    rules: {
      // What stands for an address in a scenario stands for itself here.
      texts: ruleTexts(site.rules).files.map(({ key, text }) => ({
        tool: tools[key],
        text: text.replaceAll('$${', () => '${'),
      })),
    },
    probed,
    left,
  };
}

function whyNot({ example, situations, outcome }: ServicePrediction, { sysctls }: Site): string | undefined {
  if (sysctls?.get('net.ipv4.vs.conntrack')?.trim() === '1')
    return 'with net.ipv4.vs.conntrack=1 IPVS keeps entries of conntrack, and a namespace without IPVS forgets them';
  if (outcome === 'unknown' && situations.length > 1)
    return 'by which interface clients come in decides, and no file says it: give `ip address`, or --in';
  if (example === undefined) return 'no client can be named of those that the answer is about';
  return undefined;
}

function isMessage(packet: string): boolean {
  return packet === 'ICMP too big';
}

function kindOf(packet: string, protocol: 'tcp' | 'udp'): RuleProbe['is'] {
  if (isMessage(packet)) return { protocol: 'too-big', of: protocol };
  if (protocol === 'udp') return { protocol };
  const kind = tcpKinds.find(({ name }) => name === packet);
  return { protocol, flags: kind?.flags ?? 0, hasData: packet.includes('data') };
}

/** A port of those that the answer is about; the usual one where it is. */
function portIn(ports: readonly (readonly [number, number])[]): number {
  const has = ports.some(([first, last]) => first <= clientPort && clientPort <= last);
  return has ? clientPort : (ports[0]?.[0] ?? clientPort);
}
