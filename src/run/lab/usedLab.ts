import type { Engine, Lab } from '../../engine/port/port.js';
import type { LabShape, Plan } from '../../scenario/model/planTypes.js';
import { LabError } from '../../support/errors.js';
import type { Scope } from '../../support/scope.js';
import { withDeadline } from '../../support/wait.js';
import { LoadAgent } from '../agents/loadAgent.js';
import { Recordings } from '../recording/recordings.js';

const agentSeconds = 60;

/** A lab, its load agent, and the recordings that have been started in it. */
export class UsedLab implements AsyncDisposable {
  readonly recordings = new Recordings();
  /** The plan whose addresses, routes and services the nodes have been given; undefined: they have none yet. */
  setUpFor: Plan | undefined;

  private constructor(
    readonly lab: Lab,
    readonly agent: LoadAgent,
  ) {}

  static async create(engine: Engine, shape: LabShape): Promise<UsedLab> {
    const lab = await engine.createLab(shape);
    try {
      const client = lab.nodes.find(({ role }) => role === 'client');
      if (client === undefined) throw new LabError(`the lab ${shape.key} has no client`);
      const agent = withDeadline('the start of the load agent', LoadAgent.start(client), agentSeconds, {
        pace: client.pace,
      });
      return new UsedLab(lab, await Promise.race([agent, lab.lost]));
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
