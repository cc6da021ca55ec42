import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { guard, RefusedProfile, type Devices } from '../../../../lab/load/guard.js';
import type { FlowProfile } from '../../../../src/scenario/flows.js';
import { profile6Of, profileOf } from './profile.js';

const mac = '02:42:c6:12:07:02';

const has = (address: string) => ({ address, mac }) as NetworkInterfaceInfo;
const devices: Devices = {
  lo: [has('127.0.0.1')],
  eth0: [has('198.18.7.2'), has('fd07::2'), has('fe80::2')],
  eth1: [has('192.0.2.2')],
};

const refusal = (profile: FlowProfile, present = devices): string => {
  try {
    guard(profile, present);
  } catch (error) {
    if (error instanceof RefusedProfile) return error.message;
    throw error;
  }
  return 'none';
};

const flat = (network: string, base: string) =>
  profileOf({
    networks: [network],
    vip: `${base}9`,
    nextHop: `${base}9`,
    address: `${base}2`,
    sources: [20, 21, 22, 23].map((last) => `${base}${last}`),
  });

describe('the guard lets through', () => {
  it('a profile that stays within the lab, and tells the MAC address of its interface', () => {
    expect(guard(profileOf(), devices)).toBe(mac);
    expect(guard(profile6Of(), devices)).toBe(mac);
  });

  it.each([
    ['10.1.2.0/24', '10.1.2.'],
    ['172.31.0.0/16', '172.31.0.'],
    ['192.168.4.0/22', '192.168.4.'],
    ['100.127.0.0/24', '100.127.0.'],
    ['198.19.255.0/24', '198.19.255.'],
  ])('the private network %s', (network, base) => {
    expect(refusal(flat(network, base), { eth0: [has(`${base}2`)] })).toBe('none');
  });

  it('a VIP behind a router', () => {
    const routed = { networks: ['198.18.7.0/24', '198.18.8.0/24'], vip: '198.18.8.9', nextHop: '198.18.7.1' };
    expect(refusal(profileOf(routed))).toBe('none');
  });

  it('all that it does at most', () => {
    const sources = Array.from({ length: 64 }, (_, index) => `198.18.7.${index + 20}`);
    const most = { count: 1_000_000, rate: 100_000, ramp: 3600, concurrency: 1_000_000, sources: 64 };
    expect(refusal(profileOf({ sources, deadline: 3600, firstFlow: 1_000_000 }, most))).toBe('none');
  });
});

describe('the guard refuses a network', () => {
  it.each([
    ['172.32.0.0/24', '172.32.0.'],
    ['172.15.0.0/24', '172.15.0.'],
    ['192.169.0.0/24', '192.169.0.'],
    ['100.128.0.0/24', '100.128.0.'],
    ['198.20.0.0/24', '198.20.0.'],
    ['8.8.8.0/24', '8.8.8.'],
    ['127.0.0.0/8', '127.0.0.'],
    // Reaches beyond what is private.
    ['10.0.0.0/7', '10.0.0.'],
    ['0.0.0.0/0', '10.0.0.'],
  ])('that is not private: %s', (network, base) => {
    expect(refusal(flat(network, base), { eth0: [has(`${base}2`)] })).toMatch(
      /^the load profile was refused: networks: expected networks within 10\.0\.0\.0\/8, .*, found/,
    );
  });

  it.each(['198.18.7.0', '198.18.7.0/33', 'lab', '198.18.7.0/24 ', ''])('that is none: %j', (network) => {
    expect(refusal(profileOf({ networks: [network] }))).toContain('networks: expected');
  });

  it('one after others that are private', () => {
    expect(refusal(profileOf({ networks: ['198.18.7.0/24', '8.8.8.0/24'] }))).toContain('found 8.8.8.0/24');
  });

  it('of IPv6 that is not unique local', () => {
    expect(refusal(profile6Of({ networks: ['2001:db8::/32', 'fd07::/64'] }))).toContain(
      'found 2001:db8::/32',
    );
    expect(refusal(profile6Of({ networks: ['fe80::/10'] }))).toContain('networks');
  });

  it('where there is none', () => {
    expect(refusal(profileOf({ networks: [] }))).toContain('networks: expected at least one');
  });
});

describe('the guard refuses an address outside of the networks', () => {
  it.each(['vip', 'nextHop', 'address'] as const)('%s', (where) => {
    expect(refusal(profileOf({ [where]: '198.18.8.1' }))).toBe(
      `the load profile was refused: ${where}: expected an ipv4 address within 198.18.7.0/24, found 198.18.8.1`,
    );
    expect(refusal(profile6Of({ [where]: 'fd08::1' }))).toContain(`${where}: expected an ipv6 address`);
  });

  it('of a source', () => {
    const sources = ['198.18.7.20', '198.18.7.21', '8.8.8.8', '198.18.7.23'];
    expect(refusal(profileOf({ sources }))).toContain('sources[2]: expected an ipv4 address');
  });

  it.each(['fd07::9', '::ffff:198.18.7.9', '198.18.7.9%eth0', 'director', ''])(
    '%j, which is none of IPv4',
    (vip) => {
      expect(refusal(profileOf({ vip, networks: ['198.18.7.0/24', 'fd07::/64'] }))).toContain(
        'vip: expected',
      );
    },
  );

  it('an IPv4 address in the guise of an IPv6 one', () => {
    expect(
      refusal(profile6Of({ vip: '::ffff:198.18.7.9', networks: ['fd07::/64', '198.18.7.0/24'] })),
    ).toContain('vip');
  });
});

describe('the guard refuses sources', () => {
  const second = (address: string) => ['198.18.7.20', address, '198.18.7.22', '198.18.7.23'];

  it.each(['198.18.7.9', '198.18.7.2', '198.18.7.20'])('that are somebody: %s', (address) => {
    expect(refusal(profileOf({ sources: second(address) }))).toContain(
      'sources[1]: expected an address that nobody else has',
    );
  });

  it('that are of the host', () => {
    const present = { ...devices, eth2: [has('198.18.7.21')] };
    expect(refusal(profileOf(), present)).toContain(
      'sources: expected addresses that this host does not have',
    );
    expect(refusal(profileOf({ sources: second('198.18.7.31') }), present)).toBe('none');
  });

  it('of another number than it says', () => {
    expect(refusal(profileOf({}, { sources: 5 }))).toContain('flows.sources: expected 4');
  });
});

describe('the guard refuses the interface', () => {
  it.each([
    ['eth1', 'eth1 (192.0.2.2)'],
    ['lo', 'lo (127.0.0.1)'],
    ['eth7', 'eth7 (no address)'],
  ])('%s, which is not on the networks', (device, found) => {
    expect(refusal(profileOf({ device }))).toBe(
      `the load profile was refused: device: expected an interface with an address within 198.18.7.0/24, found ${found}`,
    );
  });

  it('that does not have the address which is to ask for the next hop', () => {
    expect(refusal(profileOf({ address: '198.18.7.3' }))).toContain('address: expected an address of eth0');
  });
});

describe('the guard refuses excess', () => {
  it.each([
    ['flows.count', { count: 1_000_001 }],
    ['flows.count', { count: 0 }],
    ['flows.count', { count: 1.5 }],
    ['flows.rate', { rate: 100_001 }],
    ['flows.rate', { rate: NaN }],
    ['flows.rate', { rate: -1 }],
    ['flows.ramp', { ramp: 3601 }],
    ['flows.concurrency', { concurrency: 1_000_001 }],
    ['flows.retries.close', { retries: { open: 5, data: 8, close: 16 } }],
    ['flows.mix', { mix: [] }],
    ['firstFlow and flows.count', { count: 4 * 64_512 + 1 }],
  ])('in %s', (where, flows) => {
    expect(refusal(profileOf({}, flows))).toContain(`refused: ${where}: expected`);
  });

  it.each([
    ['deadline', { deadline: 3601 }],
    ['deadline', { deadline: 0 }],
    ['deadline', { deadline: '60' as unknown as number }],
    ['firstFlow', { firstFlow: -1 }],
    ['ports', { ports: [] }],
    ['ports', { ports: [65_536] }],
    ['mss', { mss: 1461 }],
    ['mss', { mss: 0 }],
  ])('in %s of the profile', (where, over) => {
    expect(refusal(profileOf(over))).toContain(`refused: ${where}: expected`);
  });

  it('in the number of sources', () => {
    const sources = Array.from({ length: 65 }, (_, index) => `198.18.7.${index + 20}`);
    expect(refusal(profileOf({ sources }, { sources: 65 }))).toContain(
      'sources: expected a number from 1 to 64',
    );
  });
});

describe('the guard refuses what is no profile', () => {
  it.each([null, 7, 'go', {}, { flows: {} }])('%j', (document) => {
    expect(refusal(document as unknown as FlowProfile)).toContain('the load profile was refused: the whole');
  });
});
