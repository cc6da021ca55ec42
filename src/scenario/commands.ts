import { command } from './command.js';
import type { Load, PlannedCommand, Role, RoleSettings } from './types.js';

const secondsBetweenSamples = '1';

/** Samples sockets, and IPVS connections on a director, until it is killed. */
export function samplerCommand(role: Role): PlannedCommand {
  return command('sample sockets over time', ['bash', '/lab/sampler.sh', secondsBetweenSamples, role]);
}

/** Plain, and in an IPv4 or IPv6 tunnel; `tcp` is of both families. */
const captureFilter = 'tcp or icmp or icmp6 or ip proto 4 or ip6 proto 41';
/** Bytes of a packet: a tunnel's header, all headers of the packet inside, and what an ICMP error quotes. */
const snapLength = '192';

/**
 * Captures on the nodes that see what a packet filter answers; a realserver's packets all pass one of them. The router's
 * servers' side is enough: the client captures the other one.
 * In immediate mode, because packets of a block that the kernel has not handed over yet are lost when tcpdump ends.
 * As root, because without CAP_KILL nobody in the container could end a tcpdump that had changed to a user of its own.
 */
export function captureCommand(role: Role): PlannedCommand | undefined {
  if (role === 'realserver') return undefined;
  const device = role === 'router' ? 'eth1' : 'eth0';
  const options = [
    '-i',
    device,
    '-n',
    '-U',
    '--immediate-mode',
    '-Z',
    'root',
    '-B',
    '4096',
    '-s',
    snapLength,
    '-w',
    '-',
  ];
  return command('capture TCP, ICMP and tunnelled packets', ['tcpdump', ...options, captureFilter]);
}

/**
 * Zeroes what `collect` reads: nstat's history (read back as increments) and IPVS counters. Rules count from when they were loaded,
 * which is right before the measured run.
 */
export function zeroCommand(role: Role): PlannedCommand {
  const lines = ['nstat -n', ...(role === 'director' ? ['ipvsadm -Z'] : [])];
  return command('zero the counters', ['sh', '-ec', lines.join('\n')]);
}

/** Ends the recording; tcpdump writes out what it has when interrupted. Brackets keep pkill from finding its own shell. */
export function stopCommand(): PlannedCommand {
  const script = "pkill -INT -x tcpdump; pkill -f '[/]lab/sampler.sh'; true";
  return command('end sampler and capture', ['sh', '-c', script]);
}

/** Prints the final state of a node as sections. */
export function collectCommand(role: Role, { iptables }: RoleSettings): PlannedCommand {
  return command('print the final counters', ['bash', '/lab/collect.sh', role, iptables]);
}

/** What a ready lab must show for one port of the service. */
export interface Readiness {
  readonly vip: string;
  readonly port: number;
  readonly seconds: number;
  /** Names of the nodes that serve, as they call themselves in their replies. */
  readonly serving: readonly string[];
  /** Whether one of them is enough, because the service sends this client to only one. */
  readonly any: boolean;
}

/** Proves, from the client, that those who serve answer through the VIP. */
export function readyCommand({ vip, port, seconds, serving, any }: Readiness): PlannedCommand {
  const options = any ? ['--any'] : [];
  const purpose = `see ${any ? 'a' : 'every'} realserver answer through the VIP on port ${port}`;
  return command(purpose, [
    'bash',
    '/lab/probe.sh',
    ...options,
    vip,
    String(port),
    String(seconds),
    ...serving,
  ]);
}

/** What the client's agent is to do, and where. */
export interface Drive {
  readonly target: string;
  readonly ports: readonly number[];
  readonly source: string;
  readonly load: Load;
  /** Seconds. */
  readonly timeout: number;
}

/** Makes the load from the client. */
export function driveCommand({ target, ports, source, load, timeout }: Drive): PlannedCommand {
  const options: Readonly<Record<string, string | number>> = {
    target,
    ports: ports.join(','),
    'source-address': source,
    connections: load.connections,
    every: load.every,
    requests: load.requests,
    upload: load.upload,
    download: load.download,
    rate: load.rate,
    idle: load.idle,
    connect: load.connect,
    'local-ports': load.ports,
  };
  const closing = { first: load.close.first, how: load.close.how, timeout };
  return command('open, use and close the connections', [
    ...['node', '/lab/agent.cjs', 'drive'],
    ...words(options),
    ...(load.reopen ? ['--reopen'] : []),
    ...words(closing),
  ]);
}

function words(options: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
}
