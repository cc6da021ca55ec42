import { iptablesFlavours } from '../../contracts/words/nodes.js';
import { libraryIds, listScenarios } from '../../scenario/library/library.js';
import type { Services } from '../frame/services.js';
import type { NameLists } from './valueSources.js';

/** Looks up which scenarios, kernels, images and other things with names this machine has. */
export function nameLists({
  kernels,
  images,
  tools,
}: Pick<Services, 'kernels' | 'images' | 'tools'>): NameLists {
  const added = async (): Promise<readonly string[]> =>
    (await kernels.list()).flatMap(({ name }) => name ?? []);
  return {
    scenarios: libraryIds,
    tags: async () => [...new Set((await listScenarios()).flatMap(({ tags }) => tags))].sort(),
    kernels: async () => [...(await suites()), ...(await added())],
    addedKernels: added,
    kernelSources: suites,
    images: async () => ['auto', ...(await images.list()).map(({ name }) => name)],
    flavours: () => Promise.resolve(iptablesFlavours),
    nodes: () => Promise.resolve(nodes),
    toolSets: async () => ['none', ...(await tools.list()).map(({ name }) => name)],
  };
}

/** Nodes of most labs. */
const nodes = ['client', 'director', 'realserver1', 'realserver2'];

/** Loaded when it is asked for, because no other command waits for it. */
async function suites(): Promise<readonly string[]> {
  const { debianSuites } = await import('../../engine/kernel/sources/debian.js');
  return debianSuites.map((suite) => `debian:${suite}`);
}
