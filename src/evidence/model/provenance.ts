import { z } from 'zod';
import { imageIdentitySchema, kernelConfigSchema } from '../../contracts/identities.js';

const text = z.string();
const texts = z.record(text, text);

const kernel = z.object({
  release: text.describe('As `uname -r` prints it.'),
  version: text.describe('As `uname -v` prints it: build number and date.'),
  buildId: text.optional().describe('GNU build id of the kernel, in hexadecimal.'),
  config: kernelConfigSchema
    .optional()
    .describe('Left out where no configuration of the kernel could be had.'),
  modules: texts.describe(
    'Build ids of the modules of IPVS and netfilter that were loaded: a module may have been put in the place of the kernel’s own.',
  ),
});

const role = z.object({
  image: imageIdentitySchema.optional(),
  system: text.describe('PRETTY_NAME of /etc/os-release.'),
  iptables: text.describe('As `iptables --version` prints it.'),
  packages: texts.describe('Name of a package as the distribution calls it -> version.'),
  sysctls: texts.describe(
    'net.ipv4.vs.*, net.netfilter.* and net.ipv4.tcp_* of a node as it was created; what a scenario changes of them is in its plan.json.',
  ),
});

/** What a run ran on, apart from what the engine says about itself. */
export const provenanceSchema = z.object({
  tool: text.describe('Version of lvs-lab.'),
  kernel: kernel.optional().describe('Left out where no node could be asked.'),
  engine: texts.describe('Part of the Docker engine -> version.'),
  roles: z
    .record(text, role)
    .describe('Role -> what its nodes are made of; one node of each was asked, in the first lab.'),
  problems: z.array(text).readonly().describe('What could not be found out, and why.'),
});

export type Provenance = z.infer<typeof provenanceSchema>;
export type KernelProvenance = z.infer<typeof kernel>;
export type RoleProvenance = z.infer<typeof role>;
