import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { installRuleTools, ruleTools } from '../../../../scripts/tasks/ruleTools.js';
import { folder } from '../../cli/harness.js';

const programs = ['iptables-restore', 'ip6tables-restore', 'nft', 'ip', 'unshare', 'patch'];

/** A folder with these programs. */
function having(names: readonly string[]): string {
  const place = folder();
  for (const name of names) {
    writeFileSync(join(place, name), '#!/bin/sh\n');
    chmodSync(join(place, name), 0o755);
  }
  return place;
}

it('finds all programs in the search path, which are then not installed', async () => {
  const place = having(programs);
  await installRuleTools(place);
  expect(ruleTools(place)).toEqual(programs.map((name) => join(place, name)));
});

it('names those that are missing, and the packages that have them', () => {
  const place = having(programs.filter((name) => !name.includes('tables') && name !== 'nft'));
  expect(() => ruleTools(place)).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/: iptables-restore, ip6tables-restore, nft$/) as unknown,
      hint: expect.stringMatching(/ iptables nftables$/) as unknown,
    }) as Error,
  );
});
