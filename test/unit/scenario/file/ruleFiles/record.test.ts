import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../../../../src/scenario/file/loadScenario.js';
import { inFolder, minimal } from '../../scenarioFile.js';

const rules = (target: string) => `*filter\n-A INPUT -j ${target}\nCOMMIT\n`;
const scenario = `${minimal}# whose
director:
  rules: { file: ../rules/a.iptables } # the site's
realserver:
  rules:
    file: >-
      b/a.iptables
  nftables: { file: ../rules/2 }
client: { rules: { file: ../rules/../rules/a.iptables } }
mutation: { what: x, director: { rules: { file: ./c/a.iptables } } }
`;
const files = {
  'site/mine.yaml': scenario,
  'rules/a.iptables': rules('ACCEPT'),
  'rules/2': 'table inet t { }\n',
  'site/b/a.iptables': rules('DROP'),
  'site/c/a.iptables': rules('REJECT'),
};

const loaded = (some: Readonly<Record<string, string>> = {}, name = 'site/mine.yaml') =>
  inFolder({ ...files, ...some }, (folder) => loadScenario(join(folder, name)));

describe('what a run keeps of a scenario', () => {
  it('is its file, byte for byte, where it names no other', async () => {
    const text = `\ufeff${minimal}# the end`;
    const { record, hash } = await loaded({ 'site/mine.yaml': text });
    expect(record).toEqual([{ name: 'scenario.yaml', text }]);
    expect(hash).toBe(createHash('sha256').update(text).digest('hex'));
  });

  it('is its file with the names of copies, each rule file once, and those', async () => {
    const { record } = await loaded();
    expect(record).toEqual([
      {
        name: 'scenario.yaml',
        text: scenario
          .replaceAll(/\.\.\/rules\/(?:\.\.\/rules\/)?a\.iptables/g, '"rules/a.iptables"')
          .replace('>-\n      b/a.iptables\n', '"rules/2/a.iptables"\n')
          .replace('../rules/2 }', '"rules/3/2" }')
          .replace('./c/a.iptables', '"rules/4/a.iptables"'),
      },
      { name: 'rules/a.iptables', text: rules('ACCEPT') },
      { name: 'rules/2/a.iptables', text: rules('DROP') },
      { name: 'rules/3/2', text: 'table inet t { }\n' },
      { name: 'rules/4/a.iptables', text: rules('REJECT') },
    ]);
  });

  it('can be run from where it is, and is the same scenario', async () => {
    const first = await loaded();
    const copies = Object.fromEntries(first.record.map(({ name, text }) => [`run/${name}`, text]));
    const again = await inFolder(copies, (folder) => loadScenario(join(folder, 'run/scenario.yaml')));
    expect(again.hash).toBe(first.hash);
    expect(again.roles).toEqual(first.roles);
    expect(again.mutation?.scenario.roles).toEqual(first.mutation?.scenario.roles);
    expect(again.record).toEqual(first.record);
  });
});

describe('the hash of a scenario that names rule files', () => {
  it('is over their texts, and over its own, but not over their names', async () => {
    const { hash } = await loaded();
    const renamed = {
      'site/mine.yaml': scenario.replace('./c/a', 'd/b'),
      'site/d/b.iptables': rules('REJECT'),
    };
    expect((await loaded(renamed)).hash).toBe(hash);
    expect((await loaded({ 'site/c/a.iptables': rules('RETURN') })).hash).not.toBe(hash);
    expect((await loaded({ 'site/mine.yaml': scenario.replace('# whose', '# theirs') })).hash).not.toBe(hash);
  });

  it('goes by what an alias stands for', async () => {
    const text = `${minimal}director: { rules: { file: &it ../rules/a.iptables } }\nclient: { rules: { file: *it } }\n`;
    const { record, hash } = await loaded({ 'site/mine.yaml': text });
    expect(record.map(({ name }) => name)).toEqual(['scenario.yaml', 'rules/a.iptables']);
    const copies = Object.fromEntries(record.map((one) => [one.name, one.text]));
    const again = await inFolder(copies, (folder) => loadScenario(join(folder, 'scenario.yaml')));
    expect(again.hash).toBe(hash);
    expect(again.roles.client.rules).toBe(rules('ACCEPT'));
  });
});
