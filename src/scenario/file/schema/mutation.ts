import { starts } from '../../../contracts/words/phases.js';
import * as z from 'zod';
import { deadlinesShape } from './deadlines.js';
import { eventsSchema } from './events.js';
import { flowsShape } from './flows.js';
import { loadShape } from './load.js';
import { roleShape } from './role.js';
import { topologyShape } from './topology.js';
import { shapeChanges } from './values/shapeChanges.js';

const replacement = z.strictObject({
  find: z.string().min(1).describe("Text found exactly once in the role's rule texts and commands."),
  with: z.string().describe('What stands there instead.'),
});

const replace = z
  .array(replacement)
  .min(1)
  .optional()
  .describe("Replacements in the role's rule texts and commands, made after the keys have been.");

type Shape = Readonly<Record<string, z.ZodType>>;

/** A section in which each key may be left out (unchanged), given (replaced) or null (removed). */
const section = (shape: Shape, purpose: string) =>
  z.strictObject(shapeChanges(shape)).optional().describe(purpose);

const roleChanges = z.strictObject({ ...shapeChanges(roleShape), replace });

const role = (name: string) => roleChanges.optional().describe(`Keys of \`${name}\` to change.`);

/** The `mutation` section. Its result is validated by the schema of scenarios. */
export const mutationSchema = z.strictObject({
  what: z.string().trim().min(1).max(200).describe('What is changed, in a few words.'),
  topology: section(topologyShape, 'Keys of `topology` to change.'),
  director: role('director'),
  realserver: role('realserver'),
  client: role('client'),
  router: role('router'),
  nodes: z
    .record(z.string(), roleChanges.nullable())
    .optional()
    .describe('Keys to change of single nodes, by name; null: the node has nothing of its own any more.'),
  start: z.enum(starts).optional().describe('`start` to be instead of that of the scenario.'),
  load: section(loadShape, 'Keys of `load` to change.'),
  flows: section(flowsShape, 'Keys of `flows` to change.'),
  events: eventsSchema.nullable().optional().describe('Events instead of those of the scenario; null: none.'),
  deadlines: section(deadlinesShape, 'Keys of `deadlines` to change.'),
});
