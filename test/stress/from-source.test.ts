import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseResults } from '../../src/report/document/parseResults.js';
import { hostCommand } from '../../src/support/exec.js';
import { packageRoot } from '../../src/support/packageRoot.js';
import { cli, expectExit } from '../integration/support/commandLine.js';
import { temporaryFolder } from '../integration/support/run.js';

/** Gives bookworm's iptables a version that nobody has released. */
const patch = `--- a/configure.ac
+++ b/configure.ac
@@ -2 +2 @@
-AC_INIT([iptables], [1.8.9])
+AC_INIT([iptables], [1.8.9-mine])
`;

/** iptables, and the libraries that it wants in its own version. */
const wanted = ['iptables', 'libip4tc2', 'libip6tc2', 'libxtables12'];

/** The packages of an iptables with the patch, built in this folder as docs/platforms/from-source.md says. */
async function patchedPackages(folder: string): Promise<readonly string[]> {
  await writeFile(path.join(folder, 'mine.patch'), patch);
  const script = path.join(packageRoot, 'lab', 'from-source', 'build.sh');
  const argv = ['bash', script, '--patch', 'mine.patch', 'iptables', 'built'];
  await hostCommand(argv, { purpose: 'build iptables', seconds: 3_600, cwd: folder });
  const built = await readdir(path.join(folder, 'built'));
  return wanted.map((name) => {
    const file = built.find((one) => one.startsWith(`${name}_`));
    if (file === undefined) throw new Error(`expected a package of ${name}, found ${built.join(', ')}`);
    return path.join(folder, 'built', file);
  });
}

describe('an iptables that was built from source with a version of its own', () => {
  it('runs beside the released one, and provenance and table tell them apart', async () => {
    const folder = await temporaryFolder();
    const packages = await patchedPackages(folder);
    const env = { XDG_DATA_HOME: path.join(folder, 'data') };
    const added = ['tools', 'add', 'patched', ...packages.flatMap((file) => ['--deb', file])];
    expectExit(await cli(added, env), 0);
    const out = path.join(folder, 'both');
    const run = ['run', 'close/server-first', 'close/server-first-fixed', '--tools', 'none,patched'];
    expectExit(await cli([...run, '--engine', 'vm', '--out', out], env), 0);

    const file = path.join(out, 'results.json');
    const { engines, results } = parseResults(await readFile(file, 'utf8'), file, out);
    expect(results.map(({ verdict }) => verdict?.result)).toEqual(['pass', 'pass', 'pass', 'pass']);
    const versions = engines.map(({ image, provenance }) => {
      const { iptables, packages: installed } = provenance?.roles['director'] ?? {};
      return [image, iptables, installed?.['iptables'], installed?.['libxtables12']];
    });
    expect(versions).toEqual([
      ['auto', 'iptables v1.8.9 (nf_tables)', '1.8.9-2', '1.8.9-2'],
      ['auto+patched', 'iptables v1.8.9-mine (nf_tables)', '1.8.9-2+lab1', '1.8.9-2+lab1'],
    ]);

    const table = await cli(['table', out, '--markdown']);
    expectExit(table, 0);
    expect(table.stdout.match(/\(bookworm\): iptables [^ ,]+|with iptables_[^ ]+/g)).toEqual([
      '(bookworm): iptables 1.8.9-2',
      '(bookworm): iptables 1.8.9-2+lab1',
      'with iptables_1.8.9-2+lab1_amd64.deb',
    ]);
  });
});
