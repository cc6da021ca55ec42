import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/support/packageRoot.js';
import { pureFolders } from '../../../vitest.config.js';

/** What a test file would leave to the next one that shares its process and its modules. */
const leaks =
  /\bvi\s*\.\s*(?:mock|doMock|stub\w*|spyOn|useFakeTimers)\b|\bprocess\.(?:chdir|umask|exitCode\s*=)|\bprocess\.env\b[^;\n]*(?<![=!])=(?!=)/;

const sourcesOf = (folder: string): readonly (readonly [name: string, source: string])[] =>
  readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [join(folder, name), readFileSync(join(packageRoot, folder, name), 'utf8')]);

describe('tests that share their modules', () => {
  it.each(pureFolders)('leave nothing behind in %s', (folder) => {
    const sources = sourcesOf(folder);
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter(([, source]) => leaks.test(source)).map(([name]) => name)).toEqual([]);
  });

  it.each([
    "vi.mock('node:fs');",
    "vi.spyOn(fs, 'read')",
    "process.env.HOME = '/x';",
    "process.env['HOME'] = '/x';",
    'process.exitCode = 1;',
    "process.chdir('/x')",
  ])('would be found by `%s`', (source) => {
    expect(leaks.test(source)).toBe(true);
  });

  it('may read the environment', () => {
    expect(leaks.test("if (process.env.HOME === '/x') run({ env: process.env });")).toBe(false);
  });
});
