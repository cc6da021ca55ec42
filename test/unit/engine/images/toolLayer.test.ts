import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { buildImage, type BuildRequest } from '../../../../src/engine/images/build.js';
import { imageGroups } from '../../../../src/engine/images/groups.js';
import { parseImageSpec } from '../../../../src/engine/images/imageSpec.js';
import { imagesWithTools, provideTools } from '../../../../src/engine/images/toolLayer.js';
import type { ImageSet } from '../../../../src/engine/images/imageSet.js';
import { addToolSet } from '../../../../src/engine/toolSets/toolStore.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';
import { tempFolder, withEnvironment } from '../tempFolder.js';

// The engine itself.
vi.mock(import('../../../../src/engine/images/build.js'), async (original) => ({
  ...(await original()),
  buildImage: vi.fn(),
}));
const present = new Set<string>();
vi.mock(import('../../../../src/engine/images/reference.js'), () => ({
  hasImage: (_, reference) => Promise.resolve(present.has(reference)),
}));

const images: ImageSet = {
  client: 'lvs-lab/client:000000000000',
  director: 'lvs-lab/director:000000000000',
  realserver: 'lvs-lab/realserver:000000000000',
};
const progress = {
  note: () => undefined,
  step: <T>(_: string, work: (tell: () => void) => Promise<T>) => work(() => undefined),
  signal: new AbortController().signal,
};

let built: BuildRequest[];
beforeEach(() => {
  built = [];
  present.clear();
  vi.mocked(buildImage).mockImplementation((_, request) => {
    built.push(request);
    present.add(request.reference);
    return Promise.resolve();
  });
  withEnvironment({ XDG_DATA_HOME: tempFolder() });
});

/** A set with a package for director and realserver, and a program for the director. */
async function someTools() {
  const folder = tempFolder();
  const deb = path.join(folder, 'iptables.deb');
  const bin = path.join(folder, 'nft');
  writeFileSync(deb, '!<arch>\ndebian-binary');
  writeFileSync(bin, 'nft');
  return addToolSet('patched', [
    { roles: ['director', 'realserver'], file: deb, path: undefined },
    { roles: ['director'], file: bin, path: '/usr/sbin/nft' },
  ]);
}

const provide = async () => provideTools({} as never, images, await someTools(), progress);

describe('tools in images', () => {
  it('are a layer on those images that get any, made without a network', async () => {
    const made = await provide();
    expect(made.client).toBe(images.client);
    expect(made.director).toMatch(/^lvs-lab\/director:[0-9a-f]{12}$/);
    expect(built.map(({ base, network }) => `${base} ${network}`)).toEqual([
      `${images.director} none`,
      `${images.realserver} none`,
    ]);
    const [director, realserver] = built.map(({ context }) => context.map(({ name }) => name));
    expect(director).toEqual([
      'Dockerfile',
      'tools/add-tools.sh',
      'tools/places',
      'tools/packages/0.deb',
      'tools/files/1',
    ]);
    expect(realserver).toEqual(['Dockerfile', 'tools/add-tools.sh', 'tools/packages/0.deb']);
  });

  it('are told by a label, which provenance reads', async () => {
    await provide();
    const label = JSON.parse(built[0]?.labels?.['lvs-lab.tools'] ?? '') as unknown;
    expect(label).toMatchObject([{ name: 'iptables.deb' }, { name: 'nft', path: '/usr/sbin/nft' }]);
  });

  it('are put in once, and again when a file is another', async () => {
    const set = await someTools();
    const made = await provideTools({} as never, images, set, progress);
    await provideTools({} as never, images, set, progress);
    expect(built).toHaveLength(2);
    const [first, ...others] = set.files;
    const changed = { ...set, files: [{ ...first!, sha256: 'f'.repeat(64) }, ...others] };
    expect(imagesWithTools(images, changed).director).not.toBe(made.director);
    expect(imagesWithTools(images, undefined)).toBe(images);
  });

  it('are asked for with a plus behind any image', async () => {
    await someTools();
    expect(parseImageSpec('debian:trixie+patched')).toEqual({ kind: 'debian', suite: 'trixie' });
    expect(imageGroups('auto+patched').tools?.name).toBe('patched');
    expect(imageGroups('auto').tools).toBeUndefined();
    expect(() => parseImageSpec('auto+pached')).toThrow('did you mean `patched`?');
    expect(() => parseImageSpec('debian:nosuch+patched')).toThrow('--image debian:nosuch');
  });
});

describe('images/add-tools.sh', () => {
  /** Runs the script on a folder in place of the image's root, with a dpkg that says what it was given. */
  function add(withDpkg: boolean) {
    const root = tempFolder();
    const tools = path.join(root, 'tools');
    const bin = path.join(root, 'bin');
    for (const each of [path.join(tools, 'files'), path.join(tools, 'packages'), bin])
      mkdirSync(each, { recursive: true });
    writeFileSync(path.join(tools, 'files', '1'), 'new');
    writeFileSync(path.join(tools, 'packages', '0.deb'), '');
    writeFileSync(path.join(tools, 'places'), `1 ${root}/sbin/nft\n`);
    mkdirSync(path.join(root, 'sbin'));
    writeFileSync(path.join(root, 'sbin', 'real'), 'old');
    symlinkSync('real', path.join(root, 'sbin', 'nft'));
    if (withDpkg) {
      writeFileSync(path.join(bin, 'dpkg'), `#!/bin/sh\necho "$@" >"${root}/installed"\n`);
      chmodSync(path.join(bin, 'dpkg'), 0o755);
    }
    for (const program of ['mkdir', 'dirname', 'cp', 'chmod', 'mv', 'rm'])
      symlinkSync(`/bin/${program}`.replace('/bin/dirname', '/usr/bin/dirname'), path.join(bin, program));
    const script = readFileSync(path.join(packageRoot, 'images', 'add-tools.sh'), 'utf8').replaceAll(
      '/lab/tools',
      tools,
    );
    const run = () => execFileSync('/bin/sh', ['-c', script], { env: { PATH: bin }, stdio: 'pipe' });
    const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
    return { run, read };
  }

  it('installs packages, and puts files in the place of links too', () => {
    const { run, read } = add(true);
    run();
    expect(read('installed')).toBe('--install --force-confold packages/0.deb\n');
    expect([read('sbin/nft'), read('sbin/real')]).toEqual(['new', 'old']);
  });

  it('says so where there is no dpkg', () => {
    const { run, read } = add(false);
    expect(run).toThrow('expected an image with dpkg for --deb');
    expect(read('sbin/nft')).toBe('old');
  });
});
