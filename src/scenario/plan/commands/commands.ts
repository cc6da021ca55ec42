import type { DriveOrder } from '../../../contracts/agents/driveOrder.js';
import type { Family, Protocol } from '../../../contracts/words/network.js';
import type { Role } from '../../../contracts/words/nodes.js';
import type { FullCapture } from './captures.js';
import { command } from './command.js';
import type { PlannedCommand } from '../../model/planTypes.js';
import type { RoleSettings } from '../../model/scenario.js';

const secondsBetweenSamples = '1';

/**
 * Samples sockets, and IPVS connections on a director, between `go` and `pause` on its input. Beside raw-socket flows only those of the witnesses are
 * listed, who have this address, and the others counted.
 */
export function samplerCommand(role: Role, witness?: FullCapture): PlannedCommand {
  const among = witness === undefined ? [] : [witness.address];
  return command('sample sockets over time', [
    ...['bash', '/lab/sampler.sh', secondsBetweenSamples, role],
    ...among,
  ]);
}

/**
 * Zeroes what `collect` reads: nstat's history (read back as increments) and IPVS counters. Rules count from when they were loaded,
 * which is right before the measured run.
 */
export function zeroCommands(role: Role): readonly PlannedCommand[] {
  const ipvs = role === 'director' ? [command('zero the IPVS counters', ['ipvsadm', '-Z'])] : [];
  return [command("zero the kernel's counters", ['sh', '/lab/zero.sh']), ...ipvs];
}

/** Prints the final state of a node as sections. Beside raw-socket flows lists are of the witnesses, and there are counters more. */
export function collectCommand(
  role: Role,
  { iptables }: RoleSettings,
  witness?: FullCapture,
): PlannedCommand {
  const among = witness === undefined ? [] : [witness.address];
  return command('print the final counters', ['bash', '/lab/collect.sh', role, iptables, ...among]);
}

/** Traces packets through the node's rules, for so many seconds at most. */
export function traceCommand(family: Family, seconds: number): PlannedCommand {
  const words = ['bash', '/lab/trace.sh', family === 'ipv6' ? 'ip6' : 'ip', String(seconds)];
  return command('trace packets through the rules', words);
}

/**
 * What `lab/node/explain.sh` is told: to follow packets through the node's rules, for so many seconds at most. Beside raw-socket flows those of the
 * witnesses only.
 */
export function explainArguments(
  family: Family,
  { iptables }: RoleSettings,
  seconds: number,
  witness?: FullCapture,
): readonly string[] {
  const among = witness === undefined ? [] : [witness.address];
  return [family === 'ipv6' ? 'ip6' : 'ip', iptables, String(seconds), ...among];
}

/** What has to be proved for one port of the service before a lab is ready. */
export interface Readiness {
  readonly vip: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly seconds: number;
  /** The names by which the serving nodes call themselves in their replies. */
  readonly serving: readonly string[];
  /** Whether the answer of one node is enough, because the service sends this client to only one. */
  readonly any: boolean;
}

/** Proves from the client that the serving nodes answer through the VIP. */
export function readyCommand({ vip, port, protocol, seconds, serving, any }: Readiness): PlannedCommand {
  const options = any ? ['--any'] : [];
  const purpose = `see ${any ? 'a' : 'every'} realserver answer through the VIP on ${protocol === 'udp' ? 'UDP ' : ''}port ${port}`;
  return command(purpose, [
    ...(protocol === 'udp' ? ['perl', '/lab/server/probe-datagrams.pl'] : ['bash', '/lab/probe.sh']),
    ...options,
    vip,
    String(port),
    String(seconds),
    ...serving,
  ]);
}

/** Drives the load from the client, in a form that can be pasted into a shell there. */
export function driveCommand(order: DriveOrder): PlannedCommand {
  return command('open, use and close the connections', [
    ...['node', '/lab/agent.cjs', 'drive'],
    JSON.stringify(order),
  ]);
}
