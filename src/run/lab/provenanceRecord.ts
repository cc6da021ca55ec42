import type { Role } from '../../contracts/words/nodes.js';
import path from 'node:path';
import type { EngineVersions } from '../../engine/port/engineVersions.js';
import type { Lab, Node } from '../../engine/port/port.js';
import type { Provenance, RoleProvenance } from '../../evidence/model/provenance.js';
import { parseVersions, type VersionListing } from '../../evidence/listings/provenanceListing.js';
import { LabError } from '../../support/errors.js';
import { toolVersion } from '../../support/version.js';
import { withDeadline } from '../../support/wait.js';
import { writeJson } from '../../support/files/writeJson.js';

const askSeconds = 60;

/** The name of the file below a run's directory. */
export const provenanceFile = 'provenance.json';

/**
 * Finds out what a run ran on, once for each role, and writes it to provenance.json. What cannot be found out is recorded as a problem, and
 * ends no run.
 */
export class ProvenanceRecord {
  readonly #asked = new Map<Role, Promise<VersionListing | undefined>>();
  readonly #problems: string[] = [];
  #engine: Promise<EngineVersions | undefined> | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(private readonly out: string) {}

  /** Asks one node of each role that has not been asked yet, all at the same time. Never rejects. */
  async take(lab: Lab): Promise<void> {
    const known = this.#asked.size;
    for (const node of lab.nodes) {
      if (!this.#asked.has(node.role)) this.#asked.set(node.role, this.#orProblem(node.role, ask(node)));
    }
    if (this.#asked.size === known) return;
    this.#engine ??= this.#orProblem(
      'engine',
      withDeadline('the engine to say what labs are made of', lab.versions(), askSeconds),
    );
    await Promise.all([this.#engine, ...this.#asked.values()]);
    // One write after the other: two labs may be made at the same time. A disk that takes no more is run.json's to complain about.
    this.#writing = this.#writing.then(() => this.#write()).catch(() => undefined);
    await this.#writing;
  }

  async #orProblem<T>(what: string, work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      const { message, details } = error as { readonly message: string; readonly details?: string };
      this.#problems.push(`${what}: ${message}${details === undefined ? '' : `: ${details}`}`);
      return undefined;
    }
  }

  async #write(): Promise<void> {
    await writeJson(path.join(this.out, provenanceFile), await this.#provenance());
  }

  async #provenance(): Promise<Provenance> {
    const engine = await this.#engine;
    const roles: Record<string, RoleProvenance> = {};
    let kernel: Provenance['kernel'];
    for (const [role, asked] of this.#asked) {
      const listing = await asked;
      if (listing === undefined) continue;
      // All nodes share the kernel: whoever answered can tell.
      kernel ??= listing.kernel;
      const image = engine?.images[role];
      roles[role] = { ...(image === undefined ? {} : { image }), ...listing.role };
    }
    const config = kernel?.config ?? engine?.kernelConfig;
    return {
      tool: toolVersion(),
      ...(kernel === undefined ? {} : { kernel: { ...kernel, ...(config === undefined ? {} : { config }) } }),
      engine: { ...engine?.components },
      roles,
      problems: this.#problems,
    };
  }
}

async function ask(node: Node): Promise<VersionListing> {
  const result = await node.versions(askSeconds);
  if (result.exitCode === 0) return parseVersions(result.stdout);
  throw new LabError(`${node.shape.name} could not say what it is made of`, {
    details: `${result.stdout}${result.stderr}`.trim(),
  });
}
