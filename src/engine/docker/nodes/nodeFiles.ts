import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { NodeShape } from '../../../scenario/model/planTypes.js';
import { packageRoot } from '../../../support/packageRoot.js';
import { koffiBinary } from './koffiBinary.js';

/** A file that is put into the container before it starts. */
export interface NodeFile {
  readonly target: string;
  readonly content: Buffer;
}

const everywhere = [
  'sampler.sh',
  'tally.awk',
  'collect.sh',
  'empty-filter.sh',
  'known.sh',
  'trace.sh',
  'shell.sh',
  'announce.sh',
  'devices/tunnel.sh',
  'zero.sh',
  'load-rules.sh',
  'versions.sh',
  'tcpdump.sh',
];
/** Where scripts go that run in place of a program of the system's: the PATH of every image begins with this folder. */
const onPath: Readonly<Record<string, string>> = { 'tcpdump.sh': '/usr/local/sbin/tcpdump' };
const onServers = [
  'server/start.sh',
  'server/serve.sh',
  'server/stop.sh',
  'server/listening.sh',
  'server/nginx.conf.in',
  'server/datagrams.pl',
];

/**
 * The files that the lab puts into a node: below /lab, except those that people call by name. `architecture` is the engine's, as Docker
 * spells it.
 */
export async function nodeFiles(node: NodeShape, architecture: string): Promise<NodeFile[]> {
  const sources = Object.entries(nodeFileSources(node, architecture));
  return Promise.all(
    sources.map(async ([name, source]) => ({
      target: onPath[name] ?? `/lab/${name}`,
      content: await readFile(source),
    })),
  );
}

/** For each file's name in the node, its absolute path on this machine. */
export function nodeFileSources(node: NodeShape, architecture: string): Readonly<Record<string, string>> {
  const isClient = node.role === 'client';
  const scripts = [
    ...everywhere,
    ...(isClient ? ['probe.sh', 'server/probe-datagrams.pl'] : []),
    ...(isServing(node) ? onServers : []),
    ...(node.devices === undefined ? [] : ['devices/rename.sh']),
    ...(node.role === 'director' ? ['devices/add.sh'] : []),
  ];
  return {
    ...Object.fromEntries(scripts.map((name) => [name, path.join(packageRoot, 'lab', 'node', name)])),
    ...(isClient && { 'agent.cjs': built('kernel.cjs') }),
    // The bundle asks for the binary beside it.
    ...(hasFlows(node) && { 'load.cjs': built('raw.cjs'), 'koffi.node': koffiBinary(architecture) }),
  };
}

/** Whether the node runs a server program. */
export function isServing({ environment }: NodeShape): boolean {
  return environment['LVS_LAB_PORTS'] !== undefined;
}

/** Whether the node sends raw-socket load. */
export function hasFlows({ environment }: NodeShape): boolean {
  return environment['LVS_LAB_FLOWS'] !== undefined;
}

function built(name: string): string {
  return path.join(packageRoot, 'dist', 'lab', name);
}
