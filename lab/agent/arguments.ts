import { parseArgs } from 'node:util';

/** IPv4 address and port of the virtual service. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** How a connection is to end. `half-close`: the client's FIN follows its request at once. */
export interface Closing {
  readonly first: 'server' | 'client';
  readonly how: 'fin' | 'rst' | 'half-close';
}

export interface DriveCommand {
  readonly target: Target;
  readonly sourceAddress: string;
  readonly connections: number;
  readonly closing: Closing;
  readonly timeoutSeconds: number;
}

/** The command line is not as it should be. */
export class AgentUsageError extends Error {}

export const usage = `usage:
  agent drive --target IP:PORT --source-address IP --connections N --first server|client --how fin|rst|half-close --timeout SECONDS`;

/** Reads the arguments after the script's name. Throws AgentUsageError. */
export function parseArguments(argv: readonly string[]): DriveCommand {
  const [command, ...rest] = argv;
  if (command !== 'drive') throw new AgentUsageError(`Expected drive, found ${JSON.stringify(command)}.`);
  return parseDrive(options(rest, ['target', 'source-address', 'connections', 'first', 'how', 'timeout']));
}

function parseDrive(option: (name: string) => string): DriveCommand {
  const closing: Closing = {
    first: oneOf('first', option('first'), ['server', 'client']),
    how: oneOf('how', option('how'), ['fin', 'rst', 'half-close']),
  };
  if (closing.first === 'server' && closing.how === 'half-close') {
    throw new AgentUsageError('--how half-close is the client closing first: use it with --first client.');
  }
  const connections = positive('connections', option('connections'));
  if (!Number.isInteger(connections)) throw new AgentUsageError('--connections must be a whole number.');
  return {
    target: target(option('target')),
    sourceAddress: option('source-address'),
    connections,
    closing,
    timeoutSeconds: positive('timeout', option('timeout')),
  };
}

/** Parses `--name value` pairs of these names, all of which are required; returns a look-up. */
function options(argv: readonly string[], names: readonly string[]): (name: string) => string {
  const known = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({ args: [...argv], options: known, strict: true }));
  } catch (error) {
    throw new AgentUsageError(error instanceof Error ? error.message : String(error));
  }
  return (name) => {
    const value = values[name];
    if (typeof value !== 'string') throw new AgentUsageError(`--${name} is required.`);
    return value;
  };
}

function target(text: string): Target {
  const match = /^([\d.]+):(\d+)$/.exec(text);
  if (match?.[1] === undefined) {
    throw new AgentUsageError(`--target must be IP:PORT, found ${JSON.stringify(text)}.`);
  }
  return { host: match[1], port: Number(match[2]) };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) {
    throw new AgentUsageError(`--${name} must be a number above 0, found ${JSON.stringify(text)}.`);
  }
  return value;
}

function oneOf<const T extends string>(name: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((one) => one === text);
  if (choice === undefined) {
    throw new AgentUsageError(`--${name} must be ${choices.join(' or ')}, found ${JSON.stringify(text)}.`);
  }
  return choice;
}
