import type Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import { askVersions } from '../../../../src/engine/docker/askVersions.js';

const images = { client: 'c:1', director: 'd:1', realserver: 'r:1' };
const docker = (version: unknown, digests: readonly string[] | null = null) =>
  ({
    version: () => Promise.resolve(version),
    getImage: (reference: string) => ({
      inspect: () => Promise.resolve({ Id: `sha256:${reference}`, RepoDigests: digests }),
    }),
  }) as unknown as Docker;

describe('what an engine’s labs are made of', () => {
  it('is every image by its digest, the router’s being the director’s', async () => {
    const { images: found } = await askVersions(docker({ Version: '26' }, ['x@sha256:1']), images, undefined);
    expect(found.client).toEqual({ reference: 'c:1', id: 'sha256:c:1', digests: ['x@sha256:1'] });
    expect(found.router).toEqual(found.director);
    expect((await askVersions(docker({ Version: '26' }), images, undefined)).images.client?.digests).toEqual(
      [],
    );
  });

  it('is each component that the engine names, and the engine alone where it names none', async () => {
    const components = [
      { Name: 'Engine', Version: '26.1.5' },
      { Name: 'containerd', Version: '1.7' },
    ];
    const named = await askVersions(docker({ Version: '26.1.5', Components: components }), images, undefined);
    expect(named.components).toEqual({ Engine: '26.1.5', containerd: '1.7' });
    expect((await askVersions(docker({ Version: '5.4' }), images, undefined)).components).toEqual({
      Engine: '5.4',
    });
  });

  it('is refused, with the member’s name, where the engine answers in another way', async () => {
    await expect(askVersions(docker({ Components: [] }), images, undefined)).rejects.toThrow(
      'unexpected contents at Version: ',
    );
  });

  it('has the kernel’s configuration from whoever opened the engine', async () => {
    const config = { sha256: 'aa', from: 'the store' };
    expect((await askVersions(docker({ Version: '26' }), images, config)).kernelConfig).toBe(config);
  });
});
