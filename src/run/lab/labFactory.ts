import type { LabNetwork } from '../../contracts/words/network.js';
import type { Engine } from '../../engine/port/port.js';
import { makeShape } from '../../scenario/plan/shape.js';
import { chooseSubnet } from '../../scenario/network/subnet.js';
import type { LabShape } from '../../scenario/model/planTypes.js';
import type { Scenario } from '../../scenario/model/scenario.js';
import { UsedLab } from './usedLab.js';

/** Gives a scenario a lab of its shape, in which nobody has sent a packet; who gets it removes it. */
export interface LabSource {
  make(scenario: Scenario): Promise<UsedLab>;
}

/** Makes the labs of one run: numbers them, and keeps two of them from taking the same network. */
export class LabFactory implements LabSource {
  #count = 0;
  /** Networks that have been chosen and may not be created yet. */
  readonly #chosen: string[] = [];

  constructor(
    private readonly engine: Engine,
    private readonly runId: string,
  ) {}

  /** Makes a lab of this scenario's shape. */
  async make(scenario: Scenario): Promise<UsedLab> {
    this.#count += 1;
    return UsedLab.create(this.engine, await this.#shape(scenario, this.#count));
  }

  /** The shape of a lab with its networks. They are chosen without a pause in between, so that labs made at the same time see each other's. */
  async #shape(scenario: Scenario, number: number): Promise<LabShape> {
    const { sharedRunId } = this.engine;
    const used = await this.engine.usedSubnets();
    const [runId, lab, others] =
      sharedRunId === undefined ? [this.runId, number, this.#chosen] : [sharedRunId, 1, []];
    const choose = (network: LabNetwork): string => {
      const fixed = network === 'lan' ? scenario.topology.subnet : undefined;
      const seed = { id: `${String(lab)}/${network}`, topology: { subnet: fixed } };
      const subnet = chooseSubnet(runId, [...used, ...(fixed === undefined ? others : [])], seed);
      others.push(subnet);
      return subnet;
    };
    return makeShape(scenario, { runId, lab, subnets: { lan: choose('lan'), front: choose('front') } });
  }
}
