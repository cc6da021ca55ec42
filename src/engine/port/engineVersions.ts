import { z } from 'zod';
import { imageIdentitySchema, kernelConfigSchema } from '../../contracts/identities.js';
import { roles } from '../../contracts/words/nodes.js';
import type { Immutable } from '../../contracts/immutable.js';

/** What labs are made of, as only the engine can tell. */
export const engineVersionsSchema = z.object({
  /** For each component that Docker names (Engine, containerd, runc ...), its version. */
  components: z.record(z.string(), z.string()),
  images: z.partialRecord(z.enum(roles), imageIdentitySchema),
  /** The kernel's configuration; left out: nobody outside the kernel knows it. */
  kernelConfig: kernelConfigSchema.optional(),
});
export type EngineVersions = Immutable<z.infer<typeof engineVersionsSchema>>;
