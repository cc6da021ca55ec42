import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../src/support/packageRoot.js';

it('is the folder of package.json, absolute', () => {
  expect(isAbsolute(packageRoot)).toBe(true);
  expect(packageRoot.endsWith('/')).toBe(false);
  const { name } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { name: string };
  expect(name).toBe('lvs-lab');
});
