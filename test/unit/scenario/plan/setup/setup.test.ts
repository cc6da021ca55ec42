import { describe, expect, it } from 'vitest';
import { planOf, setupOf } from '../../planning.js';

const topology = (text: string) => planOf(`topology: ${text}\n`);
const quietAboutVip = 'sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2';
const v6 = 'fd6c:7673:c612:700';

describe('direct routing', () => {
  it('on a flat network needs the VIP everywhere and ARP for it on the director only', async () => {
    const plan = await topology('{ services: [{ port: 8080, scheduler: wlc }] }');
    expect(setupOf(plan, 'client')).toEqual([]);
    expect(setupOf(plan, 'director')).toEqual([
      'ip addr add 198.18.7.100/32 dev eth0',
      'ipvsadm -A -t 198.18.7.100:8080 -s wlc',
      'ipvsadm -a -t 198.18.7.100:8080 -r 198.18.7.31:8080 -g',
      'ipvsadm -a -t 198.18.7.100:8080 -r 198.18.7.32:8080 -g',
    ]);
    expect(setupOf(plan, 'realserver2')).toEqual([quietAboutVip, 'ip addr add 198.18.7.100/32 dev lo']);
  });

  it('behind a router has default routes', async () => {
    const plan = await topology('{ network: routed, realservers: 1 }');
    expect(setupOf(plan, 'client')).toEqual(['ip route add default via 198.18.8.5']);
    expect(setupOf(plan, 'router')).toEqual([
      'sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0' +
        ' net.ipv4.conf.eth1.rp_filter=0 net.ipv4.conf.all.send_redirects=0' +
        ' net.ipv4.conf.eth0.send_redirects=0 net.ipv4.conf.eth1.send_redirects=0',
    ]);
    expect(setupOf(plan, 'director')[0]).toBe('ip route add default via 198.18.7.5');
    expect(setupOf(plan, 'realserver1')).toEqual([
      quietAboutVip,
      'ip route add default via 198.18.7.5',
      'ip addr add 198.18.7.100/32 dev lo',
    ]);
  });

  it('with replies through the director makes it take packets from its own address, and forward them', async () => {
    const plan = await topology('{ network: routed, replies: director, realservers: 1 }');
    expect(setupOf(plan, 'director').slice(0, 2)).toEqual([
      'sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0' +
        ' net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0' +
        ' net.ipv4.conf.all.accept_local=1 net.ipv4.conf.eth0.accept_local=1',
      'ip route add default via 198.18.7.5',
    ]);
    expect(setupOf(plan, 'realserver1')).toEqual([
      quietAboutVip,
      'ip route add default via 198.18.7.20',
      'ip addr add 198.18.7.100/32 dev lo',
    ]);
  });

  it('in IPv6 adds the addresses itself, and no sysctl against answering for the VIP', async () => {
    const plan = await topology('{ family: ipv6, realservers: 1 }');
    const enable =
      'sysctl -qw net.ipv6.conf.eth0.accept_dad=0 net.ipv6.conf.all.disable_ipv6=0' +
      ' net.ipv6.conf.default.disable_ipv6=0 net.ipv6.conf.lo.disable_ipv6=0 net.ipv6.conf.eth0.disable_ipv6=0';
    expect(setupOf(plan, 'client')).toEqual([enable, `ip -6 addr add ${v6}::10/64 dev eth0 nodad`]);
    expect(setupOf(plan, 'director')).toEqual([
      enable,
      `ip -6 addr add ${v6}::20/64 dev eth0 nodad`,
      `ip -6 addr add ${v6}::100/128 dev eth0 nodad preferred_lft 0`,
      `ipvsadm -A -t [${v6}::100]:80 -s rr`,
      `ipvsadm -a -t [${v6}::100]:80 -r [${v6}::31]:80 -g`,
    ]);
    expect(setupOf(plan, 'realserver1')).toEqual([
      enable,
      `ip -6 addr add ${v6}::31/64 dev eth0 nodad`,
      `ip -6 addr add ${v6}::100/128 dev lo nodad preferred_lft 0`,
    ]);
  });

  it('in IPv6 with replies through the director does not listen to its redirects', async () => {
    const plan = await topology('{ family: ipv6, network: routed, replies: director, realservers: 1 }');
    expect(setupOf(plan, 'router')).toEqual([
      'sysctl -qw net.ipv6.conf.eth0.accept_dad=0 net.ipv6.conf.eth1.accept_dad=0' +
        ' net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0 net.ipv6.conf.lo.disable_ipv6=0' +
        ' net.ipv6.conf.eth0.disable_ipv6=0 net.ipv6.conf.eth1.disable_ipv6=0 net.ipv6.conf.all.forwarding=1',
      'ip -6 addr add fd6c:7673:c612:800::5/64 dev eth0 nodad',
      `ip -6 addr add ${v6}::5/64 dev eth1 nodad`,
    ]);
    expect(setupOf(plan, 'client').at(-1)).toBe('ip -6 route add default via fd6c:7673:c612:800::5');
    expect(setupOf(plan, 'director')[0]).toContain('net.ipv6.conf.all.forwarding=1');
    const [sysctls, , route] = setupOf(plan, 'realserver1');
    expect(sysctls).toContain(' net.ipv6.conf.eth0.accept_redirects=0 ');
    expect(route).toBe(`ip -6 route add default via ${v6}::20`);
  });
});

describe('tunnels', () => {
  it('end on the realservers, whose routes are what a site has', async () => {
    const plan = await topology('{ forwarding: tun, realservers: 1 }');
    expect(setupOf(plan, 'director').at(-1)).toBe('ipvsadm -a -t 198.18.7.100:80 -r 198.18.7.31:80 -i');
    expect(setupOf(plan, 'realserver1')).toEqual([
      'sh /lab/devices/tunnel.sh tunl0 ipip',
      'ip link set tunl0 up',
      `${quietAboutVip} net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.tunl0.rp_filter=0`,
      'ip addr add 198.18.7.100/32 dev tunl0',
    ]);
  });

  it.each([
    ['direct', '198.18.7.5'],
    ['director', '198.18.7.20'],
  ])('behind a router have a plain default route, replies: %s', async (replies, next) => {
    const plan = await topology(`{ forwarding: tun, network: routed, replies: ${replies} }`);
    const routes = setupOf(plan, 'realserver2').filter((line) => line.startsWith('ip route'));
    expect(routes).toEqual([`ip route add default via ${next}`]);
  });

  it('in IPv6 are other devices', async () => {
    const plan = await topology('{ forwarding: tun, family: ipv6, realservers: 1 }');
    const lines = setupOf(plan, 'realserver1');
    expect(lines[0]).toBe('sh /lab/devices/tunnel.sh ip6tnl0 ip6ip6');
    expect(lines[1]).toBe('ip link set ip6tnl0 up');
    expect(lines.at(-1)).toBe(`ip -6 addr add ${v6}::100/128 dev ip6tnl0 nodad preferred_lft 0`);
  });
});

describe('NAT', () => {
  it('goes through the director both ways, and only it has the VIP', async () => {
    const plan = await topology('{ forwarding: nat, realservers: 1 }');
    expect(setupOf(plan, 'director')).toEqual([
      'sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.eth0.rp_filter=0' +
        ' net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.eth0.send_redirects=0',
      'ip route add default via 198.18.7.5',
      'ip addr add 198.18.7.100/32 dev eth0',
      'ipvsadm -A -t 198.18.7.100:80 -s rr',
      'ipvsadm -a -t 198.18.7.100:80 -r 198.18.7.31:80 -m',
    ]);
    expect(setupOf(plan, 'realserver1')).toEqual(['ip route add default via 198.18.7.20']);
  });

  it('in IPv6 makes the director forward', async () => {
    const plan = await topology('{ forwarding: nat, family: ipv6, realservers: 1 }');
    expect(setupOf(plan, 'director')[0]).toContain('net.ipv6.conf.all.forwarding=1');
    expect(setupOf(plan, 'realserver1').at(-1)).toBe(`ip -6 route add default via ${v6}::20`);
  });
});

describe('services', () => {
  it('are several, each with its scheduler and persistence', async () => {
    const plan = await topology(
      '{ realservers: 1, services: [{ port: 80, persistent: 5m }, { port: 8000, scheduler: sh }] }',
    );
    expect(setupOf(plan, 'director').slice(1)).toEqual([
      'ipvsadm -A -t 198.18.7.100:80 -s rr -p 300',
      'ipvsadm -a -t 198.18.7.100:80 -r 198.18.7.31:80 -g',
      'ipvsadm -A -t 198.18.7.100:8000 -s sh',
      'ipvsadm -a -t 198.18.7.100:8000 -r 198.18.7.31:8000 -g',
    ]);
  });

  const marks = 'services: [{ port: 80, fwmark: 7 }, { port: 443, fwmark: 7 }, { port: 8000, fwmark: 8 }]';

  it('with one firewall mark are one service', async () => {
    const plan = await planOf(`topology: { realservers: 1, ${marks} }\ndirector: { iptables: legacy }\n`);
    const mark = (port: number, number: number) =>
      `iptables-legacy -t mangle -A PREROUTING -d 198.18.7.100 -p tcp --dport ${port} -j MARK --set-mark ${number}`;
    expect(setupOf(plan, 'director').slice(1)).toEqual([
      mark(80, 7),
      mark(443, 7),
      mark(8000, 8),
      'ipvsadm -A -f 7 -s rr',
      'ipvsadm -a -f 7 -r 198.18.7.31 -g',
      'ipvsadm -A -f 8 -s rr',
      'ipvsadm -a -f 8 -r 198.18.7.31 -g',
    ]);
  });

  it('with a firewall mark in IPv6 say so', async () => {
    const plan = await topology(`{ family: ipv6, realservers: 1, ${marks} }`);
    const lines = setupOf(plan, 'director');
    expect(lines[3]).toBe(
      `ip6tables-nft -t mangle -A PREROUTING -d ${v6}::100 -p tcp --dport 80 -j MARK --set-mark 7`,
    );
    expect(lines.slice(6, 8)).toEqual(['ipvsadm -A -f 7 -6 -s rr', `ipvsadm -a -f 7 -6 -r ${v6}::31 -g`]);
  });

  it('have the director itself as one more realserver', async () => {
    const plan = await topology('{ realservers: 1, local-realserver: true, directors: 2 }');
    const servers = (name: string) =>
      setupOf(plan, name)
        .filter((line) => line.startsWith('ipvsadm -a'))
        .map((line) => line.split(' ')[5]);
    expect(servers('director')).toEqual(['198.18.7.20:80', '198.18.7.31:80']);
    expect(servers('director2')).toEqual(['198.18.7.21:80', '198.18.7.31:80']);
  });
});

describe('two directors', () => {
  it('have the same services, and one of them the VIP', async () => {
    const plan = await topology('{ directors: 2 }');
    const [vip, ...services] = setupOf(plan, 'director');
    expect(vip).toBe('ip addr add 198.18.7.100/32 dev eth0');
    expect(setupOf(plan, 'director2')).toEqual(services);
  });

  it('tell each other about connections when they are to', async () => {
    const plan = await topology('{ directors: 2, sync: true }');
    expect(setupOf(plan, 'director').at(-1)).toBe(
      'ipvsadm --start-daemon master --mcast-interface eth0 --syncid 1',
    );
    expect(setupOf(plan, 'director2').at(-1)).toBe(
      'ipvsadm --start-daemon backup --mcast-interface eth0 --syncid 1',
    );
  });
});

describe('links', () => {
  it('are slow and lossy on each interface of the node, from the end of its set-up', async () => {
    const plan = await topology(
      '{ network: routed, links: { router: { delay: 20ms, loss: 0.5 }, client: { delay: 1.5s }, director: { loss: 3 } } }',
    );
    const netem = (device: string, conditions: string) =>
      `tc qdisc add dev ${device} root netem limit 10000 ${conditions}`;
    expect(setupOf(plan, 'router').slice(-2)).toEqual([
      netem('eth0', 'delay 20ms loss 0.5%'),
      netem('eth1', 'delay 20ms loss 0.5%'),
    ]);
    expect(setupOf(plan, 'client').at(-1)).toBe(netem('eth0', 'delay 1500ms'));
    expect(setupOf(plan, 'director').at(-1)).toBe(netem('eth0', 'loss 3%'));
  });
});
