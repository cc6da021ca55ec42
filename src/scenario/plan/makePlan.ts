import type { DriveOrder, Target } from '../../contracts/agents/driveOrder.js';
import { deepFreeze } from '../../support/freeze.js';
import {
  addressesIn,
  allocateAddresses,
  type Allocation,
  type FamilyAddresses,
  ownAddress,
} from '../network/allocation.js';
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
import { captureDevice, isFrom } from './clientPlace.js';
import { nodesOf, servingNodes } from '../model/nodesOf.js';
import { fillRules } from './commands/placeholders.js';
import { placeholderValues } from './commands/placeholderValues.js';
import { plannedRules } from './commands/ruleLoading.js';
import { stickySchedulers } from '../model/schedulers.js';
import { settingsOf } from '../model/settingsOf.js';
import type { Setting } from './setup/setting.js';
import { timeoutLines } from './setup/ipvsServices.js';
import { setupCommands } from './setup/setup.js';
import { controlKey, hasDatagrams, shapeKey } from './shape.js';
import { sourceAddresses } from '../network/sourceAddresses.js';
import type { LabShape, NodePlan, NodeShape, Plan, PlannedCommand } from '../model/planTypes.js';
import type { RuleSet, Scenario, Topology, VirtualService } from '../model/scenario.js';
import { clientPorts, destinationsOf, forwardingsTo, servicesUsed } from '../model/virtualServices.js';
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
  const sources =
    flows === undefined
      ? []
      : sourceAddresses(flows.sources, { of: 'flows', family: topology.family, allocation });
  const own = ownAddress(addresses, 'client');
  const others = sourceAddresses((load.sources ?? 1) - 1, {
    of: 'load',
    family: topology.family,
    allocation,
  });
  const setting: Setting = { topology, addresses, sources, clients: others };
  const placeholders = placeholderValues(addresses);
  const serving = servingNodes(topology);
  const targets = servicesUsed(topology, load).flatMap((service) => targetsAt(service, addresses));
  const ports = [...new Set(targets.map(({ port }) => port))];
  const { vip } = addresses;
  const isElsewhere = targets.some(({ address }) => address !== vip);
  const where = { target: vip, ports, ...(isElsewhere && { targets }) };
  const ready = topology.services.flatMap((service) =>
    readyCommands(service, { topology, addresses, seconds: deadlines.ready }),
  );
  const source = { source: own, ...(others.length > 0 && { sources: [own, ...others] }) };
  const witness: FullCapture | undefined = flows && {
    protocol: flows.datagrams === undefined ? 'tcp' : 'udp',
    family: topology.family,
    address: own,
    sample: flowSample(flows.count, sources),
  };
  const hosts = shape.nodes.filter(({ within }) => within === undefined);
  const nodes = hosts.map((node) => nodePlan(node, scenario, { setting, placeholders, witness }));
  const { from, ...ofClient } = load;
  // Elsewhere than on the client the kernel picks the address, as it does for any program.
  const there = from === undefined ? source : {};
  const drive: DriveOrder = { ...where, ...there, load, timeout: deadlines.drive };
  const realservers = nodesOf(topology).filter(({ role }) => role === 'realserver');
  const plan: Plan = {
    ...{ runId, scenario: scenario.id, shape, vip, ports, serving, nodes, ready, load, drive, deadlines },
    start: scenario.start,
    controlKey: controlKey(scenario),
    family: topology.family,
    forwarding: topology.forwarding,
    ...(from !== undefined && {
      controlDrive: { ...where, ...source, load: ofClient, timeout: deadlines.drive },
    }),
    ...(isElsewhere && { targets }),
    // NAT gives a packet the realserver's own address between the director and it.
    servers: [
      ...addresses.vips,
      ...realservers.flatMap(({ name }) =>
        forwardingsTo(name, topology).has('nat') ? [ownAddress(addresses, name)] : [],
      ),
    ],
    flows: planFlows(scenario, { addresses, sources }),
    trace: tracePlan(scenario, { ...where, ...there }),
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
  where: Pick<DriveOrder, 'target' | 'ports' | 'targets' | 'source' | 'sources'>,
): Plan['trace'] {
  const connections = Math.min(load.connections, traceLimits.connections);
  const seconds = Math.min(deadlines.drive, traceLimits.drive);
  const { later: _, ...first } = load;
  const drive: DriveOrder = { ...where, load: { ...first, connections }, timeout: seconds };
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
  const texts = fillRules(settings, placeholders);
  return {
    ...node,
    address: ownAddress(setting.addresses, name),
    setup: setupCommands(node, { ...setting, iptables: settings.iptables }),
    rules: plannedRules('load rules and sysctls', {
      rules: {
        ...texts,
        commands: [...texts.commands, ...(role === 'director' ? timeoutLines(scenario.topology) : [])],
      },
      iptables: settings.iptables,
      sysctls: settings.sysctls,
    }),
    sampler: samplerCommand(role, witness),
    capture: captureCommand(role, captureDevice(scenario, node), {
      witness,
      hasDatagrams: hasDatagrams(scenario.topology),
      hasClient: isFrom(scenario, node),
    }),
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

/** The ends of a service that clients connect to. */
function targetsAt(service: VirtualService, { vips }: FamilyAddresses): readonly Target[] {
  const address = vips[(service.vip ?? 1) - 1] ?? '';
  return clientPorts(service).map((port) => ({ address, port }));
}

/** The proof that a service's realservers answer, of those that have a weight. */
function readyCommands(
  service: VirtualService,
  { topology, addresses, seconds }: { topology: Topology; addresses: FamilyAddresses; seconds: number },
): readonly PlannedCommand[] {
  const destinations = destinationsOf(service, topology);
  const serving = servingNodes({ ...topology, directors: 1 }).filter((name) =>
    destinations.some(({ node, weight }) => node === name && weight > 0),
  );
  if (serving.length === 0) return [];
  const any = keepsToOne(service);
  return targetsAt(service, addresses).map(({ address, port }) =>
    readyCommand({ vip: address, port, protocol: service.protocol ?? 'tcp', seconds, serving, any }),
  );
}

/** Whether a service sends all of one client's connections to one realserver. */
function keepsToOne({ scheduler, schedulerFlags, persistent }: VirtualService): boolean {
  const isByPort = schedulerFlags?.some((flag) => flag.endsWith('-port')) === true;
  return persistent !== undefined || (stickySchedulers.includes(scheduler) && !isByPort);
}
