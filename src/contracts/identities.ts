import { z } from 'zod';
import type { Immutable } from './immutable.js';

/** What an image is, whatever its name, as the engine tells it and provenance.json has it. */
export const imageIdentitySchema = z.object({
  reference: z.string(),
  id: z.string().describe('Digest of its configuration: `sha256:...`.'),
  digests: z.array(z.string()).readonly().describe('`NAME@sha256:...` for each registry that it came from.'),
});

export type ImageIdentity = Immutable<z.infer<typeof imageIdentitySchema>>;

/** A kernel's configuration, known by its hash. */
export const kernelConfigSchema = z.object({
  sha256: z.string().describe("Of the configuration's text, in hexadecimal."),
  from: z.string().describe('Where the configuration was read.'),
});

export type KernelConfigDigest = Immutable<z.infer<typeof kernelConfigSchema>>;
