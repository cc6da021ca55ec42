import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished, vi } from 'vitest';

/** A fresh folder that is gone when the test is over. Its path is short: Unix sockets are put in there. */
export function tempFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'll-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Sets environment variables until the test is over; undefined removes one. */
export function withEnvironment(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

/** The cache in a folder of this test's own; returns the cache's directory. */
export function ownCache(): string {
  const folder = tempFolder();
  withEnvironment({ XDG_CACHE_HOME: folder });
  return path.join(folder, 'lvs-lab');
}
