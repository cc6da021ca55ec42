import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { NodeShape } from '../../scenario/types.js';
import { packageRoot } from '../../support/packageRoot.js';

/** A file put into the container before it starts. */
export interface NodeFile {
  readonly target: string;
  readonly content: string;
}

const everywhere = ['sampler.sh', 'collect.sh', 'reset.sh'];
const onServers = ['server/start.sh', 'server/serve.sh', 'server/stop.sh', 'server/nginx.conf.in'];

/** What the lab runs inside a node, below /lab in its container. */
export async function nodeFiles(node: NodeShape): Promise<NodeFile[]> {
  const scripts = [
    ...everywhere,
    ...(node.role === 'client' ? ['probe.sh'] : []),
    ...(isServing(node) ? onServers : []),
  ];
  const files = scripts.map((name) => file(name, path.join('lab', 'node', name)));
  if (node.role === 'client') files.push(file('agent.cjs', path.join('dist', 'lab', 'agent.cjs')));
  return Promise.all(files);
}

/** Whether the node has a server program. */
export function isServing({ environment }: NodeShape): boolean {
  return environment['LVS_LAB_PORTS'] !== undefined;
}

async function file(target: string, source: string): Promise<NodeFile> {
  return { target: `/lab/${target}`, content: await readFile(path.join(packageRoot, source), 'utf8') };
}
