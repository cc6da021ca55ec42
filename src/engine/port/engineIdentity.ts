import { z } from 'zod';
import { engineKinds } from '../../contracts/words/engines.js';
import type { Immutable } from '../../contracts/immutable.js';

const text = z.string();

/** What the engine says it is; both client libraries have given the same answer. Recorded in run.json and in results. */
export const engineIdentitySchema = z.object({
  kind: z.enum(engineKinds),
  id: text.describe("Docker's engine ID."),
  dockerVersion: text,
  kernel: text.describe('Release of the kernel under test.'),
  operatingSystem: text,
  architecture: text,
  accelerator: text.optional().describe('`kvm` or `tcg` for a VM.'),
  processors: z.number(),
  memoryBytes: z.number(),
  reason: text.describe('Why this engine was taken.'),
});

export type EngineIdentity = Immutable<z.infer<typeof engineIdentitySchema>>;
