import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Comparison } from '../../../src/report/compare/compareResults.js';
import type { ResultDocument } from '../../../src/report/document/documentSchema.js';
import { hostCommand } from '../../../src/support/exec.js';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { libraryText } from '../../unit/scenario/libraryText.js';
import { cli, expectExit } from '../support/commandLine.js';

const twins = ['stock', 'patched'];

let folder: string;
const at = (...names: readonly string[]): string => path.join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lvs-lab-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The scenario that the patch is for, with clients that reset. */
async function resettingClients(): Promise<string> {
  const text = libraryText('sysctls/conntrack-dr');
  const file = at('client-reset.yaml');
  expect(text).toContain('first: server, how: fin');
  await writeFile(
    file,
    text.replace('first: server, how: fin', 'first: client, how: rst').replace('conntrack-dr', 'reset'),
  );
  return file;
}

/** `kernel scenario` -> what the connections came to, and how many packets a rule rejected. */
async function outcomes(directory: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(path.join(directory, 'results.json'), 'utf8');
  const { scenarios } = JSON.parse(text) as ResultDocument;
  return Object.fromEntries(
    scenarios.map(({ cell, id, result, verdict }) => {
      const rejected = verdict?.measured?.numbers.rejected ?? [];
      const packets = rejected.reduce((sum, rule) => sum + rule.packets, 0);
      const outcome = verdict?.measured?.outcome ?? result;
      return [`${cell.kernel ?? '-'} ${id}`, packets > 0 ? `${outcome}, packets rejected` : outcome];
    }),
  );
}

describe('the worked example of a changed module', () => {
  it('is built for the stock kernel in a throw-away root, and leaves nothing else behind', async () => {
    // The script's own temporary folder, so that what it leaves there is seen.
    const temporary = at('tmp');
    await mkdir(temporary, { mode: 0o1777 });
    const argv = [path.join(packageRoot, 'lab/kernel-fix/build.sh'), at('modules')];
    await hostCommand(argv, {
      purpose: 'build the modules',
      seconds: 550,
      tied: true,
      env: { TMPDIR: temporary },
      signal: new AbortController().signal,
    });
    expect((await readdir(at('modules'))).sort()).toEqual(['patched', 'release', 'stock']);
    expect(await readdir(temporary)).toEqual([]);
  });

  it('makes the broken scenario healthy, and the twin without the patch does not', async () => {
    const env = { XDG_DATA_HOME: at('data') };
    for (const name of twins) {
      const argv = [
        'kernel',
        'add',
        name,
        '--from',
        'debian:bookworm',
        '--module',
        at('modules', name, 'ip_vs.ko'),
      ];
      const added = await cli(argv, env);
      expect(added.stderr).not.toContain('vermagic');
      expectExit(added, 0);
    }
    const ran = await cli(
      [
        'run',
        'sysctls/conntrack-dr',
        await resettingClients(),
        'close/server-first',
        '--kernel',
        twins.join(','),
        '--engine',
        'vm',
        '--out',
        at('out'),
      ],
      env,
    );
    // What the files expect is what a stock kernel does: the patched one fails them.
    expectExit(ran, 1);
    expect(await outcomes(at('out'))).toEqual({
      'stock sysctls/conntrack-dr': 'handshake-blocked, packets rejected',
      'stock sysctls/reset': 'handshake-blocked, packets rejected',
      'stock close/server-first': 'close-blocked, packets rejected',
      'patched sysctls/conntrack-dr': 'healthy',
      'patched sysctls/reset': 'healthy',
      // Without vs.conntrack=1 the patch has no say.
      'patched close/server-first': 'close-blocked, packets rejected',
    });
    const compared = await cli(['compare', at('out', 'stock'), at('out', 'patched'), '--json']);
    const { cells } = JSON.parse(compared.stdout) as Comparison;
    expect(cells.map(({ scenario, change, asExpected: { b } }) => [scenario, change, b])).toEqual([
      ['sysctls/conntrack-dr', 'better', false],
      ['sysctls/reset', 'better', false],
      ['close/server-first', 'same', true],
    ]);
    expectExit(compared, 0);
    // Two kernels that are added and booted, which on a machine with other work takes longer than a test usually may.
  }, 900_000);
});
