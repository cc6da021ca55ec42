import type { LabNetwork } from '../../contracts/words/network.js';
import type { Engine } from '../../engine/port/port.js';
import { makeShape } from '../../scenario/plan/shape.js';
import { chooseSubnet } from '../../scenario/network/subnet.js';
import type { LabShape } from '../../scenario/model/planTypes.js';
import type { Scenario } from '../../scenario/model/scenario.js';
import type { Emit } from '../model/labEvents.js';
import type { ProvenanceRecord } from './provenanceRecord.js';
import { SharedLab } from './sharedLab.js';

/** Makes the labs of one run: numbers them, and keeps two of them from taking the same network. */
export class LabFactory {
  #count = 0;
  /** Networks that have been chosen and may not be created yet. */
  readonly #chosen: string[] = [];

  constructor(
    private readonly engine: Engine,
    private readonly runId: string,
    private readonly emit: Emit,
    /** Records what labs are made of; left out when nobody wants to know. */
    private readonly provenance?: ProvenanceRecord,
  ) {}

  /** Starts making a lab of this scenario's shape; `name` is the lab's name in events. */
  make(scenario: Scenario): { readonly name: string; readonly made: Promise<SharedLab> } {
    this.#count += 1;
    const name = `lab ${String(this.#count)}`;
    return { name, made: this.#make(scenario, this.#count, name) };
  }

  async #make(scenario: Scenario, number: number, name: string): Promise<SharedLab> {
    const start = performance.now();
    this.emit({ type: 'lab-started', lab: name });
    const lab = await SharedLab.create(this.engine, await this.#shape(scenario, number));
    await this.provenance?.take(lab.lab);
    this.emit({ type: 'lab-ready', lab: name, seconds: (performance.now() - start) / 1000 });
    return lab;
  }

  /** The shape of a lab with its networks. They are chosen without a pause in between, so that labs made at the same time see each other's. */
  async #shape(scenario: Scenario, lab: number): Promise<LabShape> {
    const used = await this.engine.usedSubnets();
    const choose = (network: LabNetwork): string => {
      const fixed = network === 'lan' ? scenario.topology.subnet : undefined;
      const seed = { id: `${String(lab)}/${network}`, topology: { subnet: fixed } };
      const subnet = chooseSubnet(this.runId, [...used, ...(fixed === undefined ? this.#chosen : [])], seed);
      this.#chosen.push(subnet);
      return subnet;
    };
    return makeShape(scenario, {
      runId: this.runId,
      lab,
      subnets: { lan: choose('lan'), front: choose('front') },
    });
  }
}
