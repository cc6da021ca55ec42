import type Docker from 'dockerode';
import { PassThrough } from 'node:stream';
import { shellQuote } from '../../../support/quote.js';
import type { Pace } from '../../../support/patience.js';
import { withDeadline } from '../../../support/wait.js';
import type { ExecOptions, ExecResult } from '../../port/port.js';
import { connectionLost, type OpenExec } from './execStream.js';

/** The command that runs commands. */
export const shellArgv: readonly string[] = ['bash', '/lab/shell.sh'];

const ended = /\n@@ ended (\d+)\n$/;
const longestEnd = '\n@@ ended 255\n'.length;

/** How shells in containers are reached, and how fast what they run works. */
interface ShellAccess {
  readonly docker: Docker;
  readonly open: OpenExec;
  readonly pace?: Pace;
}

/**
 * Runs commands in a container through one shell that stays: under emulation an exec takes the engine a quarter of a second, a fork in a
 * shell a tenth of that. Runs one command at a time, in the order in which they were asked for.
 */
export class NodeShell {
  #opening: Promise<Connection> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly access: ShellAccess,
    private readonly container: string,
  ) {}

  /** Runs argv to its end; a non-zero exit code is a result, not an error. Rejects with LabError when `seconds` pass or the engine fails. */
  run(argv: readonly string[], { seconds, input = '' }: ExecOptions): Promise<ExecResult> {
    const command = shellQuote(argv);
    const run = async (): Promise<ExecResult> => {
      this.#opening ??= Connection.open(this.access.docker, this.access.open, this.container);
      try {
        const connection = await this.#opening;
        return await withDeadline(
          `\`${command}\` in ${this.container}`,
          connection.ask(command, input),
          seconds,
          { pace: this.access.pace, moved: () => connection.characters },
        );
      } catch (error) {
        // Whatever is still running there, its output must not be taken for that of the next command.
        this.#opening = undefined;
        throw error;
      }
    };
    const result = this.#last.then(run, run);
    this.#last = result.catch(() => undefined);
    return result;
  }
}

class Connection {
  #stdout = new Output();
  #stderr = new Output();
  #answered: ((result: ExecResult) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;
  #lost: Error | undefined;
  /** How much has come of it so far. */
  characters = 0;

  private constructor(private readonly input: NodeJS.WritableStream) {}

  static async open(docker: Docker, open: OpenExec, container: string): Promise<Connection> {
    const { stream } = await open({ container, argv: shellArgv, stdin: true });
    const connection = new Connection(stream);
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    docker.modem.demuxStream(stream, stdout, stderr);
    stdout.setEncoding('utf8').on('data', (text: string) => {
      connection.characters += text.length;
      connection.#stdout.add(text);
      connection.#look();
    });
    stderr.setEncoding('utf8').on('data', (text: string) => {
      connection.characters += text.length;
      connection.#stderr.add(text);
      connection.#look();
    });
    const lose = (): void => {
      connection.#lost ??= connectionLost();
      connection.#failed?.(connection.#lost);
    };
    stream.on('error', lose).on('end', lose).on('close', lose);
    return connection;
  }

  ask(command: string, input: string): Promise<ExecResult> {
    return new Promise((resolve, reject) => {
      if (this.#lost !== undefined) {
        reject(this.#lost);
        return;
      }
      this.#stdout = new Output();
      this.#stderr = new Output();
      this.#answered = resolve;
      this.#failed = reject;
      this.input.write(`${command}\0${input}\0`);
    });
  }

  #look(): void {
    const code = this.#stdout.code();
    if (code === undefined || this.#stderr.code() === undefined) return;
    this.#answered?.({ exitCode: code, stdout: this.#stdout.text(), stderr: this.#stderr.text() });
  }
}

/** One of a command's output streams. Each piece is checked for the end of the output, at a cost that does not grow with its length. */
class Output {
  readonly #pieces: string[] = [];
  #tail = '';

  add(text: string): void {
    this.#pieces.push(text);
    this.#tail = `${this.#tail}${text}`.slice(-longestEnd);
  }

  /** The command's exit code; undefined until it has ended. */
  code(): number | undefined {
    const code = ended.exec(this.#tail)?.[1];
    return code === undefined ? undefined : Number(code);
  }

  /** What the command printed. */
  text(): string {
    return this.#pieces.join('').slice(0, -(ended.exec(this.#tail)?.[0].length ?? 0));
  }
}
