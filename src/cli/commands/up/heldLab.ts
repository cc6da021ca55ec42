import { z } from 'zod';
import { pageFile } from '../../../report/html/pageFile.js';
import type { Immutable } from '../../../contracts/immutable.js';
import type { Plan } from '../../../scenario/model/planTypes.js';

/** A lab that is up, as the user is told of it. */
export const heldLabSchema = z.object({
  scenario: z.string(),
  runId: z.string(),
  nodes: z.array(z.string()),
});
export type HeldLab = Immutable<z.infer<typeof heldLabSchema>>;

export function heldLab({ scenario, runId, nodes }: Plan): HeldLab {
  return { scenario, runId, nodes: nodes.map(({ name }) => name) };
}

/** The commands that a user can type now that the lab is up. */
export function heldLabText({ scenario, runId, nodes }: HeldLab): string {
  const width = Math.max(...nodes.map((node) => node.length));
  return [
    `${scenario} (${runId}) is up and its rules are loaded. To look around:`,
    ...nodes.map(
      (node) => `  lvs-lab shell ${node.padEnd(width)}   # a shell there; \`-- CMD\` runs one command`,
    ),
  ].join('\n');
}

/** Says that nothing is measured in a lab that is only held, and which command measures and leaves a page. */
export function measuringText({ scenario }: HeldLab): string {
  return `Nothing is measured here; \`lvs-lab run\` of ${scenario} does so and leaves a page to look at, ${pageFile}.`;
}
