import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { splitTools, withTools } from '../../../../src/engine/toolSets/toolImage.js';
import {
  addToolSet,
  findToolSet,
  removeToolSet,
  toolSetNames,
  type AskedTool,
} from '../../../../src/engine/toolSets/toolStore.js';
import { UsageError } from '../../../../src/support/errors.js';
import { tempFolder, withEnvironment } from '../tempFolder.js';

const roles = ['director', 'realserver'] as const;

/** A store of the test's own, and a folder with a package and a program. */
function place() {
  const data = tempFolder();
  withEnvironment({ XDG_DATA_HOME: data });
  const folder = tempFolder();
  const write = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const deb: AskedTool = {
    roles,
    file: write('iptables_1.8.9-2+lab1_amd64.deb', '!<arch>\ndebian-binary   and the rest'),
    path: undefined,
  };
  const bin: AskedTool = { roles: ['director'], file: write('nft', 'a program'), path: '/usr/sbin/nft' };
  return { data, deb, bin, write };
}

describe('a set of tools', () => {
  it('is kept with copies of its files, and found by its name', async () => {
    const { deb, bin } = place();
    const added = await addToolSet('patched', [deb, bin]);
    expect(toolSetNames()).toEqual(['patched']);
    expect(findToolSet('patched')).toEqual(added);
    expect(added.files).toMatchObject([
      { name: 'iptables_1.8.9-2+lab1_amd64.deb', kept: '0', roles: ['director', 'realserver'] },
      { name: 'nft', kept: '1', roles: ['director'], path: '/usr/sbin/nft' },
    ]);
    writeFileSync(bin.file, 'changed since');
    expect(readFileSync(path.join(added.directory, '1'), 'utf8')).toBe('a program');
    await removeToolSet('patched');
    expect(toolSetNames()).toEqual([]);
  });

  it('without a name has one by what it is, once', async () => {
    const { deb, bin, data } = place();
    const { name } = await addToolSet(undefined, [deb]);
    expect(name).toMatch(/^iptables-1\.8\.9-2-lab1-amd64-[0-9a-f]{8}$/);
    expect((await addToolSet(undefined, [deb])).name).toBe(name);
    expect((await addToolSet(undefined, [deb, bin])).name).not.toBe(name);
    writeFileSync(deb.file, '!<arch>\ndebian-binary   another');
    expect((await addToolSet(undefined, [deb])).name).not.toBe(name);
    expect(readdirSync(path.join(data, 'lvs-lab', 'tools'))).toHaveLength(3);
  });

  it.each(['none', 'a/b', '.hidden', ''])('cannot be called %j', async (name) => {
    const { deb } = place();
    await expect(addToolSet(name, [deb])).rejects.toThrow('cannot be the name of tools');
    expect(toolSetNames()).toEqual([]);
  });

  it('is refused for a name that is taken, a file that is no package, and one that is not there', async () => {
    const { deb, bin } = place();
    await addToolSet('patched', [deb]);
    await expect(addToolSet('patched', [deb])).rejects.toThrow('were added already');
    await expect(addToolSet('other', [{ ...bin, path: undefined }])).rejects.toThrow(
      'expected --deb to name a Debian package',
    );
    await expect(addToolSet('other', [{ ...deb, file: '/no/such.deb' }])).rejects.toThrow('/no/such.deb');
    expect(toolSetNames()).toEqual(['patched']);
  });

  it.each(['a package', 'a program'])(
    'is refused at once where a FIFO, a device or a folder is %s',
    async (as) => {
      const { deb, bin, data } = place();
      const fifo = path.join(data, 'fifo');
      execFileSync('mkfifo', [fifo]);
      const tool = as === 'a package' ? deb : bin;
      for (const [file, kind] of [
        [fifo, 'a FIFO'],
        ['/dev/zero', 'a device'],
        [data, 'a directory'],
      ] as const) {
        const refused = addToolSet('odd', [{ ...tool, file }]);
        await expect(refused).rejects.toThrow(UsageError);
        await expect(refused).rejects.toThrow(
          `${file} cannot be read: expected a regular file, found ${kind}`,
        );
      }
      expect(toolSetNames()).toEqual([]);
    },
  );

  it('that is not there is named with the nearest, and a damaged one with what to do', async () => {
    const { deb } = place();
    const { directory } = await addToolSet('patched', [deb]);
    expect(() => findToolSet('pathced')).toThrow('did you mean `patched`?');
    writeFileSync(path.join(directory, 'tools.json'), '{}');
    expect(() => findToolSet('patched')).toThrow('cannot be read');
  });
});

describe('the name of an image with tools in it', () => {
  it('can be taken apart', () => {
    expect(splitTools(withTools('debian:trixie', 'patched'))).toEqual({
      base: 'debian:trixie',
      tools: 'patched',
    });
    expect(splitTools('ref:registry:5000/a/b@sha256:0')).toEqual({
      base: 'ref:registry:5000/a/b@sha256:0',
      tools: undefined,
    });
  });
});
