import type { DriveOrder } from '../../contracts/agents/driveOrder.js';
import { deepFreeze } from '../../support/freeze.js';
import { addressesIn, allocateAddresses, type Allocation, ownAddress } from '../network/addresses.js';
import { captureCommand, flowSample, type FullCapture } from './commands/captures.js';
import {
  collectCommand,
  explainArguments,
  readyCommand,
  samplerCommand,
  traceCommand,
  zeroCommands,
} from './commands/commands.js';
import { planEvent } from './planEvents.js';
import { planFlows } from './flowPlan.js';
import { nodesOf, servingNodes } from '../model/nodesOf.js';
import { fillRules } from './commands/placeholders.js';
import { placeholderValues } from './commands/placeholderValues.js';
import { plannedRules } from './commands/ruleLoading.js';
import { stickySchedulers } from '../model/schedulers.js';
import { settingsOf } from '../model/settingsOf.js';
import type { Setting } from './setup/setting.js';
import { setupCommands } from './setup/setup.js';
import { controlKey, shapeKey } from './shape.js';
import { sourceAddresses } from '../network/sourceAddresses.js';
import type { LabShape, NodePlan, NodeShape, Plan } from '../model/planTypes.js';
import type { RuleSet, Scenario, VirtualService } from '../model/scenario.js';
import { ruleTextKeys } from '../../contracts/words/rules.js';
import { unmatchedText } from '../unmatched/foundText.js';

type Runnable = Omit<Scenario, 'mutation'>;

/**
 * Works out every address and command of a scenario's run on a lab of its shape. Pure: the same input gives the same
 * frozen plan. Throws RangeError for a lab of another shape.
 */
export function makePlan(scenario: Runnable, runId: string, shape: LabShape): Plan {
  const { topology, load, flows, deadlines } = scenario;
  const allocation = allocationOn(shape, scenario);
  const addresses = addressesIn(topology, allocation);
  const sources = flows === undefined ? [] : sourceAddresses(flows.sources, topology.family, allocation);
  const setting: Setting = { topology, addresses, sources };
  const placeholders = placeholderValues(addresses);
  const serving = servingNodes(topology);
  const ports = topology.services.map(({ port }) => port);
  const { vip } = addresses;
  const ready = topology.services.map((service) =>
    readyCommand({ vip, port: service.port, seconds: deadlines.ready, serving, any: keepsToOne(service) }),
  );
  const source = ownAddress(addresses, 'client');
  const witness = flows && {
    family: topology.family,
    address: source,
    sample: flowSample(flows.count, sources),
  };
  const nodes = shape.nodes.map((node) => nodePlan(node, scenario, { setting, placeholders, witness }));
  const drive: DriveOrder = { target: vip, ports, source, load, timeout: deadlines.drive };
  const realservers = nodesOf(topology).filter(({ role }) => role === 'realserver');
  const plan: Plan = {
    ...{ runId, scenario: scenario.id, shape, vip, ports, serving, nodes, ready, load, drive, deadlines },
    start: scenario.start,
    controlKey: controlKey(scenario),
    family: topology.family,
    forwarding: topology.forwarding,
    // NAT gives a packet the realserver's own address between the director and it.
    servers: [
      vip,
      ...(topology.forwarding === 'nat' ? realservers.map(({ name }) => ownAddress(addresses, name)) : []),
    ],
    flows: planFlows(scenario, { addresses, sources }),
    trace: tracePlan(scenario, { target: vip, ports, source }),
    events: scenario.events.map((event) => planEvent(event, setting, placeholders)),
    expect: scenario.expect,
    unmatched: scenario.unmatched.filter(({ counts }) => counts).map(unmatchedText),
  };
  // Cloned first: freezing must not reach into the caller's scenario.
  return deepFreeze(structuredClone(plan));
}

/** Connections enough to see each realserver's, and seconds enough to see a segment sent again; a node's own limit ends what nobody ended. */
const traceLimits = { connections: 4, drive: 10, node: 120 };

function tracePlan(
  { load, deadlines }: Runnable,
  where: { readonly target: string; readonly ports: readonly number[]; readonly source: string },
): Plan['trace'] {
  const connections = Math.min(load.connections, traceLimits.connections);
  const seconds = Math.min(deadlines.drive, traceLimits.drive);
  const drive: DriveOrder = { ...where, load: { ...load, connections }, timeout: seconds };
  return { connections, seconds, drive };
}

/** The lab's addresses; the VIP follows from the networks just as the nodes' own do. */
function allocationOn(shape: LabShape, scenario: Runnable): Allocation {
  const key = shapeKey(scenario);
  if (shape.key !== key) throw new RangeError(`expected a lab for "${key}", found one for "${shape.key}"`);
  const subnetOf = (name: string) => shape.networks.find(({ network }) => network === name)?.subnet;
  const subnets = { lan: subnetOf('lan') ?? '', front: subnetOf('front') };
  return allocateAddresses(scenario.topology, subnets);
}

interface NodePlanContext {
  readonly setting: Setting;
  readonly placeholders: Readonly<Record<string, string>>;
  /** The connections that captures and listings keep in full; undefined: there are no flows beside them. */
  readonly witness: FullCapture | undefined;
}

function nodePlan(
  node: NodeShape,
  scenario: Runnable,
  { setting, placeholders, witness }: NodePlanContext,
): NodePlan {
  const { name, role } = node;
  const settings = settingsOf(scenario, node);
  return {
    ...node,
    address: ownAddress(setting.addresses, name),
    setup: setupCommands(node, { ...setting, iptables: settings.iptables }),
    rules: plannedRules('load rules and sysctls', {
      rules: fillRules(settings, placeholders),
      iptables: settings.iptables,
      sysctls: settings.sysctls,
    }),
    sampler: samplerCommand(role, witness),
    capture: captureCommand(role, witness),
    zero: zeroCommands(role),
    trace: traceCommand(scenario.topology.family, traceLimits.node),
    collect: collectCommand(role, settings, witness),
    explain: isExplained(node, scenario)
      ? explainArguments(scenario.topology.family, settings, followSeconds(scenario), witness)
      : undefined,
  };
}

/** Whether packets are followed on a node: on directors, and where there are rules or some come. */
function isExplained(node: NodeShape, scenario: Runnable): boolean {
  const { name, role } = node;
  const hasRules = ({ commands, ...texts }: RuleSet) =>
    commands.length > 0 || ruleTextKeys.some((key) => texts[key] !== undefined);
  const getsRules = scenario.events.some(({ node, action }) => node === name && action.kind === 'rules');
  return role === 'director' || hasRules(settingsOf(scenario, node)) || getsRules;
}

/** How long packets are followed when nobody ends it: several times longer than the phase may take. */
export function followSeconds({ deadlines }: Pick<Runnable, 'deadlines'>): number {
  return Math.ceil(4 * (deadlines.drive + deadlines.settle) + 600);
}

/** Whether a service sends all of one client's connections to one realserver. */
function keepsToOne({ scheduler, persistent }: VirtualService): boolean {
  return persistent !== undefined || stickySchedulers.includes(scheduler);
}
