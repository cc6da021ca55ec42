import type { FlowReport, FlowSecond } from '../../../src/evidence/model/flowTypes.js';
import type { FlowLoad, FlowLoadOptions, MakeFlowLoad, SocketCounts } from './packet/contracts.js';
import { Latencies } from './measure/latencies.js';
import { FateTally, NumberDigest } from './measure/report.js';
import { Traffic } from './measure/traffic.js';
import { Frames } from './packet/frames.js';
import { FrameKind, Packet } from './packet/packet.js';
import { parseFrame } from './packet/parseFrame.js';
import { Addressing, noFlow, noSource } from './flows/addressing.js';
import { TimerPolicy } from './tcp/timerPolicy.js';
import { fateOf } from './flows/fates.js';
import { FlowState, FlowTable } from './flows/flowTable.js';
import { FlowTimers } from './flows/flowTimers.js';
import { FlowCounters } from './flows/flowCounters.js';
import { FlowOpener } from './tcp/flowOpener.js';
import { Pacing } from './tcp/pacing.js';
import { Op, FlowProgram } from './flows/flowProgram.js';
import { firstSequence } from './flows/random.js';
import { Receiving } from './tcp/receiving.js';
import { ReplyReader } from '../http/replyReader.js';
import { Segments } from './tcp/segments.js';
import { Sending } from './tcp/sending.js';
import { FlowSteps } from './tcp/flowSteps.js';
import { Timeouts } from './tcp/timeouts.js';

/** Makes the load that a profile describes. Throws RangeError for a profile that is impossible. */
export const makeFlowLoad: MakeFlowLoad = (options) => new RawLoad(options);

/** All flows of one profile. */
class RawLoad implements FlowLoad {
  readonly #options: FlowLoadOptions;
  readonly #addressing: Addressing;
  readonly #programs: readonly FlowProgram[];
  readonly #table: FlowTable;
  readonly #latencies = new Latencies();
  readonly #traffic = new Traffic();
  readonly #packet = new Packet();
  readonly #flowCounters: FlowCounters;
  readonly #receiving: Receiving;
  readonly #opener: FlowOpener;
  readonly #turnTimers: (now: number) => void;
  readonly #tableBytes: number;

  constructor(options: FlowLoadOptions) {
    const { profile, outbox, macs, now } = options;
    const { flows } = profile;
    this.#options = options;
    this.#addressing = new Addressing(profile);
    const programs = flows.mix.map(({ conversation }) => new FlowProgram(conversation, profile.vip));
    const table = new FlowTable(flows.count);
    const waits = programs.some(({ ops }) => ops.includes(Op.wait));
    const rates = programs.some(({ requests }) => requests.some(({ rate }) => rate > 0));
    const timers = new FlowTimers(table, { waits, rates }, now);
    const pacing = rates ? new Pacing(flows.count) : undefined;
    const flowCounters = new FlowCounters(table, programs, this.#latencies);
    const traffic = this.#traffic;
    const frames = new Frames(outbox, macs, this.#addressing.service, this.#addressing.sources);
    const addressing = this.#addressing;
    const segments = new Segments({ table, addressing, frames, traffic }, profile.mss);
    const sending = new Sending({ table, programs, segments, flowCounters }, traffic, timers, pacing);
    const timerPolicy = new TimerPolicy(table, programs, sending, timers);
    const replies = new ReplyReader(table);
    const common = { table, segments, sending, timerPolicy, flowCounters };
    const flowSteps = new FlowSteps({ ...common, programs, replies, timers }, flows.seed);
    const timeouts = new Timeouts({ ...common, timers, flowSteps, traffic }, flows.retries);
    this.#programs = programs;
    this.#table = table;
    this.#flowCounters = flowCounters;
    this.#receiving = new Receiving(
      { ...common, replies, flowSteps },
      profile.mss,
      profile.family === 'ipv4',
    );
    this.#opener = new FlowOpener(flows, { table, flowCounters, flowSteps }, now);
    this.#turnTimers = timers.expiring(timeouts);
    this.#tableBytes = table.bytes + timers.bytes + (pacing?.bytes ?? 0);
  }

  get allOpened(): boolean {
    return this.#opener.allOpened;
  }

  get areConnected(): boolean {
    return this.allOpened && this.#flowCounters.unanswered <= this.#flowCounters.stuck;
  }

  get isQuiet(): boolean {
    return this.allOpened && this.#flowCounters.busy === 0;
  }

  get isOver(): boolean {
    return this.allOpened && this.#flowCounters.alive === 0;
  }

  receive(bytes: Buffer, offset: number, length: number, now: number): void {
    const packet = this.#packet;
    switch (parseFrame(packet, bytes, offset, length)) {
      case FrameKind.segment:
        this.#receiveSegment(now);
        return;
      case FrameKind.icmpError:
        this.#receiveIcmpError();
        return;
      case FrameKind.malformed:
        this.#traffic.unreadable += 1;
        return;
      case FrameKind.other:
        return;
    }
  }

  tick(now: number): void {
    this.#turnTimers(now);
    this.#opener.open(now);
  }

  second(_now: number, at: number): FlowSecond {
    return {
      at,
      ...this.#totals(),
      inProgress: this.#flowCounters.inProgress,
      stuck: this.#flowCounters.stuck,
      ...this.#latencies.recent(),
    };
  }

  finish(now: number, at: number, ended: FlowReport['ended'], counts: SocketCounts): FlowReport {
    const { profile, now: start, at: startedAt } = this.#options;
    const openedAt = this.#opener.completedAt;
    const { user, system } = process.cpuUsage();
    const tally = this.#tally(now);
    return {
      requested: profile.flows.count,
      seed: profile.flows.seed,
      startedAt,
      openedAt: openedAt === undefined ? undefined : startedAt + (openedAt - start) / 1000,
      finishedAt: at,
      ended,
      ...this.#totals(),
      ...this.#latencies.total(),
      fates: tally.all,
      byConversation: tally.byConversation,
      examples: tally.examples,
      sendErrors: counts.sendErrors,
      receiveDrops: counts.receiveDrops,
      unreadable: this.#traffic.unreadable,
      openings: this.#openingsDigest(),
      memory: { residentBytes: process.memoryUsage.rss(), tableBytes: this.#tableBytes },
      cpuSeconds: (user + system) / 1_000_000,
    };
  }

  #receiveSegment(now: number): void {
    const packet = this.#packet;
    const { bytes, addressBytes, destinationAt, destinationPort } = packet;
    const flow = this.#addressing.flowOf(bytes, destinationAt, addressBytes, destinationPort);
    if (flow === noSource) return;
    if (!this.#isOpened(flow) || !this.#addressing.isFromPeer(flow, packet)) {
      this.#traffic.unreadable += 1;
      return;
    }
    this.#traffic.received += 1;
    this.#receiving.segment(flow, packet, now);
  }

  #receiveIcmpError(): void {
    const packet = this.#packet;
    const { bytes, addressBytes, sourceAt, sourcePort } = packet;
    const flow = this.#addressing.flowOf(bytes, sourceAt, addressBytes, sourcePort);
    if (flow === noSource) return;
    if (!this.#isOpened(flow) || !this.#addressing.isForPeer(flow, packet)) {
      this.#traffic.unreadable += 1;
      return;
    }
    this.#traffic.received += 1;
    this.#traffic.countIcmp(packet.icmpType, packet.icmpCode);
    this.#receiving.icmpError(flow, packet);
  }

  #isOpened(flow: number): boolean {
    return flow !== noFlow && this.#table.state[flow] !== FlowState.unopened;
  }

  #totals() {
    const { sent, received, retransmitted, finsSent, rstsSent } = this.#traffic;
    const icmp = this.#traffic.icmp();
    return { ...this.#flowCounters.progress, sent, received, retransmitted, finsSent, rstsSent, icmp };
  }

  #tally(now: number): FateTally {
    const tally = new FateTally(this.#programs.map(({ name }) => name));
    const table = this.#table;
    for (let flow = 0; flow < this.#flowCounters.progress.opened; flow += 1) {
      const program = this.#programs[table.program[flow] ?? 0];
      if (program === undefined) continue;
      tally.count(fateOf(table, this.#programs, flow, now), program.name, () => ({
        client: this.#addressing.nameOf(flow),
        step: program.labels[table.step[flow] ?? 0] ?? '',
        retransmissions: table.retransmissions[flow] ?? 0,
      }));
    }
    return tally;
  }

  /** SHA-256 over every flow's SYN. Addresses are left out, because they differ from run to run. */
  #openingsDigest(): string {
    const digest = new NumberDigest();
    const { seed } = this.#options.profile.flows;
    for (let flow = 0; flow < this.#flowCounters.progress.opened; flow += 1) {
      digest.add(this.#addressing.sourceOf(flow));
      digest.add((this.#addressing.portOf(flow) << 16) | this.#addressing.servicePortOf(flow));
      digest.add(firstSequence(seed, flow));
      digest.add(this.#table.program[flow] ?? 0);
      digest.add(this.#options.profile.mss);
    }
    return digest.end();
  }
}
