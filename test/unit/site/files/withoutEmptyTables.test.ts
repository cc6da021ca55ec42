import { describe, expect, it } from 'vitest';
import { withoutEmptyTables } from '../../../../src/site/files/withoutEmptyTables.js';
import type { SiteRuleFile } from '../../../../src/site/model/site.js';

const empty = '# legacy\n*filter\n:INPUT ACCEPT [7:420]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n';
const used = empty.replace('COMMIT', '-A INPUT -j DROP\nCOMMIT');
const refusing = empty.replace('INPUT ACCEPT', 'INPUT DROP');

function kept(...files: readonly (readonly [string, SiteRuleFile['kind']?])[]): readonly number[] {
  const rules = files.map(([text, kind = 'iptables-save' as const], index) => ({
    name: `${index}`,
    text,
    kind,
  }));
  return withoutEmptyTables(rules).map(({ name }) => Number(name));
}

describe('texts of iptables with no rule', () => {
  it('are left out beside one that has rules, before it and behind it', () => {
    expect(kept([empty], [used])).toEqual([1]);
    expect(kept([used], [empty])).toEqual([0]);
    expect(kept([refusing], [empty])).toEqual([0]);
  });

  it('stay where there is no other of their family', () => {
    expect(kept([empty])).toEqual([0]);
    expect(kept([empty], [used, 'ip6tables-save'])).toEqual([0, 1]);
    expect(kept([empty], ['table ip filter {\n}\n', 'nft'])).toEqual([0, 1]);
  });

  it('stay where a policy refuses', () => {
    expect(kept([refusing], [used])).toEqual([0, 1]);
  });
});
