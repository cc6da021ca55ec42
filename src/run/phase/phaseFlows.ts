import type { FlowsRecord } from '../../evidence/model/phase.js';
import type { Flows } from '../../contracts/agents/flowProfile.js';
import type { Phase } from '../../contracts/words/phases.js';
import path from 'node:path';
import type { SampleBlock } from '../../evidence/streams/samples.js';
import { hasTimedEvents } from '../../scenario/plan/planEvents.js';
import type { Emit } from '../model/labEvents.js';
import { waitAtMost } from '../../support/wait.js';
import { FlowAgent } from '../agents/flowAgent.js';
import { profileForAgent } from './profileForAgent.js';
import { FlowWatch } from '../agents/flowWatch.js';
import { nodeNamed, type PlannedLab } from '../lab/plannedLab.js';
import { TallyWatch } from '../agents/tallyWatch.js';

interface FlowsOf {
  /** The job's name. */
  readonly scenario: string;
  /** The phase's folder. */
  readonly directory: string;
  readonly emit: Emit;
}

/**
 * Seconds to wait for the last counts: under emulation a director takes several seconds to read a table of 40,000 entries, and then rests
 * ten times as long.
 */
const tallySeconds = 120;
/** How many times longer than asked for a busy machine may take to open flows, and the seconds that are added. */
const patience = 4;
const spareSeconds = 60;

/** The raw-socket load of a phase, if the plan has one. */
export class PhaseFlows {
  readonly #tallies: TallyWatch;
  readonly #watch = new FlowWatch();
  #agent: FlowAgent | undefined;

  constructor(
    private readonly lab: PlannedLab,
    private readonly phase: Phase,
    private readonly of: FlowsOf,
  ) {
    this.#tallies = new TallyWatch(lab.plan);
  }

  /** Takes the next block of a sampler. */
  feed(node: string, block: SampleBlock): void {
    this.#tallies.feed(node, block);
  }

  /** Throws LabError when the load has ended although nobody told it to. */
  check(): void {
    this.#agent?.check();
  }

  /**
   * Runs `work` while the flows are open: after all have been opened or, if the measured phase has timed events, as soon as they are
   * connected. Then waits for the flows to come to rest, counts once more what they left on the nodes, and stops them. Also stops them when
   * `work` fails. Gives the result of `work`, with a record of the flows where there are any.
   */
  async during<Done extends object>(
    check: () => void,
    work: () => Promise<Done>,
  ): Promise<Done & { readonly flows?: FlowsRecord }> {
    const { plan } = this.lab;
    const { flows, deadlines } = plan;
    if (flows === undefined) return work();
    const profile = await profileForAgent(
      this.lab,
      flows.profiles[this.phase === 'control' ? 'control' : 'measured'],
    );
    const { scenario, directory, emit } = this.of;
    const agent = await FlowAgent.start({
      client: nodeNamed(this.lab, 'client').node,
      command: flows.command,
      profile,
      file: path.join(directory, 'flows.jsonl'),
      onSecond: (second) => {
        const requested = profile.flows.count;
        this.#watch.feed(second);
        emit({ type: 'flows', scenario, phase: this.phase, requested, second });
      },
    });
    this.#agent = agent;
    try {
      const startedAt = now();
      const moment = this.phase !== 'control' && hasTimedEvents(plan) ? 'connected' : 'opened';
      await agent.reached(moment, Math.max(deadlines.drive, openSeconds(profile.flows)));
      const openedAt = now();
      const done = await work();
      const atRest = await this.#atRest(check);
      const counted = await this.#tallies.again(tallySeconds, check);
      await agent.stop();
      return { ...done, flows: { startedAt, openedAt, atRest, counted, stoppedAt: now() } };
    } finally {
      agent.abandon();
    }
  }

  /** Whether the flows came to rest in time. They may send something only seconds after an event has freed them. */
  async #atRest(check: () => void): Promise<boolean> {
    const { quiet, settle } = this.lab.plan.deadlines;
    const look = (): true | undefined => {
      check();
      return this.#watch.isAtRest(quiet) || undefined;
    };
    return (await waitAtMost('the flows to come to rest', look, { seconds: settle, everyMs: 100 })) ?? false;
  }
}

function openSeconds({ count, rate, ramp }: Flows): number {
  return Math.ceil(patience * (count / rate + ramp)) + spareSeconds;
}

const now = (): string => new Date().toISOString();
