import type Docker from 'dockerode';
import { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { NetworkMode } from '../../contracts/words/network.js';
import { LabError } from '../../support/errors.js';
import type { PullEvent } from './pullDownload.js';
import { packTar, type TarFile } from '../../support/files/tar.js';

export interface BuildRequest {
  readonly reference: string;
  readonly context: readonly TarFile[];
  /** The value of the Dockerfile's BASE argument. */
  readonly base: string;
  /** The network of RUN steps. */
  readonly network: NetworkMode;
  /** Labels beside the one that says that the image is the lab's. */
  readonly labels?: Readonly<Record<string, string>>;
}

const outputLines = 40;

/** Builds a Dockerfile on the engine. Rejects with the failing step and its output. */
export async function buildImage(docker: Docker, request: BuildRequest): Promise<void> {
  const context = Readable.from([await packTar(request.context)]);
  const stream = await docker.buildImage(context, {
    t: request.reference,
    buildargs: JSON.stringify({ BASE: request.base }) as never,
    labels: JSON.stringify({ 'lvs-lab.image': 'true', ...request.labels }) as never,
    rm: true,
    forcerm: true,
    networkmode: request.network,
  });
  await followBuild(docker, stream, `build ${request.reference}`);
}

interface Progress extends PullEvent {
  readonly stream?: string;
  readonly error?: string;
}

/**
 * Waits for the end of a build, import or pull. Checks every event for an `error`, because the library calls a build with a failed step a
 * success.
 */
export async function followBuild(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  what: string,
  onEvent: (event: PullEvent) => void = () => undefined,
): Promise<void> {
  const events = await new Promise<readonly Progress[]>((resolve, reject) => {
    docker.modem.followProgress(
      stream,
      (error: Error | null, result: readonly Progress[]) => {
        if (error) reject(error);
        else resolve(result);
      },
      onEvent,
    );
  });
  const failure = events.find((event) => event.error !== undefined)?.error;
  if (failure !== undefined) throw buildError(what, failure, events);
}

function buildError(what: string, failure: string, events: readonly Progress[]): LabError {
  const text = events.map((event) => event.stream ?? '').join('');
  const lines = stripVTControlCharacters(text).split('\n');
  const steps = lines
    .map((line, index) => (/^Step \d+\/\d+ : /.test(line) ? index : -1))
    .filter((index) => index >= 0);
  const last = steps.at(-1);
  const step = last === undefined ? '' : ` at \`${lines[last] ?? ''}\``;
  const output = (last === undefined ? lines : lines.slice(last + 1)).filter((line) => line.trim() !== '');
  return new LabError(`could not ${what}${step}: ${failure}`, {
    ...(output.length === 0 ? {} : { details: output.slice(-outputLines).join('\n') }),
  });
}
