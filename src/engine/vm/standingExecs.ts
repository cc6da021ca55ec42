import type Docker from 'dockerode';
import { z } from 'zod';
import { LabError } from '../../support/errors.js';
import { shellQuote } from '../../support/quote.js';
import type { Pace } from '../../support/patience.js';
import { waitFor } from '../../support/wait.js';
import { startExec } from '../docker/nodes/containerExec.js';
import { dockerExecs, execExitCode, type OpenExec } from '../docker/nodes/execStream.js';
import { shellArgv } from '../docker/nodes/nodeShell.js';
import type { LabShape } from '../../scenario/model/planTypes.js';
import { hasWholeLine } from '../../scenario/plan/commands/standing.js';
import { RelayStream } from './relay/relayStream.js';

/** A command that was running when a machine was saved, connected to a stream of its relay. */
export const standingExecSchema = z.object({
  container: z.string(),
  argv: z.array(z.string()),
  /** Docker's id of the exec. */
  exec: z.string(),
  stream: z.number(),
  /** What it had written: Base64. */
  stdout: z.string(),
  stderr: z.string(),
});
export type StandingExec = z.infer<typeof standingExecSchema>;

/** Seconds until a command waits to be told what to do: Node.js takes many under emulation, and all start at once. */
const startSeconds = 240;
/** A command that does nothing, without input, as the node's shell is asked; its answer shows that the shell is ready. */
const nothingToDo = 'true\0\0';
const nothingDone = '@@ ended 0';

/** A standing command that this process has started. */
export interface StartedCommand {
  /** What is to be known of it when the machine is saved now. */
  readonly record: () => StandingExec;
}

/** Starts a shape's standing commands and a shell in each node. Resolves when all of them wait to be told what to do. */
export async function startStanding(
  docker: Docker,
  shape: LabShape,
  pace: Pace,
): Promise<readonly StartedCommand[]> {
  return Promise.all(
    shape.nodes.flatMap(({ container, standing }) => [
      startShell(docker, container, pace),
      ...standing.map(({ argv, ready }) => start(docker, { container, argv, ready, pace })),
    ]),
  );
}

interface Starting {
  readonly container: string;
  readonly argv: readonly string[];
  readonly ready: string;
  /** What it is asked first. */
  readonly ask?: string;
  readonly pace: Pace;
}

async function start(
  docker: Docker,
  { container, argv, ready, ask, pace }: Starting,
): Promise<StartedCommand> {
  let stream: { readonly id: string; readonly number: number } | undefined;
  const open: OpenExec = async (request) => {
    const opened = await dockerExecs(docker)(request);
    if (!(opened.stream instanceof RelayStream)) throw new RangeError('expected a stream of the relay');
    stream = { id: opened.id, number: opened.stream.id };
    return opened;
  };
  const command = await startExec(docker, open, { container, argv, stdin: true });
  const pieces: Buffer[] = [];
  command.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  if (ask !== undefined) command.stdin?.write(ask);
  let ended: Error | undefined;
  const what = `\`${shellQuote(argv)}\` in ${container}`;
  command.done.then(
    (code) => (ended = new LabError(`${what} ended with exit code ${String(code)}, expected it to wait`)),
    (error: unknown) => (ended = error as Error),
  );
  await waitFor(
    `${what} to be ready`,
    () => {
      if (ended !== undefined) throw new LabError(ended.message, { details: command.stderr() });
      return hasWholeLine(command.stderr(), ready) ? true : undefined;
    },
    { seconds: startSeconds, everyMs: 50, pace },
  );
  if (stream === undefined) throw new RangeError(`${what} was started without a stream`);
  const { id, number } = stream;
  return {
    record: () => ({
      container,
      argv: [...argv],
      exec: id,
      stream: number,
      // What the shell answered to its first command, which was not a job's, is left out.
      stdout: ask === undefined ? Buffer.concat(pieces).toString('base64') : '',
      stderr: ask === undefined ? command.stderr() : '',
    }),
  };
}

const startShell = (docker: Docker, container: string, pace: Pace): Promise<StartedCommand> =>
  start(docker, { container, argv: shellArgv, ask: nothingToDo, ready: nothingDone, pace });

/** Connects to standing commands, each once, and starts what is not among them. */
export function standingExecs(
  docker: Docker,
  streams: ReadonlyMap<number, RelayStream>,
  standing: readonly StandingExec[],
): OpenExec {
  const left = new Map(standing.map((one) => [keyOf(one), one]));
  return async (request) => {
    const one = left.get(keyOf(request));
    const stream = one && streams.get(one.stream);
    if (one === undefined || stream === undefined) return dockerExecs(docker)(request);
    left.delete(keyOf(request));
    return {
      id: one.exec,
      stream,
      before: { stdout: Buffer.from(one.stdout, 'base64'), stderr: one.stderr },
      exitCode: () => execExitCode(docker.getExec(one.exec)),
    };
  };
}

const keyOf = ({
  container,
  argv,
}: {
  readonly container: string;
  readonly argv: readonly string[];
}): string => [container, ...argv].join('\0');
