import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256, sha256OfFile } from '../../../../src/support/files/sha256.js';
import { tempFolder } from '../../engine/tempFolder.js';

describe('SHA-256', () => {
  it('of a file of more than one chunk is that of the whole', async () => {
    const file = path.join(tempFolder(), 'big');
    const content = Buffer.alloc((1 << 20) + 7, 'x');
    writeFileSync(file, content);
    const digest = createHash('sha256').update(content).digest('hex');
    expect(await sha256OfFile(file)).toBe(digest);
    expect(sha256(content)).toBe(digest);
  });
});
