import type { LabEvent } from '../../run/model/labEvents.js';

/** Follows the events of a run to tell what it leaves behind when it ends without cleanup. */
export class PossibleLeftovers {
  readonly #things = new Set<string>();

  take(event: LabEvent): void {
    if (event.type === 'engine-step') {
      const made = `what was being made (${event.step})`;
      if (event.state === 'started') this.#things.add(made);
      else this.#things.delete(made);
    } else if (event.type === 'engine-ready') {
      // VMs end with this process, and their containers with them.
      const isVm = event.identity.kind === 'vm';
      this.#things.add(isVm ? 'folders of VMs' : "networks and nodes of the run's labs");
    }
  }

  /** The line that tells the user what may be left. */
  text(): string {
    const things = [...this.#things].join(', ');
    return things === ''
      ? 'stopped at once; run `lvs-lab clean` to remove what may be left'
      : `stopped at once; what may be left: ${things}; \`lvs-lab clean\` removes it`;
  }
}
