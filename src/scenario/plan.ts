import { deepFreeze } from '../support/freeze.js';
import { addressesIn, allocateAddresses, type FamilyAddresses, ownAddress } from './addresses.js';
import {
  captureCommand,
  collectCommand,
  driveCommand,
  readyCommand,
  samplerCommand,
  stopCommand,
  zeroCommand,
} from './commands.js';
import { planEvent } from './events.js';
import { nodesOf, servingNodes } from './nodes.js';
import { fillRules, placeholderOf } from './placeholders.js';
import { plannedRules } from './ruleLoading.js';
import { stickySchedulers } from './schedulers.js';
import type { Setting } from './setup/setting.js';
import { setupCommands } from './setup/setup.js';
import { controlKey, shapeKey } from './shape.js';
import type { LabShape, NodePlan, NodeShape, Plan, Scenario, VirtualService } from './types.js';

type Runnable = Omit<Scenario, 'mutation'>;

/**
 * Works out every address and command of a scenario's run on a lab of its shape. Pure: the same input gives the same
 * frozen plan. Throws RangeError for a lab of another shape.
 */
export function makePlan(scenario: Runnable, runId: string, shape: LabShape): Plan {
  const { topology, roles, load, deadlines } = scenario;
  const addresses = addressesOn(shape, scenario);
  const setting: Setting = { topology, addresses, iptables: roles.director.iptables };
  const placeholders = placeholderValues(addresses);
  const serving = servingNodes(topology);
  const ports = topology.services.map(({ port }) => port);
  const { vip } = addresses;
  const nodes = shape.nodes.map((node) => nodePlan(node, scenario, { setting, placeholders }));
  const ready = topology.services.map((service) =>
    readyCommand({ vip, port: service.port, seconds: deadlines.ready, serving, any: keepsToOne(service) }),
  );
  const source = ownAddress(addresses, 'client');
  const drive = driveCommand({ target: vip, ports, source, load, timeout: deadlines.drive });
  const realservers = nodesOf(topology).filter(({ role }) => role === 'realserver');
  const plan: Plan = {
    ...{ runId, scenario: scenario.id, shape, vip, ports, serving, nodes, ready, drive, deadlines },
    controlKey: controlKey(scenario),
    family: topology.family,
    forwarding: topology.forwarding,
    // NAT gives a packet the realserver's own address between the director and it.
    servers: [
      vip,
      ...(topology.forwarding === 'nat' ? realservers.map(({ name }) => ownAddress(addresses, name)) : []),
    ],
    events: scenario.events.map((event) => planEvent(event, setting, placeholders)),
    expect: scenario.expect,
  };
  // Cloned first: freezing must not reach into the caller's scenario.
  return deepFreeze(structuredClone(plan));
}

/** The lab's addresses in the scenario's family; the VIP follows from the networks just as the nodes' own do. */
function addressesOn(shape: LabShape, scenario: Runnable): FamilyAddresses {
  const key = shapeKey(scenario);
  if (shape.key !== key) throw new RangeError(`expected a lab for "${key}", found one for "${shape.key}"`);
  const subnetOf = (name: string) => shape.networks.find(({ network }) => network === name)?.subnet;
  const subnets = { lan: subnetOf('lan') ?? '', front: subnetOf('front') };
  return addressesIn(scenario.topology.family, allocateAddresses(scenario.topology, subnets));
}

interface Surroundings {
  readonly setting: Setting;
  readonly placeholders: Readonly<Record<string, string>>;
}

function nodePlan(node: NodeShape, scenario: Runnable, { setting, placeholders }: Surroundings): NodePlan {
  const { name, role } = node;
  const settings = scenario.roles[role];
  return {
    ...node,
    address: ownAddress(setting.addresses, name),
    setup: setupCommands(node, setting),
    rules: plannedRules('load rules and sysctls', {
      rules: fillRules(settings, placeholders),
      iptables: settings.iptables,
      sysctls: settings.sysctls,
    }),
    sampler: samplerCommand(role),
    capture: captureCommand(role),
    zero: zeroCommand(role),
    stop: stopCommand(),
    collect: collectCommand(role, settings),
  };
}

/** Whether a service sends all of one client's connections to one realserver. */
function keepsToOne({ scheduler, persistent }: VirtualService): boolean {
  return persistent !== undefined || stickySchedulers.includes(scheduler);
}

function placeholderValues(addresses: FamilyAddresses): Readonly<Record<string, string>> {
  const nodes = Object.keys(addresses.interfaces).map((name) => [
    placeholderOf(name),
    ownAddress(addresses, name),
  ]);
  return { VIP: addresses.vip, LAN: addresses.lan, ...Object.fromEntries(nodes) } as Record<string, string>;
}
