import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Immutable } from '../../../contracts/immutable.js';
import { LabError } from '../../../support/errors.js';
import { JsonError, matchShape, parseJson } from '../../../support/parseJson.js';

/** An event that QEMU sends unasked. Source: its QMP reference. */
const eventSchema = z.object({
  event: z.string(),
  data: z.record(z.string(), z.unknown()).optional(),
});
export type QmpEvent = Immutable<z.infer<typeof eventSchema>>;

const failureSchema = z.object({ error: z.object({ class: z.string(), desc: z.string() }) });
const successSchema = z.object({ return: z.unknown() });
type Reply = z.infer<typeof failureSchema | typeof successSchema>;

/** A line of QEMU's: an event, the answer to a command, or the greeting. */
const lineSchema = z.union([eventSchema, failureSchema, successSchema, z.object({ QMP: z.unknown() })]);

/** A connection to QEMU's machine protocol. One command at a time is enough here. */
export class Qmp {
  readonly #socket: Socket;
  readonly #waiting: ((reply: Reply | Error) => void)[] = [];
  #lost: Error | undefined;

  private constructor(socket: Socket, onEvent: (event: QmpEvent) => void) {
    this.#socket = socket;
    const lose = (why: Error): void => {
      this.#lost ??= why;
      for (const waiting of this.#waiting.splice(0)) waiting(this.#lost);
    };
    const lost = (): void => {
      lose(new Error('QEMU closed its control socket'));
    };
    // readline says a stream's error again, and an error that nobody takes ends the process.
    const lines = createInterface({ input: socket });
    lines.on('error', lost).on('line', (line) => {
      try {
        const message = parseJson(lineSchema, line);
        if ('event' in message) onEvent(message);
        else if ('error' in message || 'return' in message) this.#waiting.shift()?.(message);
      } catch (error) {
        if (!(error instanceof JsonError)) throw error;
        lose(error);
        socket.destroy();
      }
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
    if ('error' in reply) throw new LabError(`QEMU refused ${command}: ${reply.error.desc}`);
    return reply.return;
  }

  /** Runs a command without parameters whose answer has this shape; rejects when it has another. */
  async ask<T>(command: string, answer: z.ZodType<T>): Promise<T> {
    const returned = await this.execute(command);
    try {
      return matchShape(answer, returned);
    } catch (cause) {
      throw new LabError(`QEMU answered ${command} in a way that is not known here`, { cause });
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}
