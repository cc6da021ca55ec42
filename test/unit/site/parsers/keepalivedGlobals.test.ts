import { describe, expect, it } from 'vitest';
import { readKeepalived } from '../../../../src/site/parsers/keepalived.js';
import { readSite } from '../../../../src/site/readSite.js';

const service = 'virtual_server 192.0.2.10 80 {\n real_server 10.0.0.1 80 {\n }\n}\n';

function read(globals: readonly string[], instance: readonly string[] = []) {
  const text = [
    'global_defs {',
    ...globals,
    '}',
    'vrrp_instance VI {',
    ...instance,
    ' virtual_ipaddress {',
    '  192.0.2.10/24',
    ' }',
    '}',
    service,
  ].join('\n');
  return readKeepalived({ name: 'keepalived.conf', text });
}

describe('addresses for which keepalived drops packets', () => {
  it.each([
    ['vrrp_strict', [], 2],
    ['vrrp_strict on', [], 2],
    ['vrrp_strict no', [], undefined],
    ['', [], undefined],
    ['', ['strict_mode on'], 5],
    ['vrrp_strict', ['strict_mode off'], undefined],
    ['', ['no_accept'], 5],
    ['vrrp_strict', ['accept'], 2],
    ['vrrp_strict', ['version 3', 'accept'], undefined],
    ['vrrp_strict', ['version 3'], 2],
    ['vrrp_strict', ['priority 255'], undefined],
  ])('with `%s` and %j: by line %s', (global, instance, line) => {
    const { dropped } = read([global], instance);
    const expected = line === undefined ? [] : [['192.0.2.10', line]];
    expect(dropped.map(({ address, at }) => [address, at.line])).toEqual(expected);
  });

  it('are in a table that is read with the rules, unless they have it', () => {
    const files = (nft: string) => [
      {
        name: 'keepalived.conf',
        text: `global_defs {\n vrrp_strict\n}\nvrrp_instance VI {\n virtual_ipaddress {\n  192.0.2.10\n  2001:db8::10\n }\n}\n${service}`,
      },
      { name: 'rules.nft', text: nft },
    ];
    const [, implied] = readSite(files('table inet filter {\n}\n')).rules;
    expect(implied).toMatchObject({ isImplied: true, kind: 'nft' });
    expect(implied?.text).toContain('ip daddr 192.0.2.10 drop');
    expect(implied?.text).toContain('ip6 daddr 2001:db8::10 meta l4proto != ipv6-icmp drop');
    expect(new Set(implied?.places?.map(({ file, line }) => `${file}:${line}`))).toEqual(
      new Set(['keepalived.conf:2']),
    );
    expect(readSite(files('table ip keepalived {\n}\n')).rules).toHaveLength(1);
  });
});

describe('global_defs', () => {
  it('names what is used, and what is left out, with the reason', () => {
    const { problems } = read([
      'router_id x',
      'lvs_timeouts tcp 7200',
      'lvs_sync_daemon eth1 VI',
      'lvs_flush',
      'vrrp_strict',
    ]);
    expect(
      problems.map(({ done, at, message }) => `${done} ${at?.line ?? '-'} ${message.split('`')[1] ?? ''}`),
    ).toEqual([
      'left out 3 lvs_timeouts tcp 7200',
      'left out 4 lvs_sync_daemon eth1 VI',
      'left out 5 lvs_flush',
      'noted 6 vrrp_strict',
    ]);
  });

  it('says in which network namespace services are', () => {
    expect(read(['net_namespace_ipvs lb']).found[0]?.namespace).toMatchObject({
      name: 'lb',
      at: { line: 2 },
    });
    expect(read(['router_id lb']).found[0]?.namespace).toBeUndefined();
  });
});
