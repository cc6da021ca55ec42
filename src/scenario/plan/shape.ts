import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { deepFreeze } from '../../support/freeze.js';
import { allocateAddresses, type LabSubnets } from '../network/allocation.js';
import { captureDevice, clientDevice, isFrom } from './clientPlace.js';
import { programCommands, standingCommands } from './commands/standing.js';
import { labelsOf, labName, nameIn } from './names.js';
import { devicesOf } from '../model/devicesOf.js';
import { type NamedRole, nodesOf, servingNodes } from '../model/nodesOf.js';
import { capabilities } from './roles.js';
import type { LabShape, NodeShape } from '../model/planTypes.js';
import type { Scenario } from '../model/scenario.js';
import { settingsOf } from '../model/settingsOf.js';
import { servedPorts } from '../model/virtualServices.js';

interface ShapedScenario extends Pick<Scenario, 'topology' | 'flows'> {
  readonly load: Pick<Scenario['load'], 'from'>;
}

/** A key that is equal for scenarios whose labs begin with the same networks and nodes. It is readable, because people see it. */
export function shapeKey({ topology, flows, load: { from } }: ShapedScenario): string {
  const { network, directors, realservers, subnet, vip, addresses } = topology;
  const fixed = [
    ...(subnet === undefined
      ? []
      : [
          `subnet ${subnet}`,
          // Not that a container had it, but where it is decides what is left for the nodes.
          ...(vip === undefined ? [] : [`vip ${vip}`]),
          ...Object.entries(addresses)
            .map(([name, address]) => `${name} ${address}`)
            .sort(),
        ]),
  ];
  return [
    network,
    `${directors} director${directors === 1 ? '' : 's'}`,
    `${realservers} realserver${realservers === 1 ? '' : 's'}`,
    `${servingNodes(topology).join(' ')} serving ${portsOf(topology)}`,
    ...(hasDatagrams(topology) ? ['with UDP'] : []),
    ...fixed,
    ...Object.entries(topology.devices ?? {})
      .map(([name, devices]) => `${name} with ${devices.join(' and ')}`)
      .sort(),
    ...(flows === undefined ? [] : ['with raw flows']),
    ...(from === undefined ? [] : [`connections from ${from} by ${clientDevice(topology, from)}`]),
  ].join(', ');
}

/**
 * A key that is equal for scenarios whose control runs are the same, as far as topology and load say. Rules, sysctls and events come later, and
 * deadlines only limit waits.
 */
export function controlKey(
  scenario: Pick<Scenario, 'topology' | 'load' | 'flows' | 'roles' | 'nodes'>,
): string {
  const { topology, load, flows } = scenario;
  const marks = topology.services.some(({ fwmark }) => fwmark !== undefined);
  const marksWith = marks && settingsOf(scenario, { name: 'director', role: 'director' }).iptables;
  const text = JSON.stringify([shapeKey(scenario), topology, load, flows, marksWith]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

interface ShapeOptions {
  /** The run's id, unique per run: letters, digits and dashes. */
  readonly runId: string;
  /** The number of the lab in its run. */
  readonly lab: number;
  /** Subnets, as `chooseSubnet` gives them; one that the scenario fixes is preferred. A flat network does not use `front`. */
  readonly subnets: LabSubnets;
}

/** Works out the networks and containers of a scenario and all others of its shape. Has no effects; the result is frozen. */
export function makeShape(scenario: ShapedScenario, { runId, lab, subnets }: ShapeOptions): LabShape {
  const { topology } = scenario;
  const { networks, interfaces } = allocateAddresses(topology, subnets);
  const name = labName(runId, lab);
  const serving = servingNodes(topology);
  return deepFreeze({
    key: shapeKey(scenario),
    labels: labelsOf(runId, lab),
    networks: networks.map(({ network, subnet, gateway }) => ({
      network,
      name: nameIn(name, network),
      subnet: subnet.cidr,
      gateway,
    })),
    nodes: [...nodesOf(topology).map(hostShape), ...programShapes(name, scenario.load)],
  } satisfies LabShape);

  function hostShape(node: NamedRole): NodeShape {
    return {
      ...node,
      container: nameIn(name, node.name),
      interfaces: [...(interfaces[node.name] ?? [])],
      ...namedDevices(topology, node),
      capabilities: [...capabilities[node.role]],
      environment: {
        ...(serving.includes(node.name) && { LVS_LAB_PORTS: portsOf(topology), LVS_LAB_NAME: node.name }),
        // What the raw load agent needs is copied into a client only where it is used.
        ...(node.role === 'client' && scenario.flows !== undefined && { LVS_LAB_FLOWS: '1' }),
      },
      standing: standingCommands(node.role, {
        device: captureDevice(scenario, node),
        hasFlows: scenario.flows !== undefined,
        hasDatagrams: hasDatagrams(topology),
        hasClient: isFrom(scenario, node),
      }),
    };
  }
}

/** The program that connects to the service from another node than the client: a container of its own, as only the client's image has what it needs. */
function programShapes(lab: string, { from }: ShapedScenario['load']): readonly NodeShape[] {
  if (from === undefined) return [];
  return [
    {
      name: programName,
      role: 'client',
      container: nameIn(lab, programName),
      within: from,
      interfaces: [],
      capabilities: [],
      environment: {},
      standing: programCommands(),
    },
  ];
}

/** What the program on another node than the client is called among the containers of a lab. */
const programName = 'program';

/** The names of a node's interfaces, where they are not the engine's. */
function namedDevices(topology: Scenario['topology'], node: NamedRole): Pick<NodeShape, 'devices'> {
  const devices = devicesOf(topology, node);
  return isDeepStrictEqual(devices, devicesOf({}, node)) ? {} : { devices };
}

/** Whether captures have to keep datagrams too. */
export function hasDatagrams({ services }: Pick<Scenario['topology'], 'services'>): boolean {
  return services.some(({ protocol }) => protocol === 'udp');
}

function portsOf(topology: Scenario['topology']): string {
  return servedPorts(topology).join(' ');
}
