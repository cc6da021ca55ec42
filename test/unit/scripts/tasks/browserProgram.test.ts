import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { browserProgram, installBrowser } from '../../../../scripts/tasks/browserProgram.js';
import { folder } from '../../cli/harness.js';

describe('the browser of the tests', () => {
  it('is the first Chromium in the search path, which is then not installed', async () => {
    const place = folder();
    writeFileSync(join(place, 'chromium'), '#!/bin/sh\n');
    chmodSync(join(place, 'chromium'), 0o755);
    await installBrowser(place);
    expect(browserProgram(`${folder()}:${place}`)).toBe(join(place, 'chromium'));
  });

  it('is missed with the command that installs one', () => {
    expect(() => browserProgram(folder())).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('apt-get install') as unknown }) as Error,
    );
  });
});
