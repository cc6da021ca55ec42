import { describe, expect, it } from 'vitest';
import { section, unmatchedOf } from './found.js';

const topology =
  'topology: { realservers: 1, vip: 192.0.2.10, addresses: { client: 203.0.113.7, director: 10.0.0.1, realserver1: 10.0.0.11 }, devices: { director: { clients: bond0, realservers: bond1.12 } } }\n';

const rules = (...lines: readonly string[]) =>
  unmatchedOf(
    section(
      'director',
      'rules',
      ['*filter', ':INPUT DROP [0:0]', ':OUTPUT DROP [0:0]', ...lines, 'COMMIT'].join('\n'),
      topology,
    ),
  );

describe("a director with the site's own names", () => {
  it.each([
    ['-A INPUT -i bond0 -j ACCEPT', []],
    ['-A OUTPUT -o bond1.12 -j ACCEPT', []],
    ['-A INPUT -i bond+ -j ACCEPT', []],
    ['-A INPUT -i eth0 -j ACCEPT', ['! interface eth0']],
    ['-A INPUT -i bond2 -j ACCEPT', ['! interface bond2']],
    ['-A INPUT -s 203.0.113.0/24 -j ACCEPT', []],
    ['-A INPUT -s 203.0.112.0/24 -j ACCEPT', ['! address 203.0.112.0/24']],
    ['-A INPUT -s 198.18.7.0/24 -j ACCEPT', ['! address 198.18.7.0/24']],
    ['-A OUTPUT -d 10.0.0.11/32 -j ACCEPT', []],
    ['-A OUTPUT -d 10.0.0.12/32 -j ACCEPT', ['! address 10.0.0.12/32']],
  ])('%s', async (rule, found) => {
    expect(await rules(rule)).toEqual(found);
  });
});
