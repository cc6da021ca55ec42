import { z } from 'zod';
import type { Immutable } from './immutable.js';

const addedToolSchema = z.object({
  name: z.string().describe('The name of the file that was given.'),
  sha256: z.string().describe("Of the file's bytes, in hexadecimal."),
  path: z.string().optional().describe('Where it was put; left out: it is a package that was installed.'),
});

/** A package or file that was put into an image with `--deb`, `--bin` or `--tools`. */
export type AddedTool = Immutable<z.infer<typeof addedToolSchema>>;

/** The schema of all that was put into one image. */
export const addedToolsSchema = z.array(addedToolSchema).readonly();

/** What an image is, whatever its name, as the engine tells it and provenance.json has it. */
export const imageIdentitySchema = z.object({
  reference: z.string(),
  id: z.string().describe('Digest of its configuration: `sha256:...`.'),
  digests: z.array(z.string()).readonly().describe('`NAME@sha256:...` for each registry that it came from.'),
  tools: addedToolsSchema.optional().describe('Unreleased packages and files in it; left out: none.'),
});

export type ImageIdentity = Immutable<z.infer<typeof imageIdentitySchema>>;

/** A kernel's configuration, known by its hash. */
export const kernelConfigSchema = z.object({
  sha256: z.string().describe("Of the configuration's text, in hexadecimal."),
  from: z.string().describe('Where the configuration was read.'),
});

export type KernelConfigDigest = Immutable<z.infer<typeof kernelConfigSchema>>;
