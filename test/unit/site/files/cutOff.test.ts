import { describe, expect, it } from 'vitest';
import { readSite } from '../../../../src/site/readSite.js';

const told = (text: string): readonly string[] =>
  readSite([{ name: 'f', text, isNamed: true }]).problems.map(
    ({ done, at, message }) => `${done} ${at?.line ?? 0}: ${message}`,
  );
const table = '*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 80 -j ACCEPT\nCOMMIT\n';
const nft =
  'table inet f {\n  chain in {\n    type filter hook input priority 0; policy drop;\n    iifname { "a{", "b" } accept # {\n  }\n}\n';

describe('a file that was cut', () => {
  it('is told where a table has no COMMIT', () => {
    expect(told(`${table}# Completed on Mon\n`)).toEqual([]);
    expect(told(table.replaceAll('\n', '\r\n'))).toEqual([]);
    expect(told(table.slice(0, 60))).toEqual([
      'refused 1: expected COMMIT behind the rules of table filter, found the end of the file: was the file cut?',
    ]);
    expect(told(`*nat\n:PREROUTING ACCEPT [0:0]\n${table}`)).toEqual([
      'refused 1: expected COMMIT behind the rules of table nat, found table filter: was the file cut?',
    ]);
  });

  it('is told where a block of nft has no end, or one too many', () => {
    expect(told(nft)).toEqual([]);
    expect(told(nft.slice(0, -2))).toEqual([
      'refused 1: expected a `}` for the block that begins here, found the end of the file: was it cut?',
    ]);
    expect(told(`${nft}}\n`)).toEqual(['refused 7: expected no `}` here, for no block is open']);
  });

  it.each([
    ['ipvsadm', '-A -t 192.0.2.1:80 -s rr\n-a -t 192.0.2.1:80 -r 10.0.0.1:8'],
    ['iptables -S', '-P INPUT DROP\n-A INPUT -p tcp --dport 8'],
    ['ipset', 'create a hash:ip\nadd a 192.0.2.1'],
  ])('is noted where its last line has no end: %s', (_, text) => {
    expect(told(`${text}\n`)).toEqual([]);
    expect(told(text)).toEqual([
      'noted 2: the last line has no end: where the file was cut there, more is missing',
    ]);
  });
});
