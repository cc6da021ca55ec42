import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkShell } from '../../../../scripts/tasks/checkShell.js';

let folder: string;
let printed: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-lab-shell-'));
  printed = '';
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const check = (searchPath = process.env['PATH'] ?? '') =>
  checkShell({ folder, install: false, searchPath, print: (text) => (printed += text) });

describe('npm run shell', () => {
  it('says nothing of a script that is right', async () => {
    writeFileSync(join(folder, 'good'), '#!/bin/sh\nrm -f "$1"\n');
    expect(await check()).toBe(true);
    expect(printed).toBe('1 shell scripts, nothing to say of them\n');
  });

  it('finds a script that is not, whatever its name, and says where', async () => {
    writeFileSync(join(folder, 'good'), '#!/bin/sh\nrm -f "$1"\n');
    writeFileSync(join(folder, 'bad'), '#!/bin/sh\nrm -f $1\n');
    expect(await check()).toBe(false);
    expect(printed).toMatch(/In bad line 2:[^]*SC2086/);
    expect(printed).not.toContain('nothing to say');
  });

  it('fails where the program is not there, and says what to install', async () => {
    writeFileSync(join(folder, 'good'), '#!/bin/sh\n');
    await expect(check(folder)).rejects.toMatchObject({
      message: 'the program shellcheck, which checks shell scripts, is not installed',
      hint: 'on Debian or Ubuntu type: sudo apt-get install -y --no-install-recommends shellcheck',
    });
  });

  it('fails where there is no script at all', async () => {
    await expect(check()).rejects.toThrow('no shell scripts');
  });
});
