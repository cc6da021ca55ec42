import Docker from 'dockerode';
import { execFrame } from './execFrame.js';
import { RelayStream } from '../../../src/engine/vm/relay/relayStream.js';

/** A client that can take a command's output apart, and has nobody to talk to. */
export const demuxing = { modem: new Docker({ socketPath: '/nowhere' }).modem } as unknown as Docker;

/** A command in a container, as the engine has it. */
export class FakeExec {
  /** What was written to its standard input. */
  input = '';
  readonly stream: RelayStream;
  exitCode: number | null = null;

  constructor(
    readonly container: string,
    readonly argv: readonly string[],
    number: number,
  ) {
    this.stream = new RelayStream(number, (type, payload) => {
      if (type === 'D') this.input += payload?.toString() ?? '';
    });
  }

  get id(): string {
    return `exec ${this.stream.id}`;
  }

  says(to: 1 | 2, text: string): void {
    this.stream.receive(execFrame(to, text));
  }

  /** Ends it, as when it exits. */
  end(exitCode: number): void {
    this.exitCode = exitCode;
    this.stream.receiveEnd();
  }
}

/** An engine behind a relay whose execs are these; `started` is told of each. */
export function fakeExecs(started: (exec: FakeExec) => void = () => undefined) {
  const execs: FakeExec[] = [];
  const inspect = (id: string) => {
    const exec = execs.find((one) => one.id === id);
    return Promise.resolve({ Running: exec?.exitCode === null, ExitCode: exec?.exitCode ?? null });
  };
  const docker = {
    modem: demuxing.modem as unknown,
    getExec: (id: string) => ({ inspect: () => inspect(id) }),
    getContainer: (container: string) => ({
      exec: ({ Cmd: argv }: { readonly Cmd: readonly string[] }) => {
        const exec = new FakeExec(container, argv, execs.length + 1);
        execs.push(exec);
        const start = () => {
          started(exec);
          return Promise.resolve(exec.stream);
        };
        return Promise.resolve({ id: exec.id, start, inspect: () => inspect(exec.id) });
      },
    }),
  } as unknown as Docker;
  return { docker, execs };
}
