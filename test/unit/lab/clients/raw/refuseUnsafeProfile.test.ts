import type { FlowProfile } from '../../../../../src/contracts/agents/flowProfile.js';
import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { refuseUnsafeProfile } from '../../../../../lab/clients/raw/refuseUnsafeProfile.js';
import { RefusedProfile } from '../../../../../lab/clients/raw/readProfile.js';
import type { Devices, NetworkNamespace } from '../../../../../lab/clients/raw/namespace.js';
import { profile6Of, profileOf } from './profile.js';

const { mac } = profileOf();

const has = (cidr: string) => ({ address: cidr.split('/')[0], cidr, mac }) as NetworkInterfaceInfo;
const devices: Devices = {
  lo: [has('127.0.0.1/8'), has('::1/128')],
  eth0: [has('198.18.7.2/24'), has('fd07::2/64'), has('fe80::2/64')],
};
const client: NetworkNamespace = {
  devices,
  routes: [{ device: 'eth0', to: '198.18.7.0/24', gateway: undefined }],
  isInitial: false,
};

/** What the guard says of a profile in the client's namespace, or in one that differs from it. */
const refusal = (profile: FlowProfile, changes: Partial<NetworkNamespace> = {}): string => {
  try {
    refuseUnsafeProfile(profile, { ...client, ...changes });
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

/** A namespace that has this network and no other. */
const on = (network: string, base: string): NetworkNamespace => ({
  devices: { eth0: [has(`${base}2/${network.split('/')[1]}`)] },
  routes: [{ device: 'eth0', to: network, gateway: undefined }],
  isInitial: false,
});

describe('the guard lets through', () => {
  it('a profile that stays within the lab, in IPv4 and IPv6', () => {
    expect(refusal(profileOf())).toBe('none');
    expect(refusal(profile6Of())).toBe('none');
  });

  it.each([
    ['10.1.2.0/24', '10.1.2.'],
    ['192.168.4.0/22', '192.168.4.'],
    ['8.0.0.0/8', '8.0.0.'],
    ['203.0.113.0/24', '203.0.113.'],
    ['1.1.1.0/28', '1.1.1.'],
    ['223.255.255.0/24', '223.255.255.'],
  ])('the network %s, whosever it is, in a namespace that has no other', (network, base) => {
    const small = { ...flat(network, base), sources: [10, 11, 12, 13].map((last) => `${base}${last}`) };
    expect(refusal(small, on(network, base))).toBe('none');
  });

  it('a VIP behind a router', () => {
    const networks = ['198.18.7.0/24', '198.18.8.0/24', 'fd07::/64'];
    expect(refusal(profileOf({ networks, vip: '198.18.8.9', nextHop: '198.18.7.1' }))).toBe('none');
  });

  it('all that it does at most', () => {
    const sources = Array.from({ length: 64 }, (_, index) => `198.18.7.${index + 20}`);
    const most = { count: 1_000_000, rate: 100_000, ramp: 3600, concurrency: 1_000_000, sources: 64 };
    expect(refusal(profileOf({ sources, deadline: 3600, firstFlow: 1_000_000 }, most))).toBe('none');
  });
});

describe('the guard refuses a network', () => {
  it.each([
    ['0.1.2.0/24', '0.1.2.'],
    ['127.0.0.0/8', '127.0.0.'],
    ['169.254.3.0/24', '169.254.3.'],
    ['224.0.0.0/24', '224.0.0.'],
    ['239.1.1.0/24', '239.1.1.'],
    ['240.0.0.0/24', '240.0.0.'],
    ['255.255.255.0/24', '255.255.255.'],
    // Reaches over link-local addresses.
    ['169.0.0.0/8', '169.0.0.'],
    // Wider than any lab's.
    ['10.0.0.0/7', '10.0.0.'],
    ['0.0.0.0/0', '10.0.0.'],
  ])('that is not of unicast addresses: %s', (network, base) => {
    expect(refusal(flat(network, base), on(network, base))).toMatch(
      /^the load profile was refused: networks: expected networks of unicast addresses in CIDR, .*, found/,
    );
  });

  it.each(['198.18.7.0', '198.18.7.0/33', 'lab', '198.18.7.0/24 ', ''])('that is none: %j', (network) => {
    expect(refusal(profileOf({ networks: [network] }))).toContain('networks: expected');
  });

  it('one after others that are right', () => {
    expect(refusal(profileOf({ networks: ['198.18.7.0/24', '224.8.8.0/24'] }))).toContain(
      'networks: expected networks of unicast addresses',
    );
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
      expect(refusal(profileOf({ vip }))).toContain('vip: expected');
    },
  );

  it('an IPv4 address in the guise of an IPv6 one', () => {
    expect(refusal(profile6Of({ vip: '::ffff:198.18.7.9' }))).toContain('vip');
  });
});

describe('the guard refuses sources', () => {
  const second = (address: string) => ['198.18.7.20', address, '198.18.7.22', '198.18.7.23'];

  it.each(['198.18.7.9', '198.18.7.2', '198.18.7.20'])('that are somebody: %s', (address) => {
    expect(refusal(profileOf({ sources: second(address) }))).toContain(
      'sources[1]: expected an address that nobody else has',
    );
  });

  it('that are the client’s own', () => {
    const present = { devices: { ...devices, eth1: [has('198.18.7.21/24')] } };
    expect(refusal(profileOf(), present)).toContain(
      'sources: expected addresses that this host does not have',
    );
    expect(refusal(profileOf({ sources: second('198.18.7.31') }), present)).toBe('none');
  });

  it('of another number than it says', () => {
    expect(refusal(profileOf({}, { sources: 5 }))).toContain('flows.sources: expected 4');
  });
});

const expected =
  "the load profile was refused: the network namespace: expected nothing but the lab's networks (198.18.7.0/24, fd07::/64), found ";

describe('the guard takes a network namespace for a host’s', () => {
  it('when the machine booted with it, whatever else is there', () => {
    expect(refusal(profileOf(), { isInitial: true })).toBe(`${expected}the one of a host`);
  });

  it.each([
    ['of another network', 'eth1', ['192.0.2.2/24'], '192.0.2.2/24'],
    [
      'of another network beside the lab’s',
      'eth1',
      ['198.18.7.3/24', '8.8.8.2/24'],
      '198.18.7.3/24, 8.8.8.2/24',
    ],
    ['of a wider network', 'eth1', ['198.18.7.3/16'], '198.18.7.3/16'],
    ['of another IPv6 network', 'eth1', ['2001:db8::2/64'], '2001:db8::2/64'],
    ['with no address that was given to it', 'eth1', ['fe80::3/64'], 'fe80::3/64'],
    ['of another network, called like a loopback device', 'lo0', ['127.0.0.2/8'], '127.0.0.2/8'],
  ])('that has an interface %s', (_, device, cidrs, found) => {
    const present = { devices: { ...devices, [device]: cidrs.map(has) } };
    expect(refusal(profileOf(), present)).toBe(`${expected}the interface ${device} with ${found}`);
    expect(refusal(profile6Of(), present)).toBe(`${expected}the interface ${device} with ${found}`);
  });

  it('that has another address on the client’s interface', () => {
    const eth0 = [...(devices['eth0'] ?? []), has('192.0.2.2/24')];
    expect(refusal(profileOf(), { devices: { ...devices, eth0 } })).toContain(
      'found the interface eth0 with',
    );
  });

  it('but not for more interfaces on the lab’s networks', () => {
    const present = {
      ...devices,
      eth1: [has('198.18.7.3/24')],
      vip: [has('198.18.7.9/32'), has('fe80::4/64')],
    };
    expect(refusal(profileOf(), { devices: present })).toBe('none');
  });

  it.each([
    ['0.0.0.0/0', '198.18.7.1', 'a route to 0.0.0.0/0 by 198.18.7.1 on eth0'],
    ['192.0.2.0/24', undefined, 'a route to 192.0.2.0/24 by nobody on eth0'],
    ['198.18.0.0/16', '198.18.7.1', 'a route to 198.18.0.0/16 by 198.18.7.1 on eth0'],
  ])('that has a way out, to %s', (to, gateway, found) => {
    const routes = [...client.routes, { device: 'eth0', to, gateway }];
    expect(refusal(profileOf(), { routes })).toBe(`${expected}${found}`);
  });

  it('but not for a way by the engine’s own end of a network, which leads nowhere', () => {
    const routes = [...client.routes, { device: 'eth0', to: '0.0.0.0/0', gateway: '198.18.7.1' }];
    expect(refusal(profileOf({ gateways: ['198.18.7.1'] }), { routes })).toBe('none');
    expect(refusal(profileOf({ gateways: ['198.18.7.2'] }), { routes })).toContain(
      'found a route to 0.0.0.0/0',
    );
  });

  it('but not for a way to where the flows go, or within the lab', () => {
    const routed = profileOf({
      networks: ['198.18.7.0/24', '198.18.8.0/24'],
      vip: '198.18.8.9',
      nextHop: '198.18.7.1',
    });
    const present = { devices: { eth0: [has('198.18.7.2/24')] } };
    const by = (gateway: string, to = '0.0.0.0/0') => ({
      ...present,
      routes: [...client.routes, { device: 'eth0', to, gateway }],
    });
    expect(refusal(routed, by('198.18.7.1'))).toBe('none');
    expect(refusal(routed, by('198.18.7.5', '198.18.8.0/25'))).toBe('none');
    expect(refusal(routed, by('198.18.7.5'))).toContain('found a route to 0.0.0.0/0 by 198.18.7.5 on eth0');
  });
});

describe('the guard refuses the interface', () => {
  it.each([
    ['lo', 'lo (127.0.0.1/8, ::1/128)'],
    ['eth7', 'eth7 (no address)'],
  ])('%s, which has not the address that is to ask for the next hop', (device, found) => {
    expect(refusal(profileOf({ device }))).toBe(
      `the load profile was refused: device: expected an interface that has the address 198.18.7.2, found ${found}`,
    );
  });

  it('whose network is a part of the lab’s only', () => {
    const eth0 = [has('198.18.7.2/25'), has('fd07::2/64')];
    expect(refusal(profileOf(), { devices: { eth0 } })).toBe(
      'the load profile was refused: device: expected an interface on all of 198.18.7.0/24 or fd07::/64, found eth0 (198.18.7.2/25, fd07::2/64)',
    );
    expect(refusal(profile6Of(), { devices: { eth0 } })).toBe('none');
  });

  it('whose MAC address is not what the engine gave the client', () => {
    expect(refusal(profileOf({ mac: '02:42:c6:12:07:03' }))).toBe(
      `the load profile was refused: device: expected an interface with the MAC address 02:42:c6:12:07:03, found ${mac}`,
    );
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
    ['flows.mix', { datagrams: { as: 'dns' as const, pause: 0, wait: 1, requests: 1, idle: 0 } }],
    [
      'flows.datagrams.requests',
      { mix: [], datagrams: { as: 'dns' as const, pause: 0, wait: 1, requests: 101, idle: 0 } },
    ],
    ['firstFlow and flows.count', { count: 4 * 64_512 + 1 }],
  ])('in %s', (where, flows) => {
    expect(refusal(profileOf({}, flows))).toContain(`refused: ${where}: expected`);
  });

  it.each([
    ['deadline', { deadline: 3601 }],
    ['deadline', { deadline: 0 }],
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

describe('the guard refuses a conversation', () => {
  const [{ conversation }] = profileOf().flows.mix as [FlowProfile['flows']['mix'][number]];
  const having = (steps: typeof conversation.steps): FlowProfile =>
    profileOf({}, { mix: [{ weight: 1, conversation: { name: 'odd', steps } }] });

  it.each([
    [
      'that does not begin with its opening',
      conversation.steps.slice(1),
      'odd, step 1: expected `open` first',
    ],
    [
      'that goes on behind its end',
      [
        ...conversation.steps,
        { do: 'send' as const, then: 'keep' as const, upload: 0, download: 0, rate: 0 },
      ],
      'odd, step 6: expected nothing to be sent',
    ],
    [
      'that leaves its connection to nobody',
      conversation.steps.slice(0, 3),
      'odd, step 3: expected a conversation that ends with',
    ],
    ['of no steps', [], 'odd: expected steps'],
  ])('%s', (_, steps, words) => {
    expect(refusal(having(steps))).toContain(`the load profile was refused: ${words}`);
    expect(refusal(having(conversation.steps))).toBe('none');
  });
});
