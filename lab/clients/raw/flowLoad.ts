import type { FlowReport, FlowSecond } from '../../../src/evidence/model/flowTypes.js';
import type { FlowLoad, FlowLoadOptions, MakeFlowLoad, SocketCounts } from './packet/contracts.js';
import { Latencies } from './measure/latencies.js';
import { flowReport, flowTotals } from './measure/flowAccount.js';
import { FateTally, NumberDigest } from './measure/report.js';
import { Traffic } from './measure/traffic.js';
import { SegmentFrames } from './packet/segmentFrames.js';
import { FrameKind } from './packet/packet.js';
import { protocolTcp } from './packet/parseIcmp.js';
import { Addressing } from './flows/addressing.js';
import { Arrivals } from './flows/arrivals.js';
import { TimerPolicy } from './tcp/timerPolicy.js';
import { fateOf } from './flows/fates.js';
import { FlowState, FlowTable } from './flows/flowTable.js';
import { FlowTimers } from './flows/flowTimers.js';
import { FlowCounters } from './flows/flowCounters.js';
import { FlowOpener } from './flows/flowOpener.js';
import { Choice } from './tcp/choice.js';
import { Pacing } from './tcp/pacing.js';
import { Op, FlowProgram } from './flows/flowProgram.js';
import { firstSequence } from './flows/random.js';
import { Receiving } from './tcp/receiving.js';
import { ReplyReader } from '../http/replyReader.js';
import { Segments } from './tcp/segments.js';
import { Sending } from './tcp/sending.js';
import { FlowSteps } from './tcp/flowSteps.js';
import { Timeouts } from './tcp/timeouts.js';

/** Makes the load of TCP that a profile describes. Throws RangeError for a profile that is impossible. */
export const makeFlowLoad: MakeFlowLoad = (options) => new RawLoad(options);

/** All flows of one profile. */
class RawLoad implements FlowLoad {
  readonly #options: FlowLoadOptions;
  readonly #addressing: Addressing;
  readonly #programs: readonly FlowProgram[];
  readonly #table: FlowTable;
  readonly #latencies = new Latencies();
  readonly #traffic = new Traffic();
  readonly #arrivals: Arrivals;
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
    const frames = new SegmentFrames(outbox, macs, this.#addressing.service, this.#addressing.sources);
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
    const choice = new Choice(flows);
    const openable = {
      get inProgress() {
        return flowCounters.inProgress;
      },
      open: (flow: number, at: number) => {
        table.program[flow] = choice.of(flow);
        flowSteps.open(flow, at);
      },
    };
    this.#opener = new FlowOpener(flows, openable, now);
    this.#arrivals = new Arrivals(
      { kind: FrameKind.segment, protocol: protocolTcp },
      { addressing, traffic },
      (flow) => table.state[flow] !== FlowState.unopened,
    );
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
    const flow = this.#arrivals.take(bytes, offset, length);
    if (flow < 0) return;
    const { packet, isError } = this.#arrivals;
    if (isError) this.#receiving.icmpError(flow, packet);
    else this.#receiving.segment(flow, packet, now);
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
    const account = {
      totals: this.#totals(),
      latencies: this.#latencies.total(),
      tally: this.#tally(now),
      unreadable: this.#traffic.unreadable,
      openings: this.#openingsDigest(),
      completedAt: this.#opener.completedAt,
      tableBytes: this.#tableBytes,
    };
    return flowReport(this.#options, account, { at, ended, counts });
  }

  #totals() {
    return flowTotals(this.#flowCounters.progress, this.#traffic);
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
