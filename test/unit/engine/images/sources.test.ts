import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  packagesOf,
  readImageSources,
  imageRoles,
  type ImageSources,
} from '../../../../src/engine/images/imageSources.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';

const images = path.join(packageRoot, 'images');

describe('readImageSources', () => {
  let sources: ImageSources;
  beforeAll(async () => {
    sources = await readImageSources();
  });

  it.each(imageRoles)('gives the %s a build context of its folder and the shared script', (role) => {
    const names = sources.contexts[role].map(({ name }) => name);
    expect(names).toEqual(['packages.sh', ...readdirSync(path.join(images, role)).sort()]);
    expect(names).toContain('Dockerfile');
    for (const { name, content } of sources.contexts[role]) {
      const file = path.join(images, name === 'packages.sh' ? '.' : role, name);
      expect(Buffer.from(content)).toEqual(readFileSync(file));
    }
  });

  it('lists the packages of all imageRoles once, sorted, without comments', () => {
    const packages = packagesOf(sources, imageRoles);
    expect(packages).toEqual([...new Set(packages)].sort());
    expect(packagesOf(sources, ['director', 'realserver'])).not.toContain('nodejs');
    for (const name of [
      'ipvsadm',
      'iptables',
      'nftables',
      'conntrack',
      'tcpdump',
      'iproute2',
      'nginx-light',
      'nodejs',
    ])
      expect(packages, name).toContain(name);
    for (const name of packages) expect(name).toMatch(/^[a-z0-9][a-z0-9.+-]+$/);
  });

  it('puts the script for other package managers in front of the shared one, for any base', () => {
    const script = (name: string) => readFileSync(path.join(images, name), 'utf8');
    const [first] = sources.elsewhere.contexts.director;
    expect(first?.name).toBe('packages.sh');
    expect(String(first?.content)).toBe(script('elsewhere.sh') + script('packages.sh'));
    expect(sources.elsewhere.hash).not.toBe(sources.hash);
  });

  it('has a hash of it all that does not change from one reading to the next', async () => {
    expect(sources.hash).toMatch(/^[0-9a-f]{64}$/);
    expect((await readImageSources()).hash).toBe(sources.hash);
  });
});
