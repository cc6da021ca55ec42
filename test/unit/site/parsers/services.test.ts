import { describe, expect, it } from 'vitest';
import { readIpvsadm } from '../../../../src/site/parsers/ipvsadm.js';
import { readKeepalived } from '../../../../src/site/parsers/keepalived.js';
import { readLdirectord } from '../../../../src/site/parsers/ldirectord.js';
import type { SiteService } from '../../../../src/site/model/site.js';

const file = (text: string) => ({ name: 'file', text });

/** A service in one line. */
const shown = ({ protocol, address, fwmark, servers }: SiteService): string =>
  `${protocol} ${address === undefined ? `mark ${fwmark ?? '-'}` : `${address.vip} ${address.port}`} -> ${servers
    .map((server) => `${server.address} ${server.port} ${server.forwarding} ${server.weight}`)
    .join(', ')}`;

describe('ipvsadm', () => {
  it('is read as -Sn and -S print it', () => {
    const { found, problems } = readIpvsadm(
      file(
        [
          '-A -t 192.0.2.1:http -s wlc -p 300 -M 255.255.255.0',
          '-a -t 192.0.2.1:http -r 10.0.0.1:8080 -m -w 3',
          '-A -u [2001:db8::1]:53 -s sh -b sh-port',
          '-a -u [2001:db8::1]:53 -r [2001:db8::2]:53 -i -w 0',
          '-A -f 7 -s rr',
          '-a -f 7 -r 10.0.0.2:0 -g -w 1',
        ].join('\r\n'),
      ),
    );
    expect(problems).toEqual([]);
    expect(found.map(shown)).toEqual([
      'tcp 192.0.2.1 80 -> 10.0.0.1 8080 nat 3',
      'udp 2001:db8::1 53 -> 2001:db8::2 53 tun 0',
      'tcp mark 7 -> 10.0.0.2 0 dr 1',
    ]);
  });

  it('is read as scripts change it, and with options that no lab can have', () => {
    const { found, problems } = readIpvsadm(
      file(
        [
          '-A -t 192.0.2.9:80 -s rr',
          '-C',
          'ipvsadm --set 900 120 300',
          'ipvsadm -A -t 192.0.2.1:80 -s rr --quick',
          '-a -t 192.0.2.1:80 -r 10.0.0.1:80 -g -w 1 -x 100 -y 10',
          '-E -t 192.0.2.1:80 -s wlc',
          '-e -t 192.0.2.1:80 -r 10.0.0.1:80 -i -w 5',
          '-A --sctp-service 192.0.2.1:81 -s rr',
        ].join('\n'),
      ),
    );
    expect(problems.map(({ done, at, message }) => `${done} ${at?.line ?? 0}: ${message}`)).toEqual([
      'noted 3: the lab keeps entries of IPVS as long as the kernel does by itself, not as `--set` says',
      'noted 4: `--quick` is no option of ipvsadm that is known here, and is passed over',
    ]);
    expect(found.map(shown)).toEqual(['tcp 192.0.2.1 80 -> 10.0.0.1 80 tun 5', 'sctp 192.0.2.1 81 -> ']);
  });

  it('says which realserver a client gets, and what of it is not asked about', () => {
    const text = (ends: readonly [string, string]) =>
      `-A -t 192.0.2.1:80 ${ends[0]}\n-a -t 192.0.2.1:80 -r 10.0.0.1:80 -i -w 1 ${ends[1]}\n`;
    const all = readIpvsadm(
      file(
        text(['-s sh -p 300 -M 255.255.255.0 --pe sip -o -b sh-port', '--tun-type gue --tun-port 6080 -x 9']),
      ),
    );
    expect(all.found).toMatchObject([
      {
        onePacket: true,
        choosing: ['-s sh', '-b sh-port', '-p 300', '-M 255.255.255.0', '--pe sip'],
        servers: [{ encapsulation: 'gue' }],
      },
    ]);
    expect(all.problems).toMatchObject([{ done: 'noted', at: { line: 2 } }]);
    const plain = readIpvsadm(file(text(['-s rr', '--tun-type ipip'])));
    expect(plain.found).toMatchObject([{ onePacket: false, choosing: [] }]);
    expect(plain.found[0]?.servers[0]).not.toHaveProperty('encapsulation');
    expect(plain.problems).toEqual([]);
  });

  it('is told where a list has numbers in the place of ways of forwarding', () => {
    const { found, problems } = readIpvsadm(
      file(`IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
  -> RemoteAddress:Port
TCP  192.0.2.1:80                        3       18        0     1200        0
  -> 10.0.0.1:80                         2       12        0      800        0
`),
    );
    expect(found).toEqual([]);
    expect(problems).toMatchObject([{ done: 'refused', at: { line: 2 } }]);
    expect(problems[0]?.message).toContain('`ipvsadm -Sn`');
  });

  it('is read as -Ln lists it', () => {
    const { found, problems } = readIpvsadm(
      file(`IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
TCP  192.0.2.1:80 rr persistent 300 mask 255.255.255.0
  -> 10.0.0.1:80                  Route   1      0          0
  -> 10.0.0.2:80                  Masq    2      0          0
FWM  1 wlc
  -> 10.0.0.3:0                   Tunnel  1      0          0
UDP  192.0.2.1:53 sh ops (sh-port)
  -> 10.0.0.1:53                  Route   1      0          0
FWM  2 IPv6 rr
  -> [2001:db8::3]:0              Route   1      0          0
`),
    );
    expect(problems).toEqual([]);
    expect(found.map(({ onePacket, choosing, family }) => [onePacket, family, ...choosing])).toEqual([
      [false, 'ipv4', '-p 300', '-M 255.255.255.0'],
      [false, 'ipv4', '-s wlc'],
      [true, 'ipv4', '-s sh', '-b sh-port'],
      [false, 'ipv6'],
    ]);
    expect(found.map(shown)).toEqual([
      'tcp 192.0.2.1 80 -> 10.0.0.1 80 dr 1, 10.0.0.2 80 nat 2',
      'tcp mark 1 -> 10.0.0.3 0 tun 1',
      'udp 192.0.2.1 53 -> 10.0.0.1 53 dr 1',
      'tcp mark 2 -> 2001:db8::3 0 dr 1',
    ]);
  });

  it.each([
    ['-A -t www.example.com:80 -s rr', '`www.example.com` is a name'],
    ['-A -t 192.0.2.1:nowhere -s rr', 'the port `nowhere`'],
    ['-a -t 192.0.2.1:80 -r 10.0.0.1:80 -g', 'found one of none'],
    ['-Z', 'expected a line of `ipvsadm -Sn`'],
    ['-A -s rr', 'expected the service that the line is about'],
    ['-A -f web -s rr', 'expected a mark as a number above 0'],
  ])('%s is told', (line, message) => {
    expect(readIpvsadm(file(line)).problems[0]?.message).toContain(message);
  });
});

describe('keepalived.conf', () => {
  it('is read with groups, marks, ranges, methods of servers, and addresses of VRRP', () => {
    const { found, problems, addresses } = readKeepalived(
      file(`
vrrp_instance VI { virtual_ipaddress { 192.0.2.1/24 dev eth0
  192.0.2.2 } }
virtual_server_group g {
  192.0.2.10-11 80   # two
  fwmark 3
}
virtual_server group g {
  lvs_method DR
  real_server 10.0.0.1 80 { weight 5 }
  real_server 10.0.0.2 80 {
    lvs_method TUN
  }
}
virtual_server 192.0.2.20 53 {
  lb_kind NAT
  protocol UDP
  real_server 10.0.0.3 53
}
`),
    );
    expect(found.map(shown)).toEqual([
      'tcp 192.0.2.10 80 -> 10.0.0.1 80 dr 5, 10.0.0.2 80 tun 1',
      'tcp 192.0.2.11 80 -> 10.0.0.1 80 dr 5, 10.0.0.2 80 tun 1',
      'tcp mark 3 -> 10.0.0.1 80 dr 5, 10.0.0.2 80 tun 1',
      'udp 192.0.2.20 53 -> 10.0.0.3 53 nat 1',
    ]);
    expect(addresses).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(problems).toEqual([]);
  });

  it('tells a group that is not there, and a name', () => {
    const messages = readKeepalived(
      file('virtual_server group none {\n}\nvirtual_server www 80 {\n}\n'),
    ).problems.map(({ message }) => message);
    expect(messages).toEqual([
      'no virtual_server_group is called `none` in this file',
      '`www` is no address: give one in its place with `--map www=ADDRESS`',
    ]);
  });

  const problemsIn = (text: string) =>
    readKeepalived(file(text)).problems.map(({ at, message }) => `${at?.line ?? 0}: ${message}`);

  it('tells all that it cannot read, each at its line', () => {
    const text = `
virtual_server VIP PORT {
  lb_kind DRR
  real_server www PORT {
    weight much
  }
  real_server 10.0.0.2 80 { lvs_method ROUTE }
}
virtual_server fwmark web {
  protocol TCP
}
virtual_server 192.0.2.1 80 {
  protocol ICMP
}
`;
    expect(problemsIn(text)).toEqual([
      '2: expected lb_kind (or lvs_method) DR, NAT or TUN, found `DRR`',
      '4: `www` is no address: give one in its place with `--map www=ADDRESS`',
      '4: the port `PORT` is not known here by this name: write its number',
      '4: expected a number as its weight, found `much`',
      '7: expected lb_kind (or lvs_method) DR, NAT or TUN, found `ROUTE`',
      '2: `VIP` is no address: give one in its place with `--map VIP=ADDRESS`',
      '2: the port `PORT` is not known here by this name: write its number',
      '9: expected a number as the mark, found `web`',
      '12: expected protocol TCP, UDP or SCTP',
    ]);
  });

  it('says which realserver a client gets, and what of it is not asked about', () => {
    const { found, problems } = readKeepalived(
      file(`virtual_server 192.0.2.1 53 {
  delay_loop 6
  lb_algo wlc
  sh-port
  persistence_timeout 50
  ops
  protocol UDP
  weight 7
  lvs_method TUN type gue port 6080
  sorry_server 10.0.0.9 53
  lvs_methd DR
  real_server 10.0.0.1 53 {
    uthreshold 100
    MISC_CHECK { misc_path "/bin/check" }
  }
  @backup real_server 10.0.0.2 53 {
    lvs_method TUN
    weight 2
  }
}
`),
    );
    expect(found.map(shown)).toEqual(['udp 192.0.2.1 53 -> 10.0.0.1 53 tun 7, 10.0.0.2 53 tun 2']);
    expect(found).toMatchObject([
      { onePacket: true, choosing: ['lb_algo wlc', 'sh-port', 'persistence_timeout 50'] },
    ]);
    expect(found[0]?.servers.map(({ encapsulation }) => encapsulation)).toEqual(['gue', undefined]);
    const notes = problems.map(({ done, at, message }) => `${done} ${at?.line ?? 0}: ${message}`);
    expect(notes).toEqual([
      expect.stringContaining('noted 10: no server for when all others are down is asked about'),
      'noted 11: `lvs_methd` is no key of virtual_server that is known here, and is passed over',
      expect.stringContaining('noted 13: no limit of connections is asked about'),
      expect.stringContaining('noted 16: keepalived reads this line with `@backup`'),
    ]);
  });

  it('says nothing of how a realserver is chosen where they are taken in turn', () => {
    const { found, problems } = readKeepalived(
      file('virtual_server 192.0.2.1 80 {\n  lb_algo rr\n  lb_kind DR\n  real_server 10.0.0.1 80\n}\n'),
    );
    expect(problems).toEqual([]);
    expect(found).toMatchObject([{ onePacket: false, choosing: [] }]);
  });

  it('is not read where it was cut, or has a brace too many', () => {
    const whole = 'virtual_server 192.0.2.1 80 {\n  real_server 10.0.0.1 80 {\n    weight 1\n  }\n}\n';
    expect(problemsIn(whole)).toEqual([]);
    expect(problemsIn(whole.slice(0, -2))).toEqual([
      '1: expected a `}` for the block that begins here, found the end of the file',
    ]);
    expect(problemsIn(whole.slice(0, 70))).toHaveLength(2);
    expect(problemsIn(`${whole}}\n`)).toEqual(['6: expected no `}` here, for no block is open']);
  });

  it('may have braces and signs of comments between quotes', () => {
    const { found, problems } = readKeepalived(
      file(
        'virtual_server "192.0.2.1" 80 {\n  real_server 10.0.0.1 80 {\n    MISC_CHECK { misc_path "/bin/check {a} # !" } ! } really\n  }\n}\n',
      ),
    );
    expect(problems).toEqual([]);
    expect(found.map(shown)).toEqual(['tcp 192.0.2.1 80 -> 10.0.0.1 80 nat 1']);
  });
});

describe('ldirectord.cf', () => {
  it('is read with ranges of realservers, marks and protocols', () => {
    const { found, problems } = readLdirectord(
      file(`checktimeout=10
virtual=192.0.2.1:80
        real=10.0.0.1->10.0.0.3:8080 gate 5
        real=10.0.0.9:80 masq
        protocol=tcp
virtual = 4
        real=10.0.0.4:0 ipip
`),
    );
    expect(problems).toEqual([]);
    expect(found.map(shown)).toEqual([
      'tcp 192.0.2.1 80 -> 10.0.0.1 8080 dr 5, 10.0.0.2 8080 dr 5, 10.0.0.3 8080 dr 5, 10.0.0.9 80 nat 1',
      'tcp mark 4 -> 10.0.0.4 0 tun 1',
    ]);
  });

  it('says which realserver a client gets, and what of it is not asked about', () => {
    const { found, problems } = readLdirectord(
      file(`quiescent=no
virtual=192.0.2.1:53
        real=10.0.0.1:53 gate
        fallback=10.0.0.9:53 gate
        scheduler=wlc
        persistent=600
        protocol=udp
        ops=yes
        onepacket=yes
virtual=192.0.2.1:80
        real=10.0.0.1:80 gate
        scheduler=rr
        protocol=quic
`),
    );
    expect(found).toMatchObject([
      { protocol: 'udp', onePacket: true, choosing: ['scheduler=wlc', 'persistent=600'] },
      { protocol: 'tcp', onePacket: false, choosing: [] },
    ]);
    expect(problems.map(({ done, at, message }) => `${done} ${at?.line ?? 0}: ${message}`)).toEqual([
      expect.stringContaining('noted 4: no server for when all others are down is asked about'),
      'noted 9: `onepacket=yes` is nothing of ldirectord that is known here, and is passed over',
      'refused 13: expected protocol tcp, udp or fwm, found `quic`',
    ]);
  });

  it('tells a way of forwarding that there is not', () => {
    const { problems } = readLdirectord(file('virtual=192.0.2.1:80\n  real=10.0.0.1:80 gateway\n'));
    expect(problems).toMatchObject([
      { at: { line: 2 }, message: 'expected gate, masq or ipip, found `gateway`' },
    ]);
  });
});
