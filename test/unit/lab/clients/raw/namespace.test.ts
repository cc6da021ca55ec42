import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refuseUnsafeProfile } from '../../../../../lab/clients/raw/refuseUnsafeProfile.js';
import { onlyInInitial, ownNamespace, readRoutes } from '../../../../../lab/clients/raw/namespace.js';
import { Namespace } from './namespaces.js';
import { profileOf } from './profile.js';

const header = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT   \n';
const line = (device: string, to: string, gateway: string, flags: string, mask: string) =>
  `${device}\t${to}\t${gateway}\t${flags}\t0\t0\t0\t${mask}\t0\t0\t0          \n`;

describe('the routes of /proc/net/route', () => {
  it('are read with their gateways', () => {
    const text = [
      line('eth0', '00000000', '010712C6', '0003', '00000000'),
      line('eth0', '000712C6', '00000000', '0001', '00FFFFFF'),
      line('eth1', '00000008', '00000000', '0001', '000000FF'),
      line('eth0', '090712C6', '050712C6', '0007', 'FFFFFFFF'),
    ];
    expect(readRoutes(header + text.join(''))).toEqual([
      { device: 'eth0', to: '0.0.0.0/0', gateway: '198.18.7.1' },
      { device: 'eth0', to: '198.18.7.0/24', gateway: undefined },
      { device: 'eth1', to: '8.0.0.0/8', gateway: undefined },
      { device: 'eth0', to: '198.18.7.9/32', gateway: '198.18.7.5' },
    ]);
  });

  it('lead nowhere where they reject, or where there are none', () => {
    expect(readRoutes(header + line('*', '00000000', '00000000', '0201', '00000000'))).toEqual([]);
    expect(readRoutes(header)).toEqual([]);
  });
});

describe('a namespace that is a container’s', () => {
  let container: Namespace;
  beforeEach(async () => (container = await Namespace.create()));
  afterEach(() => container[Symbol.asyncDispose]());

  it('shows no limit that is of the whole kernel, by which the one of a machine is known', async () => {
    expect(await container.run(`test -e ${onlyInInitial} && echo there || echo none`)).toBe('none\n');
    expect(ownNamespace().isInitial).toBe(existsSync(onlyInInitial));
  });

  it('has the routes that were added to it', async () => {
    const routes = async () => readRoutes(await container.run('cat /proc/net/route'));
    expect(await routes()).toEqual([]);
    await container.run(
      'ip link add eth0 type veth peer name eth1 && ip addr add 8.8.8.2/24 dev eth0 && ip link set eth1 up && ip link set eth0 up',
    );
    await container.run('ip route add default via 8.8.8.1 && ip route add unreachable 9.0.0.0/8');
    expect(await routes()).toEqual([
      { device: 'eth0', to: '0.0.0.0/0', gateway: '8.8.8.1' },
      { device: 'eth0', to: '8.8.8.0/24', gateway: undefined },
    ]);
  });
});

describe('this machine', () => {
  it('is not taken for a lab, by a profile that is made for it', () => {
    const namespace = ownNamespace();
    const own = Object.entries(namespace.devices).flatMap(([device, addresses = []]) =>
      addresses.filter(({ internal }) => !internal).map((at) => ({ device, ...at })),
    );
    // A machine without a network has nothing that a profile could be made for, and is to be refused as well.
    const { device, address, mac } = own.find(({ family }) => family === 'IPv4') ?? {
      ...{ device: 'eth0', address: '192.0.2.2', mac: '02:42:c6:12:07:02' },
    };
    const near = (last: number): string => address.replace(/\d+$/, String(last));
    const [vip = '', ...sources] = [231, 232, 233, 234, 235, 236].map(near).filter((one) => one !== address);
    const networks = own.flatMap(({ cidr }) => (cidr?.startsWith('fe80') ? [] : (cidr ?? [])));
    const profile = profileOf({
      ...{ device, address, mac, vip, nextHop: vip, sources: sources.slice(0, 4) },
      networks: networks.length === 0 ? [`${address}/24`] : networks,
    });
    expect(() => {
      refuseUnsafeProfile(profile, namespace);
    }).toThrow(/^the load profile was refused: (?:the network namespace|device): expected/);
  });
});
