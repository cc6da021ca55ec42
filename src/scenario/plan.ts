import { deepFreeze } from '../support/freeze.js';
import { type Addresses, allocateAddresses } from './addresses.js';
import {
  captureCommand,
  collectCommand,
  driveCommand,
  readyCommand,
  resetCommand,
  rulesOf,
  samplerCommand,
  type Service,
  setupCommands,
  stopCommand,
} from './commands.js';
import { subnetOf } from './ipv4.js';
import { containerName, labelsOf, networkName } from './names.js';
import { type NamedRole, nodesOf } from './nodes.js';
import { roleNeeds } from './roles.js';
import type { NodePlan, Plan, Scenario } from './types.js';

interface PlanOptions {
  /** Unique per run; letters, digits and dashes. */
  readonly runId: string;
  /** IPv4 CIDR, as `chooseSubnet` gives it; a subnet that the scenario fixes wins. */
  readonly subnet: string;
}

/** Works out every name, address and command of a scenario's run. Pure: the same input gives the same frozen plan. */
export function makePlan(scenario: Scenario, { runId, subnet }: PlanOptions): Plan {
  const { topology } = scenario;
  const network = subnetOf(topology.subnet ?? subnet);
  const addresses = allocateAddresses(network, topology);
  const named = nodesOf(topology.realservers);
  const realservers = named.filter(({ role }) => role === 'realserver').map(({ name }) => name);
  const name = networkName(runId, scenario.id);
  const service = serviceOf(scenario, addresses, realservers);
  const target = `${service.vip}:${service.port}`;
  const plan: Plan = {
    runId,
    scenario: scenario.id,
    labels: labelsOf(runId, scenario.id),
    network: { name, subnet: network.cidr, gateway: addresses.gateway },
    vip: service.vip,
    port: service.port,
    nodes: named.map((node) => nodePlan(node, scenario, { network: name, addresses, service })),
    ready: readyCommand(service, realservers, scenario.deadlines.ready),
    drive: driveCommand(target, addressOf(addresses, 'client'), scenario),
    expect: scenario.expect,
    deadlines: scenario.deadlines,
  };
  // Cloned first: freezing must not reach into the caller's scenario.
  return deepFreeze(structuredClone(plan));
}

interface Surroundings {
  readonly network: string;
  readonly addresses: Addresses;
  readonly service: Service;
}

function nodePlan(
  { name, role }: NamedRole,
  scenario: Scenario,
  { network, addresses, service }: Surroundings,
): NodePlan {
  const settings = scenario.roles[role];
  return {
    name,
    role,
    container: containerName(network, name),
    address: addressOf(addresses, name),
    sysctls: { ...roleNeeds[role].sysctls, ...settings.sysctls },
    capabilities: roleNeeds[role].capabilities,
    environment: role === 'realserver' ? { LVS_LAB_PORT: String(service.port), LVS_LAB_NAME: name } : {},
    setup: setupCommands(role, service),
    rules: rulesOf(settings),
    sampler: samplerCommand(role),
    capture: captureCommand(role),
    reset: resetCommand(role, settings),
    stop: stopCommand(),
    collect: collectCommand(role, settings),
  };
}

function serviceOf({ topology }: Scenario, addresses: Addresses, realservers: readonly string[]): Service {
  const { port, scheduler } = topology;
  return {
    vip: addresses.vip,
    port,
    scheduler,
    realservers: realservers.map((name) => addressOf(addresses, name)),
  };
}

function addressOf({ nodes }: Addresses, name: string): string {
  const address = nodes[name];
  if (address === undefined) throw new RangeError(`no address was allocated for ${name}`);
  return address;
}
