import type { Conversation, Step } from '../../../../src/contracts/agents/conversation.js';
import { requestsOf } from '../../http/requests.js';
import { sumOf } from '../packet/checksum.js';
import type { Payload } from '../packet/segmentFrames.js';

/** What a flow does at one step. */
export const enum Op {
  open = 0,
  send = 1,
  expectReply = 2,
  expectFin = 3,
  expectAcked = 4,
  wait = 5,
  /** Closes by FIN, whether the conversation then goes on (half-close) or not. */
  close = 6,
  abort = 7,
  reopen = 8,
  hold = 9,
  /** Stands after the last step of a conversation that has closed: only TCP itself may still have work. */
  end = 10,
}

/** A request at its place in the connection's stream; positions count from the stream's first byte. */
export interface StreamedRequest extends Payload {
  readonly start: number;
  readonly end: number;
  /** Body bytes per second; 0: as fast as possible. */
  readonly rate: number;
}

/** One step as the engine runs it. */
interface Instruction {
  readonly op: number;
  /** The step's name in reports. */
  readonly label: string;
  readonly milliseconds: number;
  /** For a close: the client's FIN also acknowledges the server's FIN. */
  readonly isRiding: boolean;
}

const mostInstructions = 255;
/** The longest stream in bytes, because positions in it are signed 32-bit numbers. */
const longestStream = 2 ** 31 - 2 ** 16;

/** A conversation prepared for the engine: what to do at each step, and what the client's stream contains by then. */
export class FlowProgram {
  readonly name: string;
  readonly ops: Uint8Array;
  readonly labels: readonly string[];
  readonly milliseconds: Float64Array;
  readonly isRiding: Uint8Array;
  readonly requests: readonly StreamedRequest[];
  /** Index of the last request that has been made by this step. */
  readonly requestAt: Int16Array;
  /** Length of the connection's stream in bytes, including this step's request. */
  readonly streamEnd: Int32Array;
  /** How many requests have been made on this connection that are answered. */
  readonly requestCount: Uint8Array;
  /** 1 from the step on after which the flow is not opened again, else 0. */
  readonly isFinal: Uint8Array;

  /**
   * `host` is the VIP, which the requests name. The order of the steps has been checked (src/contracts/agents/stepOrder.ts). Throws
   * RangeError when the stream is too long.
   */
  constructor({ name, steps }: Conversation, host: string) {
    const instructions = instructionsOf(name, steps);
    const { length } = instructions;
    const sends = steps.flatMap((step, index) =>
      step.do === 'send' ? [{ ...step, halfCloses: isClosedBehind(steps, index) }] : [],
    );
    this.name = name;
    this.ops = Uint8Array.from(instructions, ({ op }) => op);
    this.labels = instructions.map(({ label }) => label);
    this.milliseconds = Float64Array.from(instructions, ({ milliseconds }) => milliseconds);
    this.isRiding = Uint8Array.from(instructions, ({ isRiding }) => Number(isRiding));
    this.requestAt = new Int16Array(length);
    this.streamEnd = new Int32Array(length);
    this.requestCount = new Uint8Array(length);
    this.isFinal = new Uint8Array(length);
    const requests: StreamedRequest[] = [];
    let end = 0;
    let count = 0;
    instructions.forEach(({ op }, index) => {
      const send = op === Op.send ? sends[requests.length] : undefined;
      if (send !== undefined) {
        const request = streamed(send, host, end);
        requests.push(request);
        end = request.end;
        if (send.reply !== false) count += 1;
      }
      if (op === Op.open) {
        end = 0;
        count = 0;
      }
      if (end > longestStream) {
        throw new RangeError(
          `${name}: expected at most ${longestStream} bytes to send on a connection, found ${end}`,
        );
      }
      this.requestAt[index] = requests.length - 1;
      this.streamEnd[index] = end;
      this.requestCount[index] = count;
    });
    const lastReopen = this.ops.lastIndexOf(Op.reopen);
    this.isFinal.fill(1, lastReopen + 1);
    this.requests = requests;
  }
}

type Send = Extract<Step, { do: 'send' }> & {
  /** Whether the client's FIN has to leave before the reply arrives. */
  readonly halfCloses: boolean;
};

/** Whether the client closes by FIN right after the request at this place, without waiting for its reply. */
function isClosedBehind(steps: readonly Step[], send: number): boolean {
  const next = steps.slice(send + 1).find((step) => step.do !== 'expect' || step.what !== 'acked');
  return next?.do === 'close' && next.how !== 'rst';
}

function streamed(send: Send, host: string, start: number): StreamedRequest {
  const { upload, download, rate, think, reply } = send;
  const pattern = { requests: 1, upload, download, rate, idle: 0, think, reply };
  const first = send.then === 'close' ? 'server' : 'client';
  const [request] = requestsOf(host, pattern, { first, how: send.halfCloses ? 'half-close' : 'fin' });
  const head = Buffer.from(request?.head ?? '', 'latin1');
  const length = head.length + upload;
  return {
    head,
    headSum: sumOf(head, 0, head.length),
    length,
    start,
    end: start + length,
    // A download's rate is the server's business.
    rate: upload > 0 ? rate : 0,
  };
}

function instructionsOf(name: string, steps: readonly Step[]): Instruction[] {
  const last = steps.at(-1);
  const isHeld = last?.do === 'hold';
  const instructions = (isHeld ? steps.slice(0, -1) : steps).flatMap((step) =>
    opsOf(step).map((op) => ({
      op,
      label: labelOf(step),
      milliseconds: step.do === 'wait' ? step.seconds * 1000 : 0,
      isRiding: step.do === 'close' && step.ack === 'riding',
    })),
  );
  // A connection that nobody closes is held, also without the word; one that was closed has nothing to be held.
  const isClosed = closesOf(steps).length > 0;
  instructions.push({
    op: isClosed ? Op.end : Op.hold,
    label: labelOf(last),
    milliseconds: 0,
    isRiding: false,
  });
  if (instructions.length > mostInstructions) {
    throw new RangeError(`${name}: expected at most ${mostInstructions - 1} steps, found ${steps.length}`);
  }
  return instructions;
}

/** The operations of one step. `hold` has none: the end of the program says what follows the last step. */
function opsOf(step: Step): number[] {
  switch (step.do) {
    case 'open':
      return [Op.open];
    case 'send':
      return [Op.send];
    case 'expect':
      return [{ reply: Op.expectReply, fin: Op.expectFin, acked: Op.expectAcked }[step.what]];
    case 'wait':
      return [Op.wait];
    case 'close':
      return [step.how === 'rst' ? Op.abort : Op.close];
    case 'reopen':
      return [Op.reopen, Op.open];
    case 'hold':
      return [];
  }
}

/** How the last connection of these steps is closed. */
function closesOf(steps: readonly Step[]): string[] {
  const last = steps.slice(steps.findLastIndex((step) => step.do === 'reopen') + 1);
  return last.flatMap((step) => (step.do === 'close' ? [step.how] : []));
}

function labelOf(step: Step | undefined): string {
  if (step?.do === 'expect') return `expect ${step.what}`;
  if (step?.do === 'wait') return `wait ${step.seconds}s`;
  if (step?.do === 'close') return `close ${step.how}`;
  return step?.do ?? '';
}
