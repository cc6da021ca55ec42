import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/support/packageRoot.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lvs-lab-prepare-'));
  writeFileSync(
    join(root, 'package.json'),
    '{ "type": "module", "scripts": { "build": "mkdir dist && touch dist/made" } }',
  );
  for (const name of ['prepare.mjs', 'bootstrap', 'tasks']) {
    cpSync(join(packageRoot, 'scripts', name), join(root, 'scripts', name), { recursive: true });
  }
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const prepare = (args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'prepare.mjs'), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
  });
  return { status, stderr };
};

/** Makes the folder look as behind `npm ci`: with what builds. */
function installTools(): void {
  mkdirSync(join(root, 'node_modules'));
  cpSync(join(packageRoot, 'node_modules', 'tsx'), join(root, 'node_modules', 'tsx'), { recursive: true });
  for (const name of ['esbuild', '@esbuild', 'get-tsconfig', 'resolve-pkg-maps']) {
    const from = join(packageRoot, 'node_modules', name);
    if (existsSync(from)) cpSync(from, join(root, 'node_modules', name), { recursive: true });
  }
  mkdirSync(join(root, 'node_modules', 'typescript'));
}

describe('what npm runs behind an install, and before it packs', () => {
  it('builds what is not built', () => {
    installTools();
    expect(prepare()).toMatchObject({ status: 0 });
    expect(existsSync(join(root, 'dist', 'made'))).toBe(true);
    expect(prepare(['--must']).stderr).not.toContain('building');
  });

  it('leaves an install without the tools that build as it is, and lets nobody pack it', () => {
    expect(prepare()).toMatchObject({ status: 0, stderr: expect.stringContaining('not built') as string });
    expect(prepare(['--must'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('`npm pack`') as string,
    });
  });

  it('fails where npm would install a git URL for all, which leaves a link to a folder that it removes', () => {
    expect(prepare([], { npm_config_global: 'true' })).toMatchObject({ status: 2 });
    installTools();
    expect(prepare([], { npm_config_global: 'true' })).toMatchObject({ status: 0 });
  });

  it('fails when the build does', () => {
    installTools();
    writeFileSync(join(root, 'package.json'), '{ "type": "module", "scripts": { "build": "exit 3" } }');
    expect(prepare()).toMatchObject({ status: 2, stderr: expect.stringContaining('exit code 3') as string });
  });
});
