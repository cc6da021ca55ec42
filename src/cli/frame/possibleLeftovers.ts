import type { LabEvent } from '../../run/model/labEvents.js';

/** Follows the events of a run to tell what it leaves behind when it ends without cleanup. */
export class PossibleLeftovers {
  readonly #things = new Set<string>();
  #diesWithUs = false;

  take(event: LabEvent): void {
    if (event.type === 'engine-step') {
      const made = `what was being made (${event.step})`;
      if (event.state === 'started') this.#things.add(made);
      else this.#things.delete(made);
    } else if (event.type === 'engine-ready') {
      // The VM ends with this process, and its containers with it.
      this.#diesWithUs = event.identity.kind === 'vm';
      if (this.#diesWithUs) this.#things.add("the VM's folder");
    } else if (event.type === 'lab-started') {
      if (!this.#diesWithUs) this.#things.add(nodesOf(event.lab));
    } else if (event.type === 'lab-removed') this.#things.delete(nodesOf(event.lab));
  }

  /** The line that tells the user what may be left. */
  text(): string {
    const things = [...this.#things].join(', ');
    return things === ''
      ? 'stopped at once; run `lvs-lab clean` to remove what may be left'
      : `stopped at once; what may be left: ${things}; \`lvs-lab clean\` removes it`;
  }
}

const nodesOf = (lab: string): string => `networks and nodes of ${lab}`;
