import { describe, expect, it } from 'vitest';
import { planOf, setupOf } from '../../planning.js';

const topology = (text: string) => planOf(`topology: ${text}\n`);

const addresses = 'vip: 192.0.2.10, addresses: { client: 203.0.113.7, realserver1: 10.0.0.11 }';

describe('addresses that are of no network of the lab', () => {
  it('are added to nodes, and found on the link', async () => {
    const plan = await topology(`{ realservers: 1, ${addresses} }`);
    expect(plan.vip).toBe('192.0.2.10');
    expect(plan.drive).toMatchObject({ target: '192.0.2.10', source: '203.0.113.7' });
    expect(setupOf(plan, 'client')).toEqual([
      'ip addr add 203.0.113.7/32 dev eth0',
      'ip route add 192.0.2.10/32 dev eth0 src 203.0.113.7',
    ]);
    expect(setupOf(plan, 'director')).toEqual([
      'ip route add 203.0.113.7/32 dev eth0',
      'ip route add 10.0.0.11/32 dev eth0',
      'ip addr add 192.0.2.10/32 dev eth0',
      'ipvsadm -A -t 192.0.2.10:80 -s rr',
      'ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.11:80 -g',
    ]);
    expect(setupOf(plan, 'realserver1').slice(1)).toEqual([
      'ip addr add 10.0.0.11/32 dev eth0',
      'ip route add 203.0.113.7/32 dev eth0 src 10.0.0.11',
      'ip addr add 192.0.2.10/32 dev lo',
    ]);
  });

  it('leave the lab what it is without them', async () => {
    const [own, none] = await Promise.all([
      topology(`{ realservers: 1, ${addresses} }`),
      topology('{ realservers: 1 }'),
    ]);
    expect(own.shape).toEqual(none.shape);
    expect(own.controlKey).not.toBe(none.controlKey);
  });

  it('behind a router are known to it', async () => {
    const plan = await topology(`{ forwarding: nat, realservers: 1, ${addresses} }`);
    expect(setupOf(plan, 'client')).toEqual([
      'ip addr add 203.0.113.7/32 dev eth0',
      'ip route add default via 198.18.8.5 src 203.0.113.7',
    ]);
    expect(setupOf(plan, 'router').slice(1)).toEqual([
      'ip route add 203.0.113.7/32 dev eth0',
      'ip route add 192.0.2.10/32 dev eth1',
      'ip route add 10.0.0.11/32 dev eth1',
    ]);
  });

  it('in IPv6 stand in the place of those that follow from the network', async () => {
    const plan = await topology(
      "{ family: ipv6, realservers: 1, vip: '2001:db8::10', addresses: { client: '2001:db8:f::7', realserver1: '2001:db8::11' } }",
    );
    expect(setupOf(plan, 'client').slice(1)).toEqual([
      'ip -6 addr add 2001:db8:f::7/128 dev eth0 nodad',
      'ip -6 route add 2001:db8::10/128 dev eth0 src 2001:db8:f::7',
    ]);
  });
});

describe("a director's interfaces by the site's names", () => {
  const makes = (name: string) => `sh /lab/devices/add.sh ${name} eth0`;

  it('get what comes from clients, and from realservers', async () => {
    const plan = await topology(
      `{ realservers: 1, ${addresses}, devices: { director: { clients: bond0, realservers: bond1.12 } } }`,
    );
    expect(setupOf(plan, 'director')).toEqual([
      makes('bond0'),
      'tc qdisc add dev bond0 clsact',
      'tc filter add dev bond0 egress matchall action mirred egress redirect dev eth0',
      makes('bond1.12'),
      'tc qdisc add dev bond1.12 clsact',
      'tc filter add dev bond1.12 egress matchall action mirred egress redirect dev eth0',
      'tc qdisc add dev eth0 clsact',
      'tc filter add dev eth0 ingress prio 1 protocol ip flower src_ip 10.0.0.11 action mirred ingress redirect dev bond1.12',
      'tc filter add dev eth0 ingress prio 2 protocol arp flower arp_sip 10.0.0.11 action mirred ingress redirect dev bond1.12',
      'tc filter add dev eth0 ingress prio 9 matchall action mirred ingress redirect dev bond0',
      'ip route add 203.0.113.7/32 dev bond0',
      'ip route add 10.0.0.11/32 dev bond1.12',
      'ip addr add 192.0.2.10/32 dev bond0',
      'ipvsadm -A -t 192.0.2.10:80 -s rr',
      'ipvsadm -a -t 192.0.2.10:80 -r 10.0.0.11:80 -g',
    ]);
  });

  it('may be one, and may be called eth0', async () => {
    const one = setupOf(
      await topology('{ realservers: 1, devices: { director: { clients: p1, realservers: p1 } } }'),
      'director',
    );
    expect(one.filter((line) => line.startsWith('tc filter add dev eth0'))).toEqual([
      'tc filter add dev eth0 ingress prio 9 matchall action mirred ingress redirect dev p1',
    ]);
    const same = await topology(
      '{ realservers: 1, devices: { director: { clients: eth0, realservers: eth0 } } }',
    );
    expect(setupOf(same, 'director').filter((line) => /dummy|^tc/.test(line))).toEqual([]);
    const swapped = await topology(
      '{ realservers: 1, devices: { director: { clients: eth1, realservers: eth0 } } }',
    );
    expect(setupOf(swapped, 'director').filter((line) => line.startsWith('tc filter'))).toEqual([
      'tc filter add dev eth1 egress matchall action mirred egress redirect dev eth0',
      'tc filter add dev eth0 ingress prio 1 protocol ip flower src_ip 198.18.7.31 action pass',
      'tc filter add dev eth0 ingress prio 2 protocol arp flower arp_sip 198.18.7.31 action pass',
      'tc filter add dev eth0 ingress prio 9 matchall action mirred ingress redirect dev eth1',
    ]);
  });
});
