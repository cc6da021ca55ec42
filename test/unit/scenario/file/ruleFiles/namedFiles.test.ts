import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { namedFiles } from '../../../../../src/scenario/file/ruleFiles/namedFiles.js';
import { packageRoot } from '../../../../../src/support/packageRoot.js';
import { folder } from '../../../cli/harness.js';

const files = async (text: string): Promise<readonly string[]> => {
  const place = folder();
  const file = join(place, 'a.yaml');
  writeFileSync(file, text);
  return (await namedFiles(file)).map((name) => name.slice(place.length + 1));
};

describe('the files of a scenario', () => {
  it('are its own and those of rules that it names, each once', async () => {
    const stock = join(packageRoot, 'scenarios/rules/stock.iptables');
    const library = join(packageRoot, 'scenarios/close/server-first.yaml');
    expect(await namedFiles(library)).toEqual([library, stock]);
  });

  it('are known before they are there, and whatever else is wrong', async () => {
    const text = [
      'director: { rules: { file: rules/none.iptables }, nftables: { file: ./x.nft } }',
      'realserver: { rules: { file: rules/none.iptables } }',
      'nonsense: { of: [any, kind] }',
      'events: [{ at: 1, node: director, rules: { file: later.iptables } }]',
      'mutation: { what: x, director: { rules: { file: mutated.iptables } } }',
    ];
    expect(await files(text.join('\n'))).toEqual([
      'a.yaml',
      'rules/none.iptables',
      'x.nft',
      'later.iptables',
      'mutated.iptables',
    ]);
  });

  it('are its own only where nobody can tell what it names', async () => {
    expect(await files('director: [unclosed')).toEqual(['a.yaml']);
    expect(await files('*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n')).toEqual(['a.yaml']);
    expect(await namedFiles('/nowhere/a.yaml')).toEqual(['/nowhere/a.yaml']);
  });
});
