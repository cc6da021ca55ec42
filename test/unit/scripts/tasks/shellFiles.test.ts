import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shellFiles } from '../../../../scripts/tasks/shellFiles.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lvs-lab-shell-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

describe('shell scripts', () => {
  it.each([
    '#!/bin/sh',
    '#!/bin/bash -e',
    '#! /bin/dash',
    '#!/usr/bin/env bash',
    '#!/usr/bin/env -S bash -eu',
    '#!/bin/busybox sh',
  ])('are told by the first line %s', (line) => {
    put('a/b/init', `${line}\necho\n`);
    expect(shellFiles(folder)).toEqual(['a/b/init']);
  });

  it.each(['#!/usr/bin/env node', '#!/usr/bin/perl', '#!/usr/bin/fish', 'echo sh', '', '# !/bin/sh'])(
    'are not files that begin with %o',
    (line) => {
      put('other', `${line}\n#!/bin/sh\n`);
      expect(shellFiles(folder)).toEqual([]);
    },
  );

  it('are told by their names where they have no such line', () => {
    put('functions.sh', 'say() { echo "$1"; }\n');
    expect(shellFiles(folder)).toEqual(['functions.sh']);
  });

  it('of others are left out', () => {
    for (const name of ['node_modules/x/a.sh', 'dist/a.sh', '.git/hooks/a.sh', 'lab/dist.sh']) put(name, '');
    expect(shellFiles(folder)).toEqual(['lab/dist.sh']);
  });

  it('of this repository are found wherever they are', () => {
    const found = shellFiles(packageRoot);
    expect(found).toEqual(
      expect.arrayContaining([
        '.ci/run',
        'bench/places/measure.sh',
        'images/packages.sh',
        'lab/guest/init',
        'lab/guest/initramfs-init',
        'lab/kernel-fix/build.sh',
        'lab/node/server/stop.sh',
      ]),
    );
  });
});
