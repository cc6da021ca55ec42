import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { choice, number, whole } from './values.js';

/** The virtual service: IPv4 or IPv6 address, and ports that connections take in turn. */
export interface Service {
  readonly host: string;
  readonly ports: readonly number[];
}

/** What is said on each connection. Sizes are of bodies, in bytes; all but `requests` may be 0. */
export interface Talk {
  /** Requests one after the other on one connection; sizes, rate and idleness are of the last one. */
  readonly requests: number;
  readonly upload: number;
  readonly download: number;
  /** Bytes a second; 0: as fast as they go. */
  readonly rate: number;
  /** Seconds before the client closes first; otherwise before the last request. */
  readonly idle: number;
}

/**
 * How a connection is to end. `half-close`: the client's FIN follows its last request at once. `after`: seconds from the server's
 * FIN to the client's own close, where the server closes first.
 */
export interface Closing {
  readonly first: 'server' | 'client';
  readonly how: 'fin' | 'rst' | 'half-close';
  readonly after: number;
}

export interface DriveCommand {
  readonly service: Service;
  readonly sourceAddress: string;
  readonly connections: number;
  /** Seconds between two openings; 0: as fast as is sensible. */
  readonly every: number;
  readonly talk: Talk;
  readonly closing: Closing;
  readonly connect: 'blocking' | 'non-blocking';
  readonly localPorts: 'own' | 'kernel';
  /** Each connection, when it is over, is opened again from its port; the second one is reported. */
  readonly reopen: boolean;
  readonly timeoutSeconds: number;
}

/** The command line is not as it should be. */
export class AgentUsageError extends Error {}

export const usage = `usage:
  agent drive --target IP --ports PORT,... --source-address IP --connections N --every SECONDS
    --requests N --upload BYTES --download BYTES --rate BYTES --idle SECONDS
    --connect blocking|non-blocking --local-ports own|kernel [--reopen]
    --first server|client --how fin|rst|half-close --after SECONDS --timeout SECONDS`;

/** Size of the file that realservers answer downloads from (lab/node/server/serve.sh). */
const longestDownload = 2 ** 30;

const valueOptions = [
  ...['target', 'ports', 'source-address', 'connections', 'every', 'requests', 'upload', 'download', 'rate'],
  ...['idle', 'connect', 'local-ports', 'first', 'how', 'after', 'timeout'],
];

/** Reads the arguments after the script's name. Throws AgentUsageError. */
export function parseArguments(argv: readonly string[]): DriveCommand {
  const [command, ...rest] = argv;
  try {
    if (command !== 'drive') throw new Error(`Expected drive, found ${JSON.stringify(command)}.`);
    const { option, reopen } = readOptions(rest);
    const drive: DriveCommand = {
      service: { host: address('target', option('target')), ports: portList(option('ports')) },
      sourceAddress: address('source-address', option('source-address')),
      connections: whole('connections', option('connections'), { least: 1 }),
      every: number('every', option('every')),
      talk: talk(option),
      closing: {
        first: choice('first', option('first'), ['server', 'client']),
        how: choice('how', option('how'), ['fin', 'rst', 'half-close']),
        after: number('after', option('after')),
      },
      connect: choice('connect', option('connect'), ['blocking', 'non-blocking']),
      localPorts: choice('local-ports', option('local-ports'), ['own', 'kernel']),
      reopen,
      timeoutSeconds: number('timeout', option('timeout'), { above: 0 }),
    };
    refuseContradictions(drive);
    return drive;
  } catch (error) {
    throw new AgentUsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function refuseContradictions({
  service,
  sourceAddress,
  talk,
  closing,
  connect,
  reopen,
}: DriveCommand): void {
  if (isIP(service.host) !== isIP(sourceAddress)) {
    throw new Error(`--target ${service.host} and --source-address ${sourceAddress} are of two families.`);
  }
  if (closing.first === 'server' && closing.how === 'half-close') {
    throw new Error('--how half-close is the client closing first: use it with --first client.');
  }
  if (closing.first === 'client' && closing.after > 0) {
    throw new Error('--after is for a client that follows the server: use it with --first server.');
  }
  if (talk.upload > 0 && talk.download > 0) {
    throw new Error('--upload and --download do not go together: one of them must be 0.');
  }
  const lingers = talk.rate > 0 || talk.idle > 0 || closing.after > 0;
  if (connect === 'blocking' && (talk.requests > 1 || lingers || reopen)) {
    throw new Error(
      '--connect blocking goes with one request only, and without --rate, --idle, --after and --reopen.',
    );
  }
}

function talk(option: (name: string) => string): Talk {
  return {
    requests: whole('requests', option('requests'), { least: 1 }),
    upload: whole('upload', option('upload')),
    download: whole('download', option('download'), { most: longestDownload }),
    rate: whole('rate', option('rate')),
    idle: number('idle', option('idle')),
  };
}

/** Parses `--name value` pairs, all of which are required, and the flag; returns a look-up and the flag. */
function readOptions(argv: readonly string[]): { option: (name: string) => string; reopen: boolean } {
  const known = Object.fromEntries(valueOptions.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({
    args: [...argv],
    options: { ...known, reopen: { type: 'boolean' } },
    strict: true,
  });
  return {
    option: (name) => {
      const value = (values as Record<string, unknown>)[name];
      if (typeof value !== 'string') throw new Error(`--${name} is required.`);
      return value;
    },
    reopen: values.reopen === true,
  };
}

function address(name: string, text: string): string {
  if (isIP(text) === 0)
    throw new Error(`--${name} must be an IPv4 or IPv6 address, found ${JSON.stringify(text)}.`);
  return text;
}

function portList(text: string): number[] {
  return text.split(',').map((port) => whole('ports', port, { least: 1, most: 65_535 }));
}
