import { describe, expect, it } from 'vitest';
import { installCommand } from '../../../../src/engine/debian/install.js';

describe('installCommand', () => {
  it('is a line to paste, with each package once', () => {
    expect(installCommand(['qemu-utils', 'cpio', 'qemu-utils'])).toBe(
      'sudo apt-get install -y --no-install-recommends qemu-utils cpio',
    );
  });
});
