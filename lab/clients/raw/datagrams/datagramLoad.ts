/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices into the typed arrays are in range by construction */
import type { DatagramRequests } from '../../../../src/contracts/agents/load.js';
import type { FlowFate } from '../../../../src/contracts/words/flowFates.js';
import type { FlowReport, FlowSecond } from '../../../../src/evidence/model/flowTypes.js';
import { answerIn, requestText } from '../../udp/dialogue.js';
import { Addressing } from '../flows/addressing.js';
import { Arrivals } from '../flows/arrivals.js';
import { FlowOpener } from '../flows/flowOpener.js';
import { TimerWheel, type Expired } from '../flows/timerWheel.js';
import { flowReport, flowTotals } from '../measure/flowAccount.js';
import { Latencies } from '../measure/latencies.js';
import { FateTally, NumberDigest } from '../measure/report.js';
import { Traffic } from '../measure/traffic.js';
import type { FlowLoad, FlowLoadOptions, SocketCounts } from '../packet/contracts.js';
import { DatagramFrames, DatagramHeader } from '../packet/datagramFrames.js';
import { FrameKind } from '../packet/packet.js';
import { protocolUdp } from '../packet/parseDatagram.js';
import { ClientCounters } from './clientCounters.js';
import { ClientSteps } from './clientSteps.js';
import { ClientTable, Stage } from './clientTable.js';
import { LastReplies } from './lastReplies.js';
import { NodeNumbers } from './nodeNumbers.js';

/** Makes the load of UDP that a profile describes. Throws RangeError for a profile that is impossible. */
export function makeDatagramLoad(options: FlowLoadOptions, asking: DatagramRequests): FlowLoad {
  return new DatagramLoad(options, asking);
}

/** All clients of one profile: each flow is a client with a port of its own. */
class DatagramLoad implements FlowLoad {
  readonly #options: FlowLoadOptions;
  readonly #asking: DatagramRequests;
  readonly #addressing: Addressing;
  readonly #table: ClientTable;
  readonly #timers: TimerWheel;
  readonly #latencies = new Latencies();
  readonly #traffic = new Traffic();
  readonly #nodes = new NodeNumbers();
  readonly #counters: ClientCounters;
  readonly #steps: ClientSteps;
  readonly #opener: FlowOpener;
  readonly #arrivals: Arrivals;
  readonly #frames: DatagramFrames;
  readonly #header = new DatagramHeader();
  readonly #expired: Expired = (client, now) => {
    this.#steps.elapsed(client, now);
  };

  constructor(options: FlowLoadOptions, asking: DatagramRequests) {
    const { profile, outbox, macs, now } = options;
    const { flows } = profile;
    this.#options = options;
    this.#asking = asking;
    const addressing = new Addressing(profile);
    const table = new ClientTable(flows.count, asking.requests);
    const counters = new ClientCounters(table, this.#latencies);
    this.#addressing = addressing;
    this.#table = table;
    this.#counters = counters;
    this.#timers = new TimerWheel(flows.count, now);
    this.#frames = new DatagramFrames(outbox, macs, addressing.service, addressing.sources);
    const steps = new ClientSteps(asking, {
      ...{ table, counters, timers: this.#timers, nodes: this.#nodes },
      send: (client, sequence) => {
        this.#send(client, sequence);
      },
    });
    this.#steps = steps;
    const openable = {
      get inProgress() {
        return counters.inProgress;
      },
      open: (client: number, at: number) => {
        steps.open(client, at);
      },
    };
    this.#opener = new FlowOpener(flows, openable, now);
    this.#arrivals = new Arrivals(
      { kind: FrameKind.datagram, protocol: protocolUdp },
      { addressing, traffic: this.#traffic },
      (client) => table.stage[client] !== Stage.unopened,
    );
  }

  get allOpened(): boolean {
    return this.#opener.allOpened;
  }

  get areConnected(): boolean {
    return this.allOpened && this.#counters.silent === 0;
  }

  get isQuiet(): boolean {
    return this.isOver;
  }

  get isOver(): boolean {
    return this.allOpened && this.#counters.inProgress === 0;
  }

  receive(bytes: Buffer, offset: number, length: number, now: number): void {
    const client = this.#arrivals.take(bytes, offset, length);
    // An error is counted, and the client goes on waiting, as one with a socket does.
    if (client < 0 || this.#arrivals.isError) return;
    const { packet } = this.#arrivals;
    const text = packet.bytes.toString('latin1', packet.payloadAt, packet.payloadAt + packet.payloadKept);
    const answer = answerIn(text);
    const isItsOwn = answer?.id === idOf(client) && this.#steps.receive(client, answer, now);
    if (!isItsOwn) this.#traffic.unreadable += 1;
  }

  tick(now: number): void {
    this.#timers.turn(now, this.#expired);
    this.#opener.open(now);
  }

  second(_now: number, at: number): FlowSecond {
    return {
      at,
      ...this.#totals(),
      inProgress: this.#counters.inProgress,
      stuck: this.#counters.unanswered,
      ...this.#latencies.recent(),
    };
  }

  finish(_now: number, at: number, ended: FlowReport['ended'], counts: SocketCounts): FlowReport {
    const tally = new FateTally([this.#asking.as]);
    const last = new LastReplies(this.#nodes.names);
    for (let client = 0; client < this.#counters.progress.opened; client += 1) {
      const fate = this.#fateOf(client);
      tally.count(fate, this.#asking.as, () => ({
        client: this.#addressing.nameOf(client),
        step: `request ${this.#table.asked[client]!}`,
        retransmissions: 0,
      }));
      if (fate === 'answered') {
        const seconds = this.#options.at + (this.#table.lastAt[client]! - this.#options.now) / 1000;
        last.count(this.#table.lastBy[client]!, this.#addressing.servicePortOf(client), Math.floor(seconds));
      }
    }
    const account = {
      totals: this.#totals(),
      latencies: this.#latencies.total(),
      tally,
      unreadable: this.#traffic.unreadable,
      openings: this.#openingsDigest(),
      completedAt: this.#opener.completedAt,
      tableBytes: this.#table.bytes + this.#timers.bytes,
    };
    return { ...flowReport(this.#options, account, { at, ended, counts }), lastReplies: last.all() };
  }

  #send(client: number, sequence: number): void {
    const header = this.#header;
    header.source = this.#addressing.sourceOf(client);
    header.sourcePort = this.#addressing.portOf(client);
    header.destinationPort = this.#addressing.servicePortOf(client);
    header.identification = sequence;
    this.#traffic.sent += 1;
    this.#frames.write(header, requestText(idOf(client), sequence, this.#asking));
  }

  #totals() {
    return flowTotals(this.#counters.progress, this.#traffic);
  }

  #fateOf(client: number): FlowFate {
    if (this.#table.stage[client] !== Stage.over) return 'unfinished';
    return this.#steps.isComplete(client) ? 'answered' : 'unanswered';
  }

  /** SHA-256 over where each flow's first request came from and went to. Addresses are left out, because they differ from run to run. */
  #openingsDigest(): string {
    const digest = new NumberDigest();
    for (let client = 0; client < this.#counters.progress.opened; client += 1) {
      digest.add(this.#addressing.sourceOf(client));
      digest.add((this.#addressing.portOf(client) << 16) | this.#addressing.servicePortOf(client));
    }
    return digest.end();
  }
}

/** A client's word for itself. */
function idOf(client: number): string {
  return `f${client}`;
}
