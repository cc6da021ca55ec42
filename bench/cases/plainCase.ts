import type { IptablesFlavour } from '../../src/contracts/words/nodes.js';
import { isAboutFlavour } from '../../src/scenario/library/withIptables.js';
import type { RoleSettings, Scenario } from '../../src/scenario/model/scenario.js';
import { UsageError } from '../../src/support/errors.js';
import { shellQuote } from '../../src/support/quote.js';

/** A case as script/case.sh takes it. */
export interface PlainCase {
  /** As the lab's results name it: the scenario's id, and the flavour of iptables. */
  readonly name: string;
  /** The files of its folder, by name. */
  readonly files: ReadonlyMap<string, string>;
}

/** The nodes to which the script brings rules and sysctls. */
const settable = ['director', 'realserver'] as const;

/**
 * The case that a scenario describes, with a flavour of iptables: its topology, its load, and the texts of its rules. Throws UsageError when
 * it has something that the script cannot do.
 */
export function plainCaseOf(scenario: Scenario, flavour: IptablesFlavour): PlainCase {
  const beyond = beyondScript(scenario);
  if (beyond.length > 0) {
    throw new UsageError(`${scenario.id}: the plain script cannot do ${beyond.join(', ')}`, {
      hint: 'name scenarios of plain topologies, with rules on director and realservers and with clients that end by a FIN',
    });
  }
  const { topology, load, deadlines, roles } = scenario;
  const name = `${scenario.id}@${flavour}`;
  const settings = {
    NAME: name,
    FLAVOUR: flavour,
    FORWARDING: topology.forwarding,
    SCHEDULER: topology.services[0]?.scheduler ?? 'rr',
    REALSERVERS: String(topology.realservers),
    PORTS: topology.services.map(({ port }) => port).join(' '),
    FIRST: load.close.first,
    CONNECTIONS: String(load.connections),
    QUIET_MS: String(Math.round(deadlines.quiet * 1000)),
    SETTLE_MS: String(Math.round(deadlines.settle * 1000)),
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${shellQuote([value])}\n`);
  const files = new Map([['settings', lines.join('')]]);
  for (const role of settable) {
    for (const [kind, text] of textsOf(roles[role])) files.set(`${role}.${kind}`, text);
  }
  return { name, files };
}

function textsOf({ sysctls, rules, nftables }: RoleSettings): readonly (readonly [string, string])[] {
  const settings = Object.entries(sysctls).map(([key, value]) => `${key}=${value}\n`);
  const texts = [
    ['sysctls', settings.length === 0 ? undefined : settings.join('')],
    ['rules', rules],
    ['nftables', nftables],
  ] as const;
  return texts.flatMap(([kind, text]) => (text === undefined ? [] : [[kind, text] as const]));
}

/** What the script has no way to do, in a few words each. */
function beyondScript(scenario: Scenario): readonly string[] {
  const { topology, load, roles } = scenario;
  const { services, forwarding, network } = topology;
  const others = [roles.client, roles.router];
  const texts = Object.values(roles).flatMap(({ rules, nftables }) => [rules ?? '', nftables ?? '']);
  const found: Readonly<Record<string, boolean>> = {
    events: scenario.events.length > 0,
    'a raw-socket load': scenario.flows !== undefined,
    'a warm start': scenario.start !== 'cold',
    IPv6: topology.family !== 'ipv4',
    'a router where there is no NAT': network === 'routed' && forwarding !== 'nat',
    'several directors': topology.directors !== 1,
    'a director that serves': topology.localRealserver,
    'replies by the director': topology.replies !== 'direct' && forwarding !== 'nat',
    'links with delay or loss': Object.keys(topology.links).length > 0,
    'addresses of its own': addressesOf(scenario).length > 0,
    'names of addresses in rules': texts.some((text) => text.includes('${')),
    'persistence, marks or several schedulers':
      services.some(({ persistent, fwmark }) => persistent !== undefined || fwmark !== undefined) ||
      new Set(services.map(({ scheduler }) => scheduler)).size > 1,
    'rules for client or router': others.some((role) => textsOf(role).length > 0),
    'ipset, ip6tables or commands': Object.values(roles).some(
      ({ ipset, rules6, commands }) => ipset !== undefined || rules6 !== undefined || commands.length > 0,
    ),
    'a client that does more than ask once': isMore(load),
    'a flavour of its own': isAboutFlavour(scenario),
    'a close other than by a FIN': load.close.how !== 'fin' || load.close.after !== 0,
  };
  return Object.entries(found).flatMap(([what, isThere]) => (isThere ? [what] : []));
}

function addressesOf({ topology }: Scenario): readonly string[] {
  return [topology.subnet, topology.vip, ...Object.values(topology.addresses)].filter(
    (address) => address !== undefined,
  );
}

function isMore({ requests, upload, download, rate, idle, every, reopen }: Scenario['load']): boolean {
  return (
    requests !== 1 || reopen !== false || [upload, download, rate, idle, every].some((amount) => amount !== 0)
  );
}
