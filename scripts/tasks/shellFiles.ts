import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** What nobody here has written. */
const foreign = new Set(['.git', 'node_modules', 'dist', 'runs', 'coverage']);

const longestFirstLine = 128;

/** A first line that hands the file to a shell, whatever stands between: `#!/usr/bin/env -S bash -e`, `#!/bin/busybox sh`. */
const shellLine = /^#!.*[\s/](?:ba|da|a|k)?sh(?:\s|$)/;

/** Shell scripts below a folder: what is called so, and what its first line hands to a shell. Relative to the folder, sorted. */
export function shellFiles(folder: string): readonly string[] {
  return filesBelow(folder, '')
    .filter((file) => /\.(?:ba)?sh$/.test(file) || shellLine.test(firstLine(join(folder, file))))
    .sort();
}

function filesBelow(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = join(folder, entry.name);
    if (entry.isDirectory()) return foreign.has(entry.name) ? [] : filesBelow(root, name);
    return entry.isFile() ? [name] : [];
  });
}

function firstLine(file: string): string {
  const open = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(longestFirstLine);
    const [line = ''] = bytes.toString('latin1', 0, readSync(open, bytes)).split('\n');
    return line;
  } finally {
    closeSync(open);
  }
}
