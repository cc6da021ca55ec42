import { describe, expect, it } from 'vitest';
import { connectDocker } from '../../../../src/engine/docker/connection.js';
import { rangesOf } from '../../../../src/engine/docker/labNetwork.js';
import { fakeDocker } from '../fakeDocker.js';

const name = 'lvs-lab-a-lan';

/** What an engine answers whose network is this one. */
async function ranges(network: Readonly<Record<string, unknown>>) {
  const { socketPath } = await fakeDocker({ networks: [{ Id: 'n1', Name: name, Labels: {}, ...network }] });
  return rangesOf(await connectDocker({ kind: 'socket', socketPath }), name);
}

const IPAM = { Config: [{ Subnet: '203.0.113.0/24', Gateway: '203.0.113.1' }, { Subnet: 'fd00::/64' }, {}] };

describe('the ranges of a network', () => {
  it('are those that the engine tells, of both families', async () => {
    expect(await ranges({ Internal: true, IPAM })).toEqual([
      { subnet: '203.0.113.0/24', gateway: '203.0.113.1' },
      { subnet: 'fd00::/64', gateway: undefined },
    ]);
    expect(await ranges({ Internal: true })).toEqual([]);
  });

  it.each([{ Internal: false }, {}])('are not told of one that may lead out: %j', async (said) => {
    await expect(ranges({ ...said, IPAM })).rejects.toThrow(
      `expected the engine to keep the network ${name} to itself, as it was asked to, found one that leads out`,
    );
  });

  it('are not known where the engine knows no such network', async () => {
    await expect(ranges({ Internal: true, Name: 'another', IPAM })).rejects.toThrow(
      `the engine could not tell the subnets of the network ${name}`,
    );
  });
});
