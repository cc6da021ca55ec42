import type { Engine, Lab } from '../../engine/port/port.js';
import type { LabShape, Plan } from '../../scenario/model/planTypes.js';
import { LabError } from '../../support/errors.js';
import type { Scope } from '../../support/scope.js';
import { withDeadline } from '../../support/wait.js';
import { LoadAgent } from '../agents/loadAgent.js';
import { Recordings } from '../recording/recordings.js';

const agentSeconds = 60;

/** A lab, its load agents, and the recordings that have been started in it. */
export class UsedLab implements AsyncDisposable {
  readonly recordings = new Recordings();
  /** The plan whose addresses, routes and services the nodes have been given; undefined: they have none yet. */
  setUpFor: Plan | undefined;

  private constructor(
    readonly lab: Lab,
    readonly agent: LoadAgent,
    /** The load agent on another node than the client; undefined: the shape has none. */
    readonly otherAgent: LoadAgent | undefined,
  ) {}

  static async create(engine: Engine, shape: LabShape): Promise<UsedLab> {
    const lab = await engine.createLab(shape);
    try {
      const programs = lab.nodes.filter(({ role }) => role === 'client');
      const agents = programs.map((node) =>
        withDeadline('the start of the load agent', LoadAgent.start(node), agentSeconds, { pace: node.pace }),
      );
      const [client, other] = await Promise.race([Promise.all(agents), lab.lost]);
      if (client === undefined) throw new LabError(`the lab ${shape.key} has no client`);
      return new UsedLab(lab, client, other);
    } catch (error) {
      await Promise.resolve(lab[Symbol.asyncDispose]()).catch(() => undefined);
      throw lab.withComplaint(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.lab[Symbol.asyncDispose]();
  }
}

/** Removes a lab when the scope closes, also one that is still being made then: that is waited for first. `what` is its name in messages. */
export function removeWith(scope: Scope, what: string, made: Promise<UsedLab>): void {
  scope.defer(what, async () => {
    const lab = await made.catch(() => undefined);
    await lab?.[Symbol.asyncDispose]();
  });
}
