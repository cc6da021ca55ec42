import type { Datagrams, Load } from '../../contracts/agents/load.js';
import type {
  Destination,
  IpvsTimeouts,
  Moment,
  RoleSettings,
  RuleSet,
  ScenarioEvent,
  Topology,
  VirtualService,
} from '../../scenario/model/scenario.js';
import { bytesText, countText } from '../text/countText.js';
import { durationText } from '../../support/duration.js';

const forwardings = {
  dr: 'direct routing (DR)',
  tun: 'tunnelling (TUN)',
  nat: 'masquerading (NAT)',
} as const;

/** A topology in words: `direct routing (DR), IPv4, one network, 1 director, 2 realservers, port 80 (rr)`. */
export function topologyText(topology: Topology): string {
  const { forwarding, family, network, directors, sync, realservers, localRealserver, replies, sides } =
    topology;
  return [
    forwardings[forwarding],
    family === 'ipv4' ? 'IPv4' : 'IPv6',
    network === 'flat' ? 'one network' : 'the client behind a router',
    countText(directors, 'director'),
    ...(sync ? ['which tell each other about connections'] : []),
    countText(realservers, 'realserver'),
    ...(localRealserver ? ['a local realserver on the director'] : []),
    // Under NAT there is no other way.
    ...(replies === 'director' && forwarding !== 'nat' ? ['replies through the director'] : []),
    ...(sides === undefined ? [] : [sidesText(sides)]),
    ...topology.services.map(serviceText),
    ...(topology.ipvsTimeouts === undefined ? [] : [timeoutsText(topology.ipvsTimeouts)]),
    ...Object.entries(topology.devices ?? {}).map(
      ([node, devices]) => `the interface of ${node} called ${devices.join(' and ')}`,
    ),
    ...Object.entries(topology.links).map(
      ([node, { delay, loss }]) => `the link of ${node} ${linkText(delay, loss)}`,
    ),
  ].join(', ');
}

function sidesText({ clients, realservers }: NonNullable<Topology['sides']>): string {
  return clients === realservers
    ? `the director's interface called ${clients}`
    : `the director's interfaces called ${clients} (clients) and ${realservers} (realservers)`;
}

function serviceText(service: VirtualService): string {
  const {
    port,
    lastPort,
    vip = 1,
    protocol,
    onePacket,
    scheduler,
    schedulerFlags,
    persistent,
    fwmark,
  } = service;
  const { persistenceNetmask, persistenceEngine, realserverPort, realservers } = service;
  const traits = [
    [scheduler, ...(schedulerFlags ?? [])].join(' '),
    ...(onePacket === true ? ['each datagram by itself'] : []),
    ...(persistent === undefined ? [] : [`persistent for ${durationText(persistent, 'set')}`]),
    ...(persistenceNetmask === undefined ? [] : [`for each network of ${persistenceNetmask}`]),
    ...(persistenceEngine === undefined ? [] : [`by ${persistenceEngine}`]),
    ...(fwmark === undefined ? [] : [`by firewall mark ${fwmark}`]),
    ...(realserverPort === undefined ? [] : [`port ${realserverPort} on realservers`]),
    ...(realservers?.map(destinationText) ?? []),
  ];
  const ports = lastPort === undefined ? `port ${port}` : `ports ${port}-${lastPort}`;
  return `${protocol === 'udp' ? 'UDP ' : ''}${ports}${vip === 1 ? '' : ` of VIP ${vip}`} (${traits.join(', ')})`;
}

function destinationText({ node, weight, forwarding, port }: Destination): string {
  return [
    node,
    ...(weight === undefined ? [] : [`of weight ${weight}`]),
    ...(forwarding === undefined ? [] : [`by ${forwardings[forwarding]}`]),
    ...(port === undefined ? [] : [`at port ${port}`]),
  ].join(' ');
}

function timeoutsText({ tcp, tcpFin, udp }: IpvsTimeouts): string {
  const each = [
    ...(tcp === undefined ? [] : [`of TCP ${durationText(tcp, 'set')}`]),
    ...(tcpFin === undefined ? [] : [`behind a FIN ${durationText(tcpFin, 'set')}`]),
    ...(udp === undefined ? [] : [`of UDP ${durationText(udp, 'set')}`]),
  ];
  return `IPVS keeps entries ${each.join(', ')}`;
}

function linkText(delay: number, loss: number): string {
  return [
    ...(delay > 0 ? [`delays by ${durationText(delay, 'set')}`] : []),
    ...(loss > 0 ? [`loses ${loss} % of packets`] : []),
  ].join(' and ');
}

/** What a role gets for the measured run, in words: `iptables rules (nft), net.ipv4.vs.conntrack=1`; undefined: nothing. */
export function settingsText(settings: RoleSettings): string | undefined {
  const { sysctls, iptables } = settings;
  const parts = [...ruleSetParts(settings, iptables), ...sysctlParts(sysctls)];
  return parts.length === 0 ? undefined : parts.join(', ');
}

function ruleSetParts({ ipset, rules, rules6, nftables, commands }: RuleSet, flavour: string): string[] {
  return [
    ...(ipset === undefined ? [] : ['IP sets']),
    ...(rules === undefined ? [] : [`iptables rules (${flavour})`]),
    ...(rules6 === undefined ? [] : [`ip6tables rules (${flavour})`]),
    ...(nftables === undefined ? [] : ['nftables rules']),
    ...commands.map((command) => `\`${command}\``),
  ];
}

function sysctlParts(sysctls: Readonly<Record<string, string>>): string[] {
  return Object.entries(sysctls).map(([name, value]) => `\`${name}=${value}\``);
}

/** A load in words: `10 connections, one every 100 ms, each downloading 1 MiB; the realserver closes first`. */
export function loadText(load: Load): string {
  if (load.datagrams !== undefined) return datagramsText(load, load.datagrams);
  const {
    connections,
    every,
    later,
    requests,
    upload,
    download,
    rate,
    idle,
    think,
    reply,
    connect,
    ports,
    reopen,
    keepalive,
    close,
    to,
    from,
    sources,
  } = load;
  const each = [
    ...(requests > 1 ? [`${requests} requests on each`] : []),
    ...(requests === 0 ? ['without a request'] : []),
    ...(upload > 0 ? [`uploading ${bytesText(upload)}`] : []),
    ...(download > 0 ? [`downloading ${bytesText(download)}`] : []),
    ...(rate > 0 ? [`at ${bytesText(rate)} a second`] : []),
    ...(think === undefined ? [] : [`answered after ${durationText(think, 'set')}`]),
    ...(reply === false ? ['never answered'] : []),
    ...(idle > 0 ? [`silent for ${durationText(idle, 'set')} before ${idleBeforeText(load)}`] : []),
    ...(keepalive === undefined ? [] : [`with TCP keepalive after ${durationText(keepalive, 'set')}`]),
    ...(connect === 'blocking' ? ['with a blocking connect()'] : []),
    ...(ports === 'kernel' ? ['from local ports that the kernel picks'] : []),
  ];
  return [
    [
      countText(connections, 'connection'),
      ...(from === undefined ? [] : [`made on ${from}`]),
      ...sourcesParts(sources),
      ...(to === undefined ? [] : [`to ${to.join(' and ')} in turn`]),
      ...(every > 0 && connections > 1 ? [`one every ${durationText(every, 'set')}`] : []),
      ...each,
      ...(later === undefined
        ? []
        : [`and ${later.connections} more ${durationText(later.after, 'set')} after these are open`]),
    ].join(', '),
    closeText(close),
    ...(Number(reopen) === 0
      ? []
      : [
          `each is opened again from the same port${reopen === true ? '' : ` ${countText(Number(reopen), 'time')}`}, and the ${reopen === true ? 'second' : 'last'} one is judged`,
        ]),
  ].join('; ');
}

function sourcesParts(sources: number | undefined): string[] {
  return sources === undefined ? [] : [`from ${sources} ${sources === 1 ? 'address' : 'addresses'} in turn`];
}

function datagramsText(
  { connections, every, requests, idle, to, sources }: Load,
  { as, pause, wait }: Datagrams,
): string {
  const how =
    as === 'dns'
      ? `waiting up to ${durationText(wait, 'set')} for each answer`
      : 'whatever comes back, and getting two datagrams more for each';
  return [
    countText(connections, 'client'),
    ...sourcesParts(sources),
    ...(to === undefined ? [] : [`to ${to.join(' and ')} in turn`]),
    ...(every > 0 && connections > 1 ? [`one every ${durationText(every, 'set')}`] : []),
    `each sending ${countText(requests, 'request')} by UDP${pause > 0 ? `, ${durationText(pause, 'set')} apart` : ''}, ${how}`,
    ...(idle > 0 ? [`silent for ${durationText(idle, 'set')} before the last`] : []),
  ].join(', ');
}

function idleBeforeText({ close }: Load): string {
  return close.first === 'client' ? 'it closes' : 'the last request';
}

function closeText({ first, how, after }: Load['close']): string {
  const who = first === 'server' ? 'the realserver' : 'the client';
  switch (how) {
    case 'fin':
      return `${who} closes first${after > 0 ? `, and the client follows ${durationText(after, 'set')} later` : ''}`;
    case 'rst':
      return `${who} resets the connection`;
    case 'half-close':
      return `${who} closes its direction and waits for the reply (half-close)`;
    default:
      return how satisfies never;
  }
}

/** The moment of an event in words: `when every connection is open`, `2 s after every connection is open`. */
export function momentText(at: Moment): string {
  if (at === 'settled') return 'when the sockets have settled';
  if (at === 'connected') return 'when every connection is open';
  return `${durationText(at, 'set')} after every connection is open`;
}

/** An event in words: `when the sockets have settled, director loads iptables rules (nft)`. */
export function scenarioEventText({ at, node, action }: ScenarioEvent): string {
  return `${momentText(at)}, ${node} ${actionText(action)}`;
}

function actionText(action: ScenarioEvent['action']): string {
  switch (action.kind) {
    case 'rules':
      return loadsText(action.rules, action.iptables);
    case 'sysctls':
      return `sets ${sysctlParts(action.sysctls).join(', ')}`;
    case 'run':
      return `runs \`${action.command}\``;
    case 'stop-server':
      return 'loses its server program, and keeps its kernel';
    case 'take-vip':
      return 'takes the VIP over';
    default:
      return action satisfies never;
  }
}

function loadsText(rules: RuleSet, flavour: string): string {
  const files = ruleSetParts({ ...rules, commands: [] }, flavour);
  const parts = [
    ...(files.length === 0 ? [] : [`loads ${files.join(', ')}`]),
    ...(rules.commands.length === 0
      ? []
      : [`runs ${rules.commands.map((each) => `\`${each}\``).join(', ')}`]),
  ];
  return parts.join(' and ');
}
