import { describe, expect, it } from 'vitest';
import { unmatchedOf } from './found.js';

const commands = (...lines: string[]) => unmatchedOf(`director:\n  commands: ${JSON.stringify(lines)}\n`);
const mapped = (...lines: string[]) =>
  unmatchedOf(`director:\n  interfaces: { bond0: eth0 }\n  commands: ${JSON.stringify(lines)}\n`);

describe('what a command names and the lab does not have', () => {
  it.each([
    'ip route add 198.18.0.0/16 dev NAME',
    'ip link set NAME up',
    'tc qdisc add dev NAME root netem loss 1%',
    'sysctl -w net.ipv4.conf.NAME.rp_filter=1',
    'echo 1 > /proc/sys/net/ipv4/conf/NAME/rp_filter',
    'arptables -A INPUT -i NAME -j DROP',
    'iptables -A INPUT -i NAME -j DROP',
    'iptables -A INPUT -i NAME -j DROP; iptables -A INPUT -p icmp -j DROP',
    'iptables -R INPUT 1 -i NAME -j DROP',
    'nft add rule ip filter INPUT iifname NAME drop',
    'for i in NAME lo; do iptables -A INPUT -i $i -j DROP; done',
    'for i in NAME; do ip link set $i up; done',
    'DEV=NAME; iptables -A INPUT -i "$DEV" -j DROP',
    `printf '*filter\\n-A INPUT -i NAME -j DROP\\nCOMMIT\\n' | iptables-restore -n`,
    "iptables-restore -n <<< '-A INPUT -i NAME -j DROP'",
    "sh -c 'ip link set NAME up'",
  ])('is an interface: %s', async (line) => {
    const [found] = await commands(line.replaceAll('NAME', 'bond0'));
    expect(found).toBe('! interface bond0');
    expect(await commands(line.replaceAll('NAME', 'eth0'))).toEqual([]);
    expect(await mapped(line.replaceAll('NAME', 'bond0'))).toEqual([]);
  });

  it('is no interface that a command makes, but one that another only uses', async () => {
    const rule = 'iptables -A INPUT -i bond0 -j DROP';
    for (const making of [
      'ip link add bond0 type dummy',
      'ip link add link eth0 name bond0 type vlan id 7',
      'ip link set eth1 name bond0; ip link add eth1 type dummy',
      'ip tuntap add dev bond0 mode tap',
      'brctl addbr bond0',
      'for i in bond0; do ip link add $i type dummy; done',
      '/usr/local/bin/make-links bond0',
    ])
      expect(await commands(making, rule), making).toEqual([]);
    expect(await commands('ip route add 198.18.0.0/16 dev bond0', rule)).toEqual([
      '! interface bond0',
      '! interface bond0',
    ]);
  });

  it.each([
    ['ipvsadm -A -t ADDRESS:80 -s rr', '${VIP}'],
    ['ipvsadm -a -t ${VIP}:80 -r ADDRESS:80 -g', '${REALSERVER1}'],
    ['ip route add 198.18.0.0/16 via ADDRESS', '${REALSERVER1}'],
    ['ip rule add from ADDRESS table 7', '${CLIENT}'],
    ['conntrack -D -s ADDRESS', '${CLIENT}'],
    ['arptables -A OUTPUT -s ADDRESS -j DROP', '${VIP}'],
  ])('is an address: %s', async (line, there) => {
    expect(await commands(line.replace('ADDRESS', '192.0.2.7'))).toEqual(['! address 192.0.2.7']);
    expect(await commands(line.replace('ADDRESS', there))).toEqual([]);
  });

  it.each([
    'tcpdump -i any -c 1',
    'ping -I ${CLIENT} -c 1 ${VIP}',
    'ip link set dev eth0 gso_max_size 65536',
    'ip link set eth0 txqueuelen 1000',
    'ip addr show scope global up',
    'ip -br link show up',
    'brctl stp eth0 on',
    'ethtool -K eth0 gro off',
    'ifconfig lo:0 ${VIP} netmask 255.255.255.255 up; route add -host ${VIP} dev lo:0',
    'ip netns add apart',
  ])('is none of what is no interface: %s', async (line) => {
    expect(await commands(line)).toEqual([]);
  });

  it('is the interface of an address beside the first, by the old name of that', async () => {
    expect(await commands('ifconfig bond0:1 ${VIP} up')).toEqual(['! interface bond0']);
    expect(await mapped('ifconfig bond0:1 ${VIP} up')).toEqual([]);
    const service = 'ipvsadm -A -t 192.0.2.7:80 -s rr';
    expect(await commands('ifconfig lo:0 192.0.2.7 netmask 255.255.255.255 up', service)).toEqual([]);
  });

  it('is no address that a command gives', async () => {
    const service = 'ipvsadm -A -t 192.0.2.7:80 -s rr';
    expect(await commands('ip addr add 192.0.2.7/32 dev lo', service)).toEqual([]);
    expect(await commands('ip addr add 192.0.2.8/32 dev lo', service)).toEqual(['! address 192.0.2.7']);
  });

  it('is a sysctl', async () => {
    expect(await commands('sysctl -w net.ipv4.vs.contrack=1')).toEqual(['sysctl net.ipv4.vs.contrack']);
    expect(await commands('sysctl -w net.ipv4.vs.conntrack=1')).toEqual([]);
    expect(await commands('echo 1 > /proc/sys/net/ipv4/vs/contrack')).toEqual([
      'sysctl net.ipv4.vs.contrack',
    ]);
    expect(await commands('echo 1 > /proc/sys/net/ipv4/conf/eth0/rp_filter')).toEqual([]);
    expect(await commands('for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 > $f; done')).toEqual([]);
  });

  it('is a set, unless a command makes it', async () => {
    const rule = 'iptables -A INPUT -m set --match-set office src -j ACCEPT; iptables -P INPUT DROP';
    expect(await commands(rule)).toEqual(['! set office']);
    expect(await commands('ipset create office hash:ip', rule)).toEqual([]);
    expect(await commands('ipset create office hash:ip; ipset add office 192.0.2.7', rule)).toEqual([
      '! set office',
    ]);
    expect(await commands('ipset list office', rule)).toEqual(['! set office', '! set office']);
  });

  it.each([
    ['ipset add office 192.0.2.7', 'ipset create office hash:ip'],
    ['ipset -exist add office 192.0.2.7', 'ipset -N office iphash'],
    ["printf 'add office 192.0.2.7\\n' | ipset restore", 'ipset create office hash:ip'],
    ['nft add element inet f office { 192.0.2.7 }', "nft 'add set inet f office { type ipv4_addr; }'"],
  ])('is a set that nobody makes: %s', async (line, making) => {
    expect(await commands(line)).toEqual(['! set office']);
    expect(await commands(making, line)).toEqual([]);
    const event = `events: [{ at: connected, on: director, run: ${JSON.stringify(line)} }]\n`;
    expect(await unmatchedOf(event)).toEqual(['! set office']);
    expect(await unmatchedOf(`director: { commands: ${JSON.stringify([making])} }\n${event}`)).toEqual([]);
  });

  it.each([
    ['ip rule add fwmark 9 table 100', '0x9'],
    ['ip rule add fwmark 0x8/0xff table 100', '0x8'],
    ['ipvsadm -A -f 7 -s rr', '0x7'],
  ])('is a mark that nothing sets: %s', async (line, mark) => {
    expect(await commands(line)).toEqual([`! mark ${mark}`]);
    expect(await commands(`iptables -t mangle -A PREROUTING -j MARK --set-mark ${mark}`, line)).toEqual([]);
    expect(await commands(line.replace(/\b(?:9|0x8|7)\b/, '0'))).toEqual([]);
  });

  it.each([
    'su NAME -s /bin/sh -c true',
    'su -c true NAME',
    'su - NAME',
    'runuser -u NAME -- true',
    'runuser NAME -c true',
    'setpriv --reuid=NAME --clear-groups true',
    'start-stop-daemon --start -c NAME --exec /bin/true',
  ])('is a user that the nodes do not have: %s', async (line) => {
    expect(await commands(line.replace('NAME', 'nginx'))).toEqual(['! user nginx']);
    expect(await commands(line.replace('NAME', 'www-data'))).toEqual([]);
    expect(await commands('useradd -r nginx', line.replace('NAME', 'nginx'))).toEqual([]);
  });

  it('is said where it can be told only when the shell runs, and nothing hangs on it', async () => {
    expect(await commands('iptables -A INPUT -i $(default-link) -j DROP')).toEqual([
      'interface $(default-link)',
    ]);
    expect(await commands('DEV=$(default-link)', 'ip link set $DEV up')).toEqual([
      'interface $(default-link)',
    ]);
  });

  it('is said where a name below `interfaces:` could not be told from others, at its place', async () => {
    const line = 'for i in bond0; do iptables -N $i; iptables -A INPUT -i $i -j DROP; done';
    expect(await mapped(line)).toEqual(['! interface bond0']);
    expect(await mapped('watch-link bond0')).toEqual(['! interface bond0']);
    expect(await mapped(line.replaceAll('bond0', 'lo'))).toEqual([]);
    const event = "events: [{ at: connected, on: director, run: 'watch-link bond0' }]\n";
    expect(await unmatchedOf(`director: { interfaces: { bond0: eth0 } }\n${event}`)).toEqual([
      '! interface bond0',
    ]);
    expect(await unmatchedOf(`director: { interfaces: { bond1: eth0 } }\n${event}`)).toEqual([]);
  });

  it('is in all lines of an event, and in what they give a program to read', async () => {
    const run = (name: string) =>
      unmatchedOf(
        `events:\n  - at: connected\n    on: director\n    run: |\n      iptables-restore -n <<EOF\n      *filter\n      -A INPUT -i ${name} -j DROP\n      COMMIT\n      EOF\n      ip link set ${name} up\n`,
      );
    expect(await run('bond0')).toEqual(['! interface bond0', '! interface bond0']);
    expect(await run('eth0')).toEqual([]);
  });

  it('is left where the file accepts it', async () => {
    expect(
      await unmatchedOf("director: { commands: ['ip link set bond0 up'] }\nunmatched: accept\n"),
    ).toEqual(['interface bond0']);
    expect(
      await unmatchedOf("director: { interfaces: { bond0: none }, commands: ['ip link set bond0 up'] }\n"),
    ).toEqual([]);
  });
});
