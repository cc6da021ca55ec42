import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { LabError } from '../../support/errors.js';

interface Reply {
  readonly return?: unknown;
  readonly error?: { readonly class: string; readonly desc: string };
}

/** An event that QEMU sends unasked. Source: its QMP reference. */
export interface QmpEvent {
  readonly event: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A connection to QEMU's machine protocol. One command at a time is enough here. */
export class Qmp {
  readonly #socket: Socket;
  readonly #waiting: ((reply: Reply | Error) => void)[] = [];
  #lost: Error | undefined;

  private constructor(socket: Socket, onEvent: (event: QmpEvent) => void) {
    this.#socket = socket;
    const lost = (): void => {
      this.#lost = new Error('QEMU closed its control socket');
      for (const waiting of this.#waiting.splice(0)) waiting(this.#lost);
    };
    // readline says a stream's error again, and an error that nobody takes ends the process.
    const lines = createInterface({ input: socket });
    lines.on('error', lost).on('line', (line) => {
      const message = JSON.parse(line) as Reply | QmpEvent;
      if ('event' in message) onEvent(message);
      else if ('return' in message || 'error' in message) this.#waiting.shift()?.(message);
    });
    socket.on('error', lost).on('close', lost);
  }

  /** Connects to an existing QMP socket and completes the negotiation. */
  static async connect(path: string, onEvent: (event: QmpEvent) => void = () => undefined): Promise<Qmp> {
    const socket = connect(path);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject);
    });
    const qmp = new Qmp(socket, onEvent);
    await qmp.execute('qmp_capabilities');
    return qmp;
  }

  /** Runs one command; rejects with QEMU's own description when it fails. */
  async execute(command: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const reply = await new Promise<Reply | Error>((resolve) => {
      if (this.#lost !== undefined) {
        resolve(this.#lost);
        return;
      }
      this.#waiting.push(resolve);
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: parameters })}\n`);
    });
    if (reply instanceof Error) throw new LabError(`QEMU did not answer ${command}`, { cause: reply });
    if (reply.error !== undefined) throw new LabError(`QEMU refused ${command}: ${reply.error.desc}`);
    return reply.return;
  }

  /** Runs a command of QEMU's human monitor, for the few things that QMP cannot do; resolves with its text. */
  async monitor(line: string): Promise<string> {
    return String(await this.execute('human-monitor-command', { 'command-line': line }));
  }

  close(): void {
    this.#socket.destroy();
  }
}
