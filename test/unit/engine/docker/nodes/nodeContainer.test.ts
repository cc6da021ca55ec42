import { describe, expect, it } from 'vitest';
import { NodeContainer } from '../../../../../src/engine/docker/nodes/nodeContainer.js';
import { shapeOf } from '../../../scenario/planning.js';
import { minimal, scenarioOf } from '../../../scenario/scenarioFile.js';

/** What of a container is asked of the engine. */
async function askedFor(name: string, within?: string) {
  const shape = shapeOf(await scenarioOf(minimal.replace('load: {', 'load: { from: director,')));
  const node = shape.nodes.find((one) => one.name === name)!;
  const { networks, labels } = shape;
  const container = new NodeContainer({ image: 'image', node, within, networks, labels, files: [] });
  const { networkMode, createOpts } = container as unknown as {
    readonly networkMode: string;
    readonly createOpts: { readonly Hostname?: string; readonly NetworkingConfig?: object };
  };
  return { networkMode, hostname: createOpts.Hostname, networking: createOpts.NetworkingConfig };
}

describe('the container of a node', () => {
  it('has its address on the network of its lab', async () => {
    expect(await askedFor('director')).toEqual({
      networkMode: 'lvs-lab-r1-1-lan',
      hostname: 'director',
      networking: {
        EndpointsConfig: { 'lvs-lab-r1-1-lan': { IPAMConfig: { IPv4Address: '198.18.7.20' } } },
      },
    });
  });

  it('is in the network namespace of another, and then has neither name nor address of its own', async () => {
    expect(await askedFor('program', 'lvs-lab-r1-1-director')).toEqual({
      networkMode: 'container:lvs-lab-r1-1-director',
      hostname: undefined,
      networking: undefined,
    });
  });

  it('is refused without a network', async () => {
    await expect(askedFor('program')).rejects.toThrow('expected program to be on a network of its lab');
  });
});
