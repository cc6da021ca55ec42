import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { roles } from '../../contracts/words/nodes.js';
import type { LabShape } from '../../scenario/model/planTypes.js';
import { LabError } from '../../support/errors.js';
import { cacheEntry, entryKey, removeUnused } from '../cache/cache.js';
import { readEntryRecord } from '../cache/entryRecord.js';
import { createNodes } from '../docker/lab.js';
import { rangesOf } from '../docker/labNetwork.js';
import type { DockerNode } from '../docker/nodes/node.js';
import { nodeFiles } from '../docker/nodes/nodeFiles.js';
import { askVersions } from '../docker/askVersions.js';
import type { ImageSet } from '../images/imageSet.js';
import type { KnownKernel } from '../kernel/bootableKernel.js';
import type { EngineProgress } from '../port/engineProgress.js';
import { engineVersionsSchema } from '../port/engineVersions.js';
import type { Lab } from '../port/port.js';
import { withVm } from './qemu/runningVm.js';
import {
  copiedMachine,
  machineFiles,
  savedIn,
  type DockerMachine,
  type SavedMachine,
} from './savedMachine.js';
import { standingExecSchema, startStanding } from './standingExecs.js';
import type { TestcontainersSocket } from './testcontainersSocket.js';

export interface SavedLabRequest {
  readonly machine: DockerMachine;
  readonly images: ImageSet;
  readonly kernel: KnownKernel;
  readonly consoleFile: string;
  readonly progress: EngineProgress;
  readonly testcontainers: TestcontainersSocket;
}

const recordSchema = z.object({
  nextStream: z.number(),
  standing: z.array(standingExecSchema),
  /** For each node's name, the MAC addresses of its interfaces. */
  macs: z.record(z.string(), z.array(z.string())),
  networks: z.array(z.object({ subnet: z.string(), gateway: z.string().optional() })),
  versions: engineVersionsSchema,
  /** For each role's name, what one of its nodes says of its versions. */
  listings: z.partialRecord(
    z.enum(roles),
    z.object({ exitCode: z.number(), stdout: z.string(), stderr: z.string() }),
  ),
});
const recordFile = 'lab.json';

/** A saved machine that holds a lab in which no packet has been sent, and what is known of it. */
export interface SavedLab extends SavedMachine {
  readonly record: z.infer<typeof recordSchema>;
}

/** Bytes of a saved lab: what its machine has in memory, and its disk. */
const needsBytes = 1.5e9;
const versionSeconds = 60;

/** Makes a lab of this shape on a saved machine with Docker, and saves it with its standing commands, unless that has been done. */
export async function savedLab(shape: LabShape, request: SavedLabRequest): Promise<SavedLab> {
  const { machine, images, kernel, consoleFile, progress, testcontainers } = request;
  const { architecture } = machine.facts;
  const inputs = { recipe: 3, machine: machine.key, shape, files: await hashOfFiles(shape, architecture) };
  const directory = await cacheEntry({
    kind: 'lab',
    inputs,
    needsBytes,
    note: progress.note,
    signal: progress.signal,
    make: async (partial) => {
      await removeUnused('lab');
      const vm = await copiedMachine(machine, partial, { kernel, consoleFile, progress });
      await withVm(vm, async ({ docker, connection, quiet, save, machine: { pace } }) => {
        await testcontainers.leadTo(docker, connection);
        const { nodes, known } = await progress.step('creating networks and nodes', () =>
          createNodes({ docker, images, architecture, signal: progress.signal, pace }, shape),
        );
        refuseKnowing(known);
        const started = await progress.step('starting what waits in the nodes', () =>
          startStanding(docker, shape, pace),
        );
        const ranges = await Promise.all(shape.networks.map(({ name }) => rangesOf(docker, name)));
        const versions = await askVersions(docker, images, kernel.facts.config);
        const listings = await listingsOf(nodes);
        await quiet();
        // Not before: what is captured goes on arriving until then.
        const standing = started.map(({ record }) => record());
        const streams = standing.map(({ stream }) => stream);
        const { nextStream } = await progress.step('saving the lab', () =>
          save(path.join(partial, machineFiles.state), streams),
        );
        const macs = Object.fromEntries(nodes.map((node) => [node.shape.name, [...node.macs]]));
        const record: SavedLab['record'] = {
          ...{ nextStream, standing, macs, networks: ranges.flat(), versions, listings },
        };
        await writeFile(path.join(partial, recordFile), JSON.stringify(record));
      });
    },
  });
  const record = await readEntryRecord(directory, recordFile, recordSchema);
  const streams = record.standing.map(({ stream }) => stream);
  const saved = savedIn(directory, { nextStream: record.nextStream, streams });
  return { ...saved, size: machine.size, key: entryKey('lab', inputs), record };
}

/** SHA-256 of all files that are put into the nodes. */
async function hashOfFiles(shape: LabShape, architecture: string): Promise<string> {
  const hash = createHash('sha256');
  for (const node of shape.nodes) {
    for (const { target, content } of await nodeFiles(node, architecture)) {
      hash.update(`${node.name}\0${target}\0${String(content.length)}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

/** Asks one node of each role for its versions. */
async function listingsOf(nodes: readonly DockerNode[]): Promise<z.infer<typeof recordSchema>['listings']> {
  // Not a program in another node's namespace, whose sysctls are that node's.
  const hosts = nodes.filter(({ shape }) => shape.within === undefined);
  const one = new Map(hosts.map((node) => [node.role, node]));
  const said = [...one].map(async ([role, node]) => [role, await node.versions(versionSeconds)] as const);
  return Object.fromEntries(await Promise.all(said));
}

function refuseKnowing(known: Lab['known']): void {
  const lines = Object.entries(known).flatMap(([name, each]) => each.map((line) => `${name}: ${line}`));
  if (lines.length === 0) return;
  throw new LabError(
    'expected a new lab in which nobody has sent a packet, found what nodes know by packets',
    {
      details: lines.join('\n'),
    },
  );
}
