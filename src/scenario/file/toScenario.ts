import type { Flows } from '../../contracts/agents/flowProfile.js';
import { datagramRequestsOf, type Load } from '../../contracts/agents/load.js';
import type { RuleKey } from '../../contracts/words/rules.js';
import { customName } from '../model/builtInConversations.js';
import { type InterfaceNames, renameInRules, renameInSysctl } from '../network/interfaceNames.js';
import { layoutOf } from './checks/layout.js';
import { type NamedRole, nodesOf } from '../model/nodesOf.js';
import { ruleSetOf } from '../model/ruleSet.js';
import { emptySection, nodeSection, type RoleFile } from './nodeSection.js';
import type { ScenarioFile } from './schema/file.js';
import { toServices } from './services/toServices.js';
import type { RoleSettings, RuleSet, Scenario, ScenarioEvent, Topology } from '../model/scenario.js';

/** A scenario as its file alone tells it. */
export type FiledScenario = Omit<Scenario, 'mutation' | 'unmatched' | 'places'>;

/** Turns a valid file into the form that the program works with. */
export function toScenario(
  file: ScenarioFile,
  source: Pick<Scenario, 'file' | 'hash' | 'record'>,
): FiledScenario {
  const { id, title, story, why, tags, start, load, expect, deadlines } = file;
  const topology = toTopology(file.topology);
  const roles: Scenario['roles'] = {
    client: toRole(file.client),
    router: toRole(file.router ?? emptySection),
    director: toRole(file.director),
    realserver: toRole(file.realserver),
  };
  return {
    ...{ id, title, story, why, tags, start, load, deadlines, topology, roles, ...source },
    nodes: Object.fromEntries(
      nodesOf(topology)
        .filter(({ name }) => file.nodes[name] !== undefined)
        .map((node) => [node.name, toRole(nodeSection(file, node))]),
    ),
    measuredOn: file['measured-on'],
    links: file.see,
    events: file.events.map((event) => toEvent(event, nodeSection(file, nodeNamed(event.on, topology)))),
    flows: file.flows === undefined ? undefined : toFlows(file.flows, load),
    expect,
  };
}

function toTopology(file: ScenarioFile['topology']): Topology {
  const {
    'local-realserver': localRealserver,
    'ipvs-timeouts': timeouts,
    services: _,
    subnet,
    vip,
    devices: named,
    ...rest
  } = file;
  const { sides, devices } = interfaceNames(named);
  // Always in this order: control runs are shared by a hash of it.
  return {
    ...rest,
    network: layoutOf(file),
    localRealserver,
    services: toServices(file),
    subnet,
    vip,
    sides,
    ...(Object.keys(devices).length > 0 && { devices }),
    ...(timeouts !== undefined && {
      ipvsTimeouts: { tcp: timeouts.tcp, tcpFin: timeouts['tcp-fin'], udp: timeouts.udp },
    }),
  };
}

/** A director's two sides apart from interfaces that are called otherwise. */
function interfaceNames(named: ScenarioFile['topology']['devices']) {
  const devices: Record<string, readonly string[]> = {};
  let sides: Topology['sides'];
  for (const [name, given] of Object.entries(named))
    if ('clients' in given) sides = given;
    else devices[name] = given;
  return { sides, devices };
}

function toFlows({ conversation, mix, ...rest }: NonNullable<ScenarioFile['flows']>, load: Load): Flows {
  const datagrams = datagramRequestsOf(load);
  const shares = mix ?? (conversation === undefined ? [] : [{ weight: 1, conversation }]);
  const custom = shares.filter(({ conversation: { name } }) => name === customName);
  return {
    ...rest,
    ...(datagrams !== undefined && { datagrams }),
    // Numbered where there are several, as reports count by name.
    mix: shares.map((share) => {
      const number = custom.length > 1 ? custom.indexOf(share) : -1;
      if (number < 0) return share;
      return { ...share, conversation: { ...share.conversation, name: `${customName} ${number + 1}` } };
    }),
  };
}

function toRole(file: RoleFile): RoleSettings {
  const { iptables, interfaces } = file;
  return {
    iptables,
    sysctls: renameSysctls(file.sysctls, interfaces),
    ...renameInRules(toRuleSet(file), interfaces).rules,
  };
}

type TextsFile = Partial<Pick<RoleFile, RuleKey>> & { readonly run?: string | undefined };

/** The rule set of a role or an event, as the file has it. The single command of an event (`run`) counts as one of its commands. */
export function toRuleSet(file: TextsFile): RuleSet {
  return ruleSetOf((key) => file[key], file.run === undefined ? (file.commands ?? []) : [file.run]);
}

function renameSysctls(sysctls: RoleSettings['sysctls'], names: InterfaceNames): RoleSettings['sysctls'] {
  return Object.fromEntries(
    Object.entries(sysctls).map(([key, value]) => [renameInSysctl(key, names), value]),
  );
}

function toEvent(event: ScenarioFile['events'][number], section: RoleFile): ScenarioEvent {
  return { at: event.at, node: event.on, action: toAction(event, section) };
}

function toAction(event: ScenarioFile['events'][number], section: RoleFile): ScenarioEvent['action'] {
  const { sysctls, run, do: kind } = event;
  const names: InterfaceNames = section.interfaces;
  if (sysctls !== undefined) return { kind: 'sysctls', sysctls: renameSysctls(sysctls, names) };
  if (kind !== undefined) return { kind };
  const { rules } = renameInRules(toRuleSet(event), names, toRuleSet(section));
  if (run !== undefined) return { kind: 'run', command: rules.commands.join('\n') };
  return { kind: 'rules', rules, iptables: event.iptables ?? section.iptables };
}

function nodeNamed(name: string, topology: Topology): NamedRole {
  const node = nodesOf(topology).find((one) => one.name === name);
  if (node === undefined) throw new RangeError(`the topology has no ${name}`);
  return node;
}
