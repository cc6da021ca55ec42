/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices into the typed arrays are in range by construction */
import type { DatagramRequests } from '../../../../src/contracts/agents/load.js';
import { pushesOf, type DatagramAnswer } from '../../udp/dialogue.js';
import type { TimerWheel } from '../flows/timerWheel.js';
import type { ClientCounters } from './clientCounters.js';
import { Stage, type ClientTable } from './clientTable.js';
import type { NodeNumbers } from './nodeNumbers.js';

interface ClientStepsParts {
  readonly table: ClientTable;
  readonly counters: ClientCounters;
  readonly timers: Pick<TimerWheel, 'set' | 'cancel'>;
  readonly nodes: NodeNumbers;
  /** Sends a request. */
  readonly send: (client: number, sequence: number) => void;
}

const second = 1000;

/** Takes clients of UDP through their requests, as the kernel sockets' clients go (lab/clients/kernel/datagrams). */
export class ClientSteps {
  readonly #asking: DatagramRequests;
  readonly #parts: ClientStepsParts;
  readonly #table: ClientTable;
  readonly #wanted: number;

  constructor(asking: DatagramRequests, parts: ClientStepsParts) {
    this.#asking = asking;
    this.#parts = parts;
    this.#table = parts.table;
    this.#wanted = pushesOf(asking) * asking.requests;
  }

  /** Sends the client's first request. */
  open(client: number, now: number): void {
    this.#table.openedAt[client] = now;
    this.#parts.counters.opened();
    this.#ask(client, now);
  }

  /** Whether every request was answered, and all came that the realserver sends of its own. */
  isComplete(client: number): boolean {
    return (
      this.#table.answered[client] === this.#asking.requests && this.#table.pushed[client]! >= this.#wanted
    );
  }

  /** Takes what came for a client that has been opened; false: it answers nothing that was asked. */
  receive(client: number, { kind, sequence, by }: DatagramAnswer, now: number): boolean {
    const table = this.#table;
    if (sequence < 1 || sequence > table.asked[client]!) return false;
    // Its socket would be closed.
    if (table.stage[client] === Stage.over) return true;
    if (kind === 'push') {
      table.pushed[client]! += 1;
    } else {
      if (table.noteReply(client, sequence) && table.answered[client] === 1)
        this.#parts.counters.firstReply(client, now);
      table.lastBy[client] = this.#parts.nodes.of(by);
      table.lastAt[client] = now;
    }
    this.#heard(client, now);
    return true;
  }

  /** The client's time is up. */
  elapsed(client: number, now: number): void {
    const stage = this.#table.stage[client];
    if (stage === Stage.pausing) {
      this.#ask(client, now);
    } else if (stage === Stage.listening) {
      this.#parts.counters.waitedInVain(client);
      this.#goOn(client, now);
    } else if (stage === Stage.finishing) {
      this.#end(client);
    }
  }

  #heard(client: number, now: number): void {
    const { stage, asked } = this.#table;
    if (stage[client] === Stage.listening && this.#table.hasReply(client, asked[client]!)) {
      this.#parts.timers.cancel(client);
      this.#goOn(client, now);
    } else if (stage[client] === Stage.finishing && this.isComplete(client)) {
      this.#parts.timers.cancel(client);
      this.#end(client);
    }
  }

  #ask(client: number, now: number): void {
    const sequence = this.#table.asked[client]! + 1;
    this.#table.asked[client] = sequence;
    this.#parts.send(client, sequence);
    // The kernel sockets' clients hear of a stream's first reply before they send on, too.
    if (this.#asking.as === 'dns' || sequence === 1)
      this.#wait(client, Stage.listening, now + this.#patience);
    else this.#goOn(client, now);
  }

  /** What follows a request that was answered, or waited for, or is not waited for. */
  #goOn(client: number, now: number): void {
    const { as, requests, pause, idle } = this.#asking;
    const asked = this.#table.asked[client]!;
    if (asked === requests) {
      if (as === 'dns' || this.isComplete(client)) this.#end(client);
      else this.#wait(client, Stage.finishing, now + this.#patience);
      return;
    }
    const silence = asked + 1 === requests ? Math.max(pause, idle) : pause;
    if (silence === 0) this.#ask(client, now);
    else this.#wait(client, Stage.pausing, now + silence * second);
  }

  get #patience(): number {
    return this.#asking.wait * second;
  }

  #wait(client: number, stage: Stage, until: number): void {
    this.#table.stage[client] = stage;
    this.#parts.timers.set(client, until);
  }

  #end(client: number): void {
    this.#table.stage[client] = Stage.over;
    this.#parts.counters.over(this.isComplete(client));
  }
}
