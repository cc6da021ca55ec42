import { filtersOf } from '../prediction/filters.js';
import type { Chains } from '../prediction/model/filter.js';
import type { ServicePrediction } from '../prediction/model/prediction.js';
import type { ServiceServer, VirtualService } from '../prediction/model/question.js';
import type { Prediction } from '../prediction/predict.js';
import type { RealserverSite } from '../prediction/predictRealservers.js';
import type { Family } from '../contracts/words/network.js';
import { familyOfAddress } from '../site/model/addressRange.js';
import type { Site } from '../site/model/site.js';
import { groupedBy } from './groupedBy.js';
import { behaviours } from './behaviours.js';
import { type OwnRules, ownRules } from './ownRules.js';
import { chosenServers, kindOfServer } from './realservers.js';
import type { Rebuilt, RebuildNote, RebuiltFile, RebuiltLab, UnbuiltService } from './rebuilt.js';
import { ruleTexts } from './ruleTexts.js';
import { type SitePlan, scenarioYaml } from './scenarioYaml.js';

/** Ports that the lab's clients have, from the first to the last. */
const clientPorts = [10_000, 32_767] as const;

/** The most realservers that a lab has. */
const mostServers = 8;

/** Sysctls of a director that decide what becomes of its services' packets. */
const ofDirector: readonly string[] = [
  'net.ipv4.vs.conntrack',
  'net.ipv4.vs.conn_reuse_mode',
  'net.ipv4.vs.sloppy_tcp',
  'net.netfilter.nf_conntrack_tcp_loose',
  'net.netfilter.nf_conntrack_tcp_be_liberal',
];

/** The sysctl beside them of a director by NAT, which is a router. */
const ofRouter: Readonly<Record<Family, string>> = {
  ipv4: 'net.ipv4.ip_forward',
  ipv6: 'net.ipv6.conf.all.forwarding',
};

/**
 * Makes scenarios of a site, with its own names and addresses. Each predicted service is in a lab, with a client that the prediction is about, or
 * among the unbuilt ones. The ids of the scenarios begin with `topic`.
 */
export function rebuild(
  site: Site,
  { services }: Prediction,
  realservers: readonly RealserverSite[] = [],
  topic = 'site',
): Rebuilt {
  const rules = ruleTexts(site.rules);
  const chains = filtersOf(site).families;
  const own = ownRules(realservers);
  const byRules = kindOfServer(chains);
  const kindOf = (server: ServiceServer) => `${byRules(server)} ${own.indexFor(server)}`;
  const unbuilt: UnbuiltService[] = [];
  const parts: Part[] = [];
  for (const prediction of services) {
    const found = partsOf(prediction);
    if (typeof found === 'string') unbuilt.push({ service: prediction.service, why: found });
    else parts.push(...found);
  }
  const groups = grouped(parts, kindOf);
  const labs: RebuiltLab[] = [];
  const files: RebuiltFile[] = [...rules.files, ...own.files].map(({ name, text }) => ({ name, text }));
  const notes: RebuildNote[] = [...rules.notes, ...own.notes];
  for (const [index, group] of groups.entries()) {
    const made = labOf(group, { site, chains, kindOf, rules: rules.files, own });
    if (typeof made === 'string') {
      unbuilt.push(...group.map(({ prediction: { service } }) => ({ service, why: made })));
      continue;
    }
    notes.push(...made.notes);
    const prefix = groups.length === 1 ? '' : `lab${index + 1}-`;
    const about = ['A site as `lvs-lab check` rebuilt it.', ...made.notes.map(noteText)];
    const protocols = new Set(group.map(({ prediction: { service } }) => service.protocol));
    const used = behaviours.filter(({ protocol }) => protocols.has(protocol));
    const scenarios = used.map((behaviour) => ({
      id: `${topic}/${prefix}${behaviour.name}`,
      behaviour,
      file: `${prefix}${behaviour.name}.yaml`,
    }));
    for (const { id, behaviour, file } of scenarios)
      files.push({ name: file, text: scenarioYaml({ id, behaviour, about }, made.plan) });
    labs.push({
      services: group.map(({ prediction: { service } }) => service),
      client: made.plan.addresses['client'] ?? '',
      scenarios,
    });
  }
  return { topic, labs, files, notes: distinctNotes(notes), unbuilt };
}

/** A service, or those of its realservers that packets get to in one way. */
interface Part {
  readonly prediction: ServicePrediction;
  readonly example: NonNullable<ServicePrediction['example']>;
  readonly servers: readonly ServiceServer[];
}

/** The parts that a service is rebuilt in; a text: why it cannot be. */
function partsOf(prediction: ServicePrediction): readonly Part[] | string {
  const { service, example, situations, outcome } = prediction;
  if (outcome === 'unknown' && situations.length > 1)
    return 'by which interface clients come in, or behind which the realservers are, decides, and no file says it: give `ip route` and `ip address`, or --in and --out';
  if (example === undefined) return 'no client can be named of those that the answer is about';
  if (service.onePacket === true && service.servers.some(({ forwarding }) => forwarding === 'nat'))
    return 'by NAT nothing is answered with one-packet scheduling, whatever the rules are, so no lab would tell what they do';
  const [lowest, highest] = clientPorts;
  if (!example.ports.some(([first, last]) => first <= lowest && highest <= last) && !covers(example.ports))
    return `rules tell the ports of clients apart, and those of the lab are ${lowest} to ${highest}`;
  const byWay = groupedBy(service.servers, ({ forwarding, isLocal }) => (isLocal ? 'local' : forwarding));
  const local = byWay.get('local') ?? [];
  const ways = [...byWay].filter(([way]) => way !== 'local').map(([, servers]) => servers);
  const [first, ...others] = ways.length === 0 ? [[]] : ways;
  return [
    { prediction, example, servers: [...(first ?? []), ...local] },
    ...others.map((servers) => ({ prediction, example, servers })),
  ];
}

/** Whether ranges that touch each other have all ports of the lab's clients. */
function covers(ranges: readonly (readonly [number, number])[]): boolean {
  const [lowest, highest] = clientPorts;
  let next: number = lowest;
  for (const [first, last] of ranges.toSorted(([one], [two]) => one - two))
    if (first <= next && last >= next) next = last + 1;
  return next > highest;
}

/** Parts that one lab can have at a time. */
function grouped(
  parts: readonly Part[],
  kindOf: (server: ServiceServer) => string,
): readonly (readonly Part[])[] {
  return [
    ...groupedBy(parts, ({ prediction: { service }, example, servers }) =>
      JSON.stringify([
        ...[service.vip, service.family, example.client, example.clientSide, example.serverSide],
        forwardingOf(servers),
        servers.some(({ isLocal }) => isLocal),
        [...new Set(servers.filter(({ isLocal }) => !isLocal).map(kindOf))].sort(),
      ]),
    ).values(),
  ];
}

function forwardingOf(servers: readonly ServiceServer[]): ServiceServer['forwarding'] {
  return (servers.find(({ isLocal }) => !isLocal) ?? servers[0])?.forwarding ?? 'dr';
}

interface RebuildContext {
  readonly site: Site;
  readonly chains: readonly Chains[];
  readonly kindOf: (server: ServiceServer) => string;
  readonly rules: SitePlan['rules'];
  readonly own: OwnRules;
}

function labOf(
  group: readonly Part[],
  { site, kindOf, rules, own: ofRealservers }: RebuildContext,
): { readonly plan: SitePlan; readonly notes: readonly RebuildNote[] } | string {
  const [one] = group;
  if (one === undefined) return 'it has no service';
  const { example } = one;
  const { vip, family } = one.prediction.service;
  const notes: RebuildNote[] = [];
  const say = (text: string) => notes.push({ text, at: undefined });
  const { chosen, leftOut } = chosenServers(
    group.map(({ prediction, servers }) => ({ ...prediction.service, servers })),
    kindOf,
  );
  if (chosen.length > mostServers)
    return `the rules tell ${chosen.length} realservers apart, and a lab has ${mostServers} at most`;
  const hasLocalRealserver = one.servers.some(({ isLocal }) => isLocal);
  if (chosen.length === 0) say('a realserver that no file names: the lab has one');
  if (leftOut.length > 0)
    say(
      `${leftOut.map(({ address }) => address).join(', ')} left out: no rule tells them from ${chosen.map(({ address }) => address).join(', ')}`,
    );
  const clientSide = example.clientSide ?? example.serverSide ?? 'eth0';
  const sides = { clients: clientSide, realservers: example.serverSide ?? clientSide };
  const named = chosen.filter(({ address }) => address !== '');
  const own = ownAddress(site, sides, [vip, ...named.map(({ address }) => address)], family);
  const addresses = {
    client: example.client,
    ...(own !== undefined && { director: own }),
    ...Object.fromEntries(named.map(({ address }, index) => [`realserver${index + 1}`, address] as const)),
  };
  const foreign = ofRealservers.foreignInterface(chosen);
  if (foreign !== undefined) return foreign;
  const clash = [vip, ...named.map(({ address }) => address)].includes(example.client);
  if (clash) return `the client ${example.client} is a node of the site`;
  say(`clients have the address ${example.client}`);
  for (const { service } of group.map(({ prediction }) => prediction)) notes.push(...choosingNotes(service));
  const services = group.map(({ prediction: { service } }) => service);
  const marked = services.filter(({ fwmark }) => fwmark !== undefined);
  const hasMangle = site.rules.some(
    ({ kind, text }) =>
      kind === (family === 'ipv4' ? 'iptables-save' : 'ip6tables-save') && /^\*mangle/m.test(text),
  );
  const program = family === 'ipv4' ? 'iptables' : 'ip6tables';
  // The lab marks packets while there are no rules of the site, which do it then; loading a table of mangle has removed that mark already.
  const commands = hasMangle
    ? []
    : marked.map(
        ({ protocol, port, fwmark }) =>
          `${program} -t mangle -D PREROUTING -d ${vip} -p ${protocol} --dport ${port} -j MARK --set-mark ${fwmark}`,
      );
  return {
    plan: {
      ...{ forwarding: forwardingOf(one.servers), family, vip, addresses, sides, rules, commands },
      realservers: Math.max(1, chosen.length),
      nodes: Object.fromEntries(
        chosen.flatMap((server, index) => {
          const files = ofRealservers.filesFor(server);
          return files.length === 0 ? [] : [[`realserver${index + 1}`, files] as const];
        }),
      ),
      hasLocalRealserver,
      services: group.map(({ prediction: { service }, servers }) => ({
        protocol: service.protocol,
        port: service.port,
        fwmark: service.fwmark,
        onePacket: service.onePacket,
        servers: ownServers(service.port, servers, chosen),
      })),
      sysctls: Object.fromEntries(
        [...ofDirector, ...(forwardingOf(one.servers) === 'nat' ? [ofRouter[family]] : [])].flatMap(
          (name) => {
            const value = site.sysctls?.get(name)?.trim();
            return value === undefined ? [] : [[name, value] as const];
          },
        ),
      ),
    },
    notes,
  };
}

/** Which realserver a client gets no rule sees, and in the lab some client is to get each. */
function choosingNotes({ choosing, at }: VirtualService): readonly RebuildNote[] {
  if (choosing === undefined) return [];
  const said = choosing.map((text) => `\`${text}\``).join(', ');
  return [{ text: `realservers are taken in turn (rr), without ${said}: no rule sees which one it is`, at }];
}

/** The realservers of a service by name, each with the port that it serves on where it is another; undefined: all of the lab, on its own. */
function ownServers(
  servicePort: number,
  servers: readonly ServiceServer[],
  chosen: readonly ServiceServer[],
): SitePlan['services'][number]['servers'] {
  const own = chosen.flatMap(({ address }, index) => {
    const server = servers.find((one) => one.address === address);
    if (server === undefined) return [];
    const isOther = server.forwarding === 'nat' && server.port !== servicePort;
    return [{ name: `realserver${index + 1}`, port: isOther ? server.port : undefined }];
  });
  const isUsual = own.length === chosen.length && own.every(({ port }) => port === undefined);
  // Where another service's realservers stand for its own, it has all.
  return isUsual || own.length === 0 ? undefined : own;
}

/** An address of the director's own, on the side of the realservers where it has one there. */
function ownAddress(
  { interfaces }: Site,
  { clients, realservers }: SitePlan['sides'],
  taken: readonly string[],
  family: SitePlan['family'],
): string | undefined {
  return [realservers, clients]
    .flatMap((name) => interfaces?.find((one) => one.name === name)?.addresses ?? [])
    .map((text) => text.replace(/\/.*/, ''))
    .find((text) => familyOfAddress(text) === family && !taken.includes(text) && !/^fe80:/i.test(text));
}

function noteText({ text, at }: RebuildNote): string {
  return at === undefined ? text : `${at.file}:${at.line}: ${text}`;
}

function distinctNotes(notes: readonly RebuildNote[]): readonly RebuildNote[] {
  return [...new Map(notes.map((note) => [noteText(note), note])).values()];
}
