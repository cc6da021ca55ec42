import type { IptablesFlavour, PlannedCommand, Role, RoleSettings, Scenario } from './types.js';

/** Where the rules are copied to in a container. */
const rulesFile = '/lab/rules.v4';
const secondsBetweenSamples = '1';

/** The service as the commands need it. */
export interface Service {
  readonly vip: string;
  readonly port: number;
  readonly scheduler: string;
  /** RIPs, in the order of their names. */
  readonly realservers: readonly string[];
}

/** What makes a container play its role: addresses and the IPVS service. */
export function setupCommands(
  role: Role,
  { vip, port, scheduler, realservers }: Service,
): readonly PlannedCommand[] {
  const service = `${vip}:${port}`;
  switch (role) {
    case 'client':
      return [];
    case 'realserver':
      return [
        command('take packets for the VIP, unknown to ARP', ['ip', 'addr', 'add', `${vip}/32`, 'dev', 'lo']),
      ];
    case 'director':
      return [
        command('answer ARP for the VIP', ['ip', 'addr', 'add', `${vip}/32`, 'dev', 'eth0']),
        command('create the IPVS service', ['ipvsadm', '-A', '-t', service, '-s', scheduler]),
        ...realservers.map((rip) =>
          command(`forward to ${rip} by direct routing`, [
            'ipvsadm',
            '-a',
            '-t',
            service,
            '-r',
            `${rip}:${port}`,
            '-g',
          ]),
        ),
      ];
  }
}

/** The rules with the file and command that load them atomically. */
export function rulesOf({ rules, iptables }: RoleSettings) {
  if (rules === undefined) return undefined;
  const text = rules.endsWith('\n') ? rules : `${rules}\n`;
  return { text, file: rulesFile, argv: [`iptables-${iptables}-restore`, rulesFile] };
}

/** Samples sockets, and IPVS connections on the director, until it is killed. */
export function samplerCommand(role: Role): PlannedCommand {
  return command('sample sockets over time', ['bash', '/lab/sampler.sh', secondsBetweenSamples, role]);
}

/**
 * Captures on the two nodes that see what the packet filter answers; a realserver's packets all pass one of them.
 * As root, because without CAP_KILL nobody in the container could end a tcpdump that had changed to a user of its own.
 */
export function captureCommand(role: Role): PlannedCommand | undefined {
  if (role === 'realserver') return undefined;
  const options = ['-i', 'eth0', '-n', '-U', '-Z', 'root', '-B', '4096', '-s', '128', '-w', '-'];
  return command('capture TCP and ICMP', ['tcpdump', ...options, 'tcp or icmp']);
}

/** Zeroes what `collect` reads: nstat's history (read back as increments), IPVS counters, and rule counters. */
export function resetCommand(role: Role, settings: RoleSettings): PlannedCommand {
  const lines = ['nstat -n'];
  if (role === 'director') lines.push('ipvsadm -Z');
  if (settings.rules !== undefined) lines.push(zeroRuleCounters(settings.iptables));
  return command('zero the counters', ['sh', '-ec', lines.join('\n')]);
}

/** Only tables that exist are touched: asking for another would create it, and the control run must have none. */
function zeroRuleCounters(flavour: IptablesFlavour): string {
  const tables = `iptables-${flavour}-save | sed -n 's/^\\*//p'`;
  return `${tables} | while read -r table; do iptables-${flavour} -t "$table" -Z; done`;
}

/** Ends the recording; tcpdump writes out what it has when interrupted. Brackets keep pkill from finding its own shell. */
export function stopCommand(): PlannedCommand {
  const script = "pkill -INT -x tcpdump; pkill -f '[/]lab/sampler.sh'; true";
  return command('end sampler and capture', ['sh', '-c', script]);
}

/** Prints the final state of a node as sections. */
export function collectCommand(role: Role, { iptables }: RoleSettings): PlannedCommand {
  return command('print the final counters', ['sh', '/lab/collect.sh', role, iptables]);
}

/** Proves, from the client, that every realserver named (as the lab names them, no RIPs) answers through the VIP. */
export function readyCommand(
  { vip, port }: Pick<Service, 'vip' | 'port'>,
  realservers: readonly string[],
  seconds: number,
): PlannedCommand {
  const argv = ['bash', '/lab/probe.sh', vip, String(port), String(seconds), ...realservers];
  return command('see every realserver answer through the VIP', argv);
}

/** Makes the load from the client. */
export function driveCommand(target: string, source: string, { load, deadlines }: Scenario): PlannedCommand {
  const { connections, close } = load;
  const options = ['--target', target, '--source-address', source, '--connections', String(connections)];
  const closing = ['--first', close.first, '--how', close.how, '--timeout', String(deadlines.drive)];
  return command('open, use and close the connections', [
    'node',
    '/lab/agent.cjs',
    'drive',
    ...options,
    ...closing,
  ]);
}

function command(purpose: string, argv: readonly string[]): PlannedCommand {
  return { purpose, argv };
}
