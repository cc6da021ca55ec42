import type { Role } from '../../../contracts/words/nodes.js';
import type { StandingCommand } from '../../model/planTypes.js';
import { captureCommand } from './captures.js';
import { samplerCommand } from './commands.js';

/**
 * The load agent on the client, which waits for loads to drive. V8 only interprets it: machine code that it made would be translated once more where the processor
 * is emulated, and a handful of connections does not run for long enough to be worth either.
 */
export const agentArgv: readonly string[] = [
  ...['node', '--no-expose-wasm', '--jitless'],
  ...['/lab/agent.cjs', 'serve'],
];

/** A command that first tells its process id on standard error. */
export const announced = (argv: readonly string[]): readonly string[] => ['sh', '/lab/announce.sh', ...argv];

/** What samplers and load agents write on standard error when they wait to be told what to do. */
const waiting = '@@ waiting';
export const listening = 'listening on';

/** What decides which commands wait in a node. */
interface StandingNode {
  /** The interface that captures listen on. */
  readonly device: string;
  readonly hasFlows: boolean;
  readonly hasDatagrams: boolean;
  /** Whether connections are made on it although it is not the client. */
  readonly hasClient: boolean;
}

/** The command of a container from which connections are made. */
export function programCommands(): readonly StandingCommand[] {
  return [{ argv: agentArgv, ready: waiting }];
}

/**
 * The commands that run in a node from the start, the same for all scenarios of a shape. Beside raw-socket flows, what is recorded depends
 * on the scenario.
 */
export function standingCommands(
  role: Role,
  { device, hasFlows, hasDatagrams, hasClient }: StandingNode,
): readonly StandingCommand[] {
  const agent = role === 'client' ? programCommands() : [];
  if (hasFlows) return agent;
  const capture = captureCommand(role, device, { hasDatagrams, hasClient });
  return [
    ...agent,
    { argv: samplerCommand(role).argv, ready: waiting },
    ...(capture === undefined ? [] : [{ argv: announced(capture.argv), ready: listening }]),
  ];
}

/**
 * Whether a text has a line with these words in it, up to the line's end. A program may write a line in several pieces, as tcpdump writes the one
 * that says where it listens. If tcpdump is asked for its counts before the last piece, it prints them in the middle of that line.
 */
export function hasWholeLine(text: string, words: string): boolean {
  const begin = text.lastIndexOf(words);
  return begin >= 0 && text.includes('\n', begin);
}
