import { describe, expect, it } from 'vitest';
import { section, unmatchedOf } from './found.js';

const rules = (text: string, rest?: string) => unmatchedOf(section('director', 'rules', text, rest));

// Files as distributions, front ends and administrators write them; nobody of the lab's chose their names.
describe('the rules of', () => {
  it('a stock host have nothing that the lab lacks', async () => {
    expect(
      await rules(`
# Firewall configuration written by system-config-firewall
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m state --state ESTABLISHED,RELATED -j ACCEPT
-A INPUT -p icmp -j ACCEPT
-A INPUT -i lo -j ACCEPT
-A INPUT -m state --state NEW -m tcp -p tcp --dport 22 -j ACCEPT
-A INPUT -m state --state NEW -m tcp -p tcp --dport 80 -j ACCEPT
-A INPUT -d 224.0.0.18/32 -p vrrp -j ACCEPT
-A INPUT ! -i lo -d 127.0.0.0/8 -j REJECT
-A INPUT -j REJECT --reject-with icmp-host-prohibited
-A FORWARD -j REJECT --reject-with icmp-host-prohibited
COMMIT
`),
    ).toEqual([]);
  });

  it('a bonded host hang on the bond', async () => {
    const text = `
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT
-A INPUT -i bond0 -p tcp -m state --state NEW -m tcp --dport 80 -j ACCEPT
-A INPUT -i bond0 -j REJECT --reject-with icmp-host-prohibited
COMMIT
`;
    expect(await rules(text)).toEqual(['! interface bond0']);
    expect(await rules(text, '  interfaces: { bond0: eth0 }\n')).toEqual([]);
    expect(await rules(text.replaceAll('bond0', 'eth0'))).toEqual([]);
    expect(await rules(text, 'unmatched: accept\n')).toEqual(['interface bond0']);
  });

  it('a host with a network for those who look after it hang on no interface where only their port does', async () => {
    expect(
      await rules(`
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -i team0.100 -p tcp -m tcp --dport 22 -j ACCEPT
-A INPUT -i ens192 -p udp -m udp --dport 161 -j ACCEPT
-A INPUT -s 10.20.0.0/16 -p tcp -m multiport --dports 22,5666,9100 -j ACCEPT
-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT
-A FORWARD -i br0 -o ens192 -j ACCEPT
COMMIT
`),
    ).toEqual(['interface team0.100', 'interface ens192', 'address 10.20.0.0/16', 'interface br0']);
  });

  it('ufw have nothing that the lab lacks', async () => {
    expect(
      await rules(`
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:ufw-before-input - [0:0]
:ufw-user-input - [0:0]
:ufw-not-local - [0:0]
:ufw-logging-deny - [0:0]
-A INPUT -j ufw-before-input
-A ufw-before-input -i lo -j ACCEPT
-A ufw-before-input -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A ufw-before-input -m conntrack --ctstate INVALID -j ufw-logging-deny
-A ufw-before-input -m conntrack --ctstate INVALID -j DROP
-A ufw-before-input -p icmp -m icmp --icmp-type 3 -j ACCEPT
-A ufw-before-input -p udp -m udp --sport 67 --dport 68 -j ACCEPT
-A ufw-before-input -j ufw-not-local
-A ufw-before-input -d 224.0.0.251/32 -p udp -m udp --dport 5353 -j ACCEPT
-A ufw-before-input -d 239.255.255.250/32 -p udp -m udp --dport 1900 -j ACCEPT
-A ufw-before-input -j ufw-user-input
-A ufw-logging-deny -m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix "[UFW BLOCK] "
-A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN
-A ufw-not-local -m addrtype --dst-type MULTICAST -j RETURN
-A ufw-not-local -m limit --limit 3/min --limit-burst 10 -j ufw-logging-deny
-A ufw-not-local -j DROP
-A ufw-user-input -p tcp -m tcp --dport 80 -j ACCEPT
COMMIT
`),
    ).toEqual([]);
  });

  it('a host with zones hang on the zone of its card, not on those that lead nowhere', async () => {
    // As shorewall writes them.
    const text = `
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT DROP [0:0]
:eth1_in - [0:0]
:ens3_in - [0:0]
:net2fw - [0:0]
:loc2fw - [0:0]
:Reject - [0:0]
-A INPUT -i ens3 -j ens3_in
-A INPUT -i eth1 -j eth1_in
-A INPUT -i lo -j ACCEPT
-A INPUT -j Reject
-A ens3_in -j net2fw
-A eth1_in -j loc2fw
-A net2fw -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A net2fw -p tcp -m multiport --dports 80,443 -j ACCEPT
-A net2fw -j DROP
-A loc2fw -p udp -m udp --dport 53 -j ACCEPT
-A Reject -p tcp -j REJECT --reject-with tcp-reset
-A OUTPUT -o ens3 -j ACCEPT
COMMIT
`;
    expect(await rules(text)).toEqual(['! interface ens3', 'interface eth1']);
    expect(await rules(text, '  interfaces: { ens3: eth0 }\n')).toEqual(['interface eth1']);
    expect(await rules(text, '  interfaces: { eth1: eth0, ens3: none }\n')).toEqual([]);
  });

  it('csf: who is refused by address is not the client', async () => {
    const text = `
*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
:DENYIN - [0:0]
:ALLOWIN - [0:0]
:LOGDROPIN - [0:0]
-A INPUT ! -i lo -j ALLOWIN
-A INPUT ! -i lo -j DENYIN
-A INPUT ! -i lo -p tcp -m tcp --dport 80 -j ACCEPT
-A DENYIN -s 203.0.113.7/32 ! -i lo -j DROP
-A DENYIN -s 203.0.113.8/32 ! -i lo -j LOGDROPIN
-A LOGDROPIN -m limit --limit 30/min -j LOG --log-prefix "Firewall: "
-A LOGDROPIN -j DROP
-A ALLOWIN -s 192.0.2.10/32 ! -i lo -p tcp -m tcp --dport 22 -j ACCEPT
COMMIT
`;
    expect(await rules(text)).toEqual([
      'address 203.0.113.7/32',
      'address 203.0.113.8/32',
      'address 192.0.2.10/32',
    ]);
    // Who is let in by address may well be.
    const allowed = text.replace('-p tcp -m tcp --dport 22 ', '');
    expect(await rules(allowed)).toContain('! address 192.0.2.10/32');
  });

  it('a host with docker hang on nothing of docker', async () => {
    expect(
      await rules(`
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
-A DOCKER -i docker0 -j RETURN
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i docker0 ! -o docker0 -j ACCEPT
-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT
COMMIT
`),
    ).toEqual(['address 172.17.0.0/16', 'interface docker0', 'interface docker0', 'address 172.17.0.2']);
  });

  it('firewalld with nftables hang on the zone of its card', async () => {
    const text = `
table inet firewalld {
  chain filter_INPUT {
    type filter hook input priority filter + 10; policy accept;
    ct state { established, related } accept
    iifname "lo" accept
    ct state invalid drop
    jump filter_INPUT_ZONES
    reject with icmpx admin-prohibited
  }
  chain filter_INPUT_ZONES {
    iifname "ens192" goto filter_IN_public
    iifname "ens224" goto filter_IN_internal
    goto filter_IN_public
  }
  chain filter_IN_public {
    tcp dport 80 ct state { new, untracked } accept
    ip daddr 224.0.0.251 udp dport 5353 accept
  }
  chain filter_IN_internal {
    tcp dport 22 accept
  }
  chain filter_FORWARD {
    type filter hook forward priority filter + 10; policy accept;
    meta nfproto ipv6 fib saddr . mark . iif oif missing drop
    oifname "virbr0" accept
  }
}
`;
    const nft = (rest?: string) => unmatchedOf(section('director', 'nftables', text, rest));
    expect(await nft()).toEqual(['! interface ens192', '! interface ens224', 'interface virbr0']);
    expect(await nft('  interfaces: { ens192: eth0, ens224: none }\n')).toEqual(['interface virbr0']);
  });
});
