import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EngineProgress } from '../../../../src/engine/port/engineProgress.js';
import {
  storeKernel,
  listKernels,
  removeKernel,
  type AddRequest,
} from '../../../../src/engine/kernel/kernels.js';
import { kernelsRoot } from '../../../../src/engine/kernel/store/kernelsRoot.js';
import { LabError, UsageError } from '../../../../src/support/errors.js';
import { tempFolder, withEnvironment } from '../tempFolder.js';
import {
  asModules,
  bzImage,
  configText,
  fill,
  moduleNamed,
  modulePaths,
  modulesFolder,
  rejection,
  release,
  signal,
} from './samples.js';

const notes: string[] = [];
const progress: EngineProgress = {
  signal,
  note: (message) => notes.push(message),
  step: (_, work) => work(() => undefined),
};

const add = (from: string | readonly string[], more: Partial<AddRequest> = {}) =>
  storeKernel(
    { name: 'mine', from: [from].flat(), modules: undefined, config: undefined, replacements: [], ...more },
    progress,
  );

/** What the store has, half-made things included. */
const stored = () => (existsSync(kernelsRoot()) ? readdirSync(kernelsRoot()) : []);

/** That it is refused with this message, and nothing of it stays. */
async function expectRefusal(promise: Promise<unknown>, message: string): Promise<UsageError> {
  const error = await rejection(promise);
  expect(error).toBeInstanceOf(UsageError);
  expect((error as UsageError).message).toContain(message);
  expect(stored()).toEqual([]);
  return error as UsageError;
}

async function buildTree(options: Readonly<Record<string, string | undefined>> = {}): Promise<string> {
  return fill(tempFolder(), {
    'arch/x86/boot/bzImage': bzImage(),
    '.config': await configText(options),
  });
}

/** A kernel package as Debian lays it out. */
async function debPackage(
  architecture: string,
  image = bzImage(),
  options: Readonly<Record<string, string | undefined>> = asModules,
): Promise<string> {
  const root = fill(tempFolder(), {
    'DEBIAN/control': `Package: linux-image-lab\nVersion: 1\nArchitecture: ${architecture}\nMaintainer: me <me@example.org>\nDescription: none\n`,
    [`boot/vmlinuz-${release}`]: image,
    [`boot/config-${release}`]: await configText(options),
  });
  modulesFolder(path.join(root, 'lib/modules', release));
  const file = path.join(tempFolder(), 'kernel.deb');
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '--build', root, file]);
  return file;
}

beforeEach(() => {
  notes.length = 0;
  withEnvironment({ XDG_DATA_HOME: tempFolder() });
});

describe('addKernel', () => {
  it('adds a build tree with everything built in, lists it and removes it', async () => {
    const tree = await buildTree();
    const added = await add(tree);
    expect(added).toMatchObject({ name: 'mine', from: tree, release, replaced: [], unmet: [] });
    expect(readdirSync(added.directory).sort()).toEqual(['config', 'kernel.json', 'vmlinuz']);
    expect(await listKernels()).toEqual([added]);
    await removeKernel('mine');
    expect(stored()).toEqual([]);
  });

  it.each([
    ['{', 'expected JSON, found "{"'],
    ['{"from":"x","release":"6.1.0","version":"v","replaced":[]}', 'unexpected contents at name: '],
    ['null', 'unexpected contents at the top level: '],
  ])('is told of by its file, and what to do, once kernel.json holds `%s`', async (text, problem) => {
    const { directory } = await add(await debPackage('amd64'));
    const file = path.join(directory, 'kernel.json');
    writeFileSync(file, text);
    const error = await listKernels().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).message).toContain(`${file} cannot be read: ${problem}`);
    expect((error as LabError).hint).toContain(`remove the folder ${directory}`);
  });

  it('adds a build tree with its modules', async () => {
    const tree = modulesInTree(await buildTree(asModules));
    const { directory } = await add(tree);
    expect(existsSync(path.join(directory, 'modules/kernel/net/netfilter/ipvs/ip_vs.ko'))).toBe(true);
  });

  it('waits for no FIFO in a build tree', async () => {
    const tree = modulesInTree(await buildTree(asModules));
    execFileSync('mkfifo', [path.join(tree, 'modules.builtin')]);
    expect((await add(tree)).release).toBe(release);
  });

  it('adds a package', async () => {
    const { directory } = await add(await debPackage('amd64'));
    expect(existsSync(path.join(directory, 'modules/kernel/net/netfilter/ipvs/ip_vs.ko'))).toBe(true);
    expect(stored()).toEqual(['mine']);
  });

  it('adds a file with modules and configuration named beside it', async () => {
    const files = fill(tempFolder(), { vmlinuz: bzImage(), config: await configText(asModules) });
    const modules = modulesFolder(path.join(tempFolder(), release));
    const { config } = await add(path.join(files, 'vmlinuz'), {
      modules,
      config: path.join(files, 'config'),
    });
    expect(config?.from).toBe(path.join(files, 'config'));
  });

  it('says so when the configuration is not known', async () => {
    const modules = modulesFolder(tempFolder());
    const { unmet } = await add(path.join(fill(tempFolder(), { vmlinuz: bzImage() }), 'vmlinuz'), {
      modules,
    });
    expect(unmet).toBeUndefined();
    expect(notes).toContainEqual(expect.stringContaining('nothing is known of the configuration'));
  });

  it('puts a module into the place of the kernel’s own', async () => {
    const patched = moduleNamed('ip_vs', { description: 'patched' });
    const file = path.join(fill(tempFolder(), { 'ip_vs.ko': patched }), 'ip_vs.ko');
    const { directory, replaced } = await add(await debPackage('amd64'), { replacements: [file] });
    expect(replaced).toEqual([{ module: 'ip_vs', file, sha256: expect.any(String) as unknown }]);
    const own = path.join(directory, 'modules/kernel/net/netfilter/ipvs/ip_vs.ko');
    expect(readFileSync(own).equals(patched)).toBe(true);
  });

  it('lists what is useful and missing by option, and adds the kernel', async () => {
    const { unmet } = await add(await buildTree({ CONFIG_IP_VS_NFCT: undefined }));
    expect(unmet?.map(({ option }) => option)).toEqual(['CONFIG_IP_VS_NFCT']);
  });

  it('refuses what is not a kernel', async () => {
    const file = path.join(fill(tempFolder(), { 'notes.txt': 'hello, world' }), 'notes.txt');
    await expectRefusal(add(file), `${file} is not a kernel that can be booted here`);
  });

  it('refuses a kernel of another architecture', async () => {
    const arm = Buffer.alloc(0x400);
    arm.write('ARM\x64', 0x38, 'latin1');
    const file = path.join(fill(tempFolder(), { Image: arm }), 'Image');
    await expectRefusal(add(file), `${file} is a kernel of another architecture: it is an arm64 Image`);
  });

  it('refuses a package for another architecture', async () => {
    await expectRefusal(add(await debPackage('arm64')), 'is a package for arm64, and the lab boots amd64');
  });

  it('refuses a kernel without IPVS and names the options', async () => {
    const tree = await buildTree({ CONFIG_IP_VS: undefined, CONFIG_IP_VS_RR: undefined });
    const error = await expectRefusal(add(tree), `the kernel ${release} has no IPVS`);
    expect(error.details).toMatch(/^CONFIG_IP_VS: .+\nCONFIG_IP_VS_RR: .+$/);
    expect(error.hint).toContain('merge_config.sh');
  });

  it('refuses a kernel that has IPVS and lacks something else that is required', async () => {
    const error = await expectRefusal(add(await buildTree({ CONFIG_VETH: undefined })), 'lacks an option');
    expect(error.details).toMatch(/^CONFIG_VETH: /);
  });

  it('refuses a modular kernel whose modules lack IPVS', async () => {
    const tree = modulesInTree(await buildTree(asModules), ['ip_vs']);
    await expectRefusal(add(tree), 'has no IPVS, and so cannot be a director: not among its modules');
  });

  it('refuses a package that was cut short', async () => {
    const whole = await debPackage('amd64');
    const bytes = readFileSync(whole);
    writeFileSync(whole, bytes.subarray(0, Math.floor(bytes.length * 0.7)));
    await expectRefusal(add(whole), `the package ${whole} is damaged or was cut short`);
  });

  it('refuses modules of another kernel', async () => {
    const other = await debPackage('amd64', bzImage({ version: '6.2.0-other #1' }));
    await expectRefusal(add(other), `is of ${release}, the kernel is 6.2.0-other`);
  });

  it('refuses a configuration that cannot be read', async () => {
    const config = path.join(tempFolder(), 'none');
    await expectRefusal(
      add(await buildTree(), { config }),
      `cannot read the kernel's configuration ${config}`,
    );
  });

  it.each([
    [
      'built for another kernel',
      moduleNamed('ip_vs', { vermagic: '5.10.0 SMP ' }),
      'was built for another kernel',
    ],
    ['that the kernel has not', moduleNamed('nothing'), 'has no module nothing that it could replace'],
    ['that is text', Buffer.from('hello'), 'is not an ELF module'],
  ])('refuses a module %s', async (_, content, message) => {
    const file = path.join(fill(tempFolder(), { 'x.ko': content }), 'x.ko');
    await expectRefusal(add(await debPackage('amd64'), { replacements: [file] }), message);
  });

  it('refuses a name that is taken, and leaves that kernel as it is', async () => {
    const tree = await buildTree();
    const first = await add(tree);
    expect(await rejection(add(tree))).toMatchObject({ message: 'there is a kernel named `mine` already' });
    expect(await listKernels()).toEqual([first]);
  });

  it.each(['', '.hidden', 'a/b', 'debian:sid', 'x'.repeat(64)])('refuses the name %j', async (name) => {
    await expectRefusal(add(await buildTree(), { name }), 'cannot be the name of a kernel');
  });
});

/** Puts built modules into a tree, as its modules.order names them. */
function modulesInTree(tree: string, leftOut: readonly string[] = []): string {
  const paths = modulePaths(leftOut);
  return fill(tree, {
    'modules.order': `${paths.map((file) => `kernel/${file}`).join('\n')}\n`,
    ...Object.fromEntries(paths.map((file) => [file, moduleNamed(path.basename(file, '.ko'))])),
  });
}
