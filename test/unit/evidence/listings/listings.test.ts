import { describe, expect, it } from 'vitest';
import {
  conntrackIncrements,
  parseConntrackStats,
} from '../../../../src/evidence/listings/conntrackStats.js';
import { EvidenceError } from '../../../../src/evidence/text/error.js';
import { parseIptablesSave } from '../../../../src/evidence/listings/packetFilter/iptablesSave.js';
import {
  parseIpvsConnections,
  parseIpvsDestinations,
  parseSavedDestinations,
} from '../../../../src/evidence/listings/ipvsTables.js';
import { parseNstat } from '../../../../src/evidence/listings/nstat.js';
import { splitSections } from '../../../../src/evidence/directory/sections.js';
import { parseSs } from '../../../../src/evidence/listings/ss.js';
import { parseTranslations } from '../../../../src/evidence/listings/translations.js';

describe('parseSs', () => {
  it('reads state and both ends of each row', () => {
    const text =
      'LISTEN    0      511      0.0.0.0:8080   0.0.0.0:*    \nTIME-WAIT 0      0      10.77.1.2:8080 10.77.1.1:56878\n';
    expect(parseSs(text)).toEqual([
      { state: 'LISTEN', localAddress: '0.0.0.0', localPort: 8080, peerAddress: '0.0.0.0', peerPort: 0 },
      {
        state: 'TIME-WAIT',
        localAddress: '10.77.1.2',
        localPort: 8080,
        peerAddress: '10.77.1.1',
        peerPort: 56878,
      },
    ]);
  });

  it('gives IPv4-mapped addresses as the IPv4 addresses that were on the wire', () => {
    const [socket] = parseSs('FIN-WAIT-2 0 0 [::ffff:10.0.0.9]:80 [::ffff:10.0.0.1]:40000');
    expect(socket).toMatchObject({ localAddress: '10.0.0.9', peerAddress: '10.0.0.1', peerPort: 40000 });
  });

  it('keeps IPv6 addresses and drops interface scopes', () => {
    expect(parseSs('ESTAB 0 0 [fe80::1]%eth0:80 [2001:db8::2]:9')[0]).toMatchObject({
      localAddress: 'fe80::1',
      peerAddress: '2001:db8::2',
    });
    expect(parseSs('LISTEN 0 5 0.0.0.0%lo:53 *:*')[0]).toMatchObject({
      localAddress: '0.0.0.0',
      peerAddress: '*',
    });
  });

  it('reads no sockets from no output', () => {
    expect(parseSs('')).toEqual([]);
  });

  it.each(['ESTAB 0 0 10.0.0.1:80', 'DREAMING 0 0 10.0.0.1:80 10.0.0.2:1', 'ESTAB 0 0 here there'])(
    'refuses the row %j',
    (row) => {
      expect(() => parseSs(row)).toThrow(EvidenceError);
    },
  );
});

describe('parseIpvsConnections', () => {
  const heading =
    'IPVS connection entries\npro expire state       source             virtual            destination\n';

  it('reads state, ends and the time left in seconds', () => {
    expect(
      parseIpvsConnections(
        `${heading}TCP 14:58  ESTABLISHED 10.0.0.2:40000    10.0.0.100:80      10.0.0.3:80\n`,
      ),
    ).toEqual([
      {
        protocol: 'TCP',
        state: 'ESTABLISHED',
        expires: 898,
        clientAddress: '10.0.0.2',
        clientPort: 40000,
        vip: '10.0.0.100',
        vport: 80,
        realserver: '10.0.0.3',
        rport: 80,
      },
    ]);
  });

  it('reads IPv6 ends, and NAT to another port', () => {
    const rows = 'TCP 01:59  FIN_WAIT    [fd00::2]:40000    [fd00::9]:80       [fd00::4]:8080\n';
    expect(parseIpvsConnections(`${heading}${rows}`)).toEqual([
      expect.objectContaining({
        clientAddress: 'fd00::2',
        clientPort: 40000,
        vip: 'fd00::9',
        realserver: 'fd00::4',
        rport: 8080,
      }),
    ]);
  });

  it('keeps persistence templates, with client port 0, and leaves out those of fwmark services', () => {
    const rows = [
      'TCP 00:59  NONE        10.0.0.2:0         10.0.0.100:80      10.0.0.3:80',
      'IP  00:59  NONE        10.0.0.2:0         0.0.0.1:0          10.0.0.3:0',
      'UDP 04:59  UDP         10.0.0.2:5000      10.0.0.100:53      10.0.0.3:53',
      'TCP 119:58 ESTABLISHED 10.0.0.2:40000     10.0.0.100:80      10.0.0.3:80',
    ];
    const connections = parseIpvsConnections(`${heading}${rows.join('\n')}\n`);
    expect(connections.map(({ clientPort, state }) => [clientPort, state])).toEqual([
      [0, 'NONE'],
      [5000, 'UDP'],
      [40000, 'ESTABLISHED'],
    ]);
    expect(connections[1]).toMatchObject({ protocol: 'UDP', vport: 53, realserver: '10.0.0.3' });
    expect(connections[2]?.expires).toBe(7198);
  });

  it('reads an empty table', () => {
    expect(parseIpvsConnections(heading)).toEqual([]);
  });

  it('refuses the message of a kernel without IPVS', () => {
    expect(() => parseIpvsConnections("Can't initialize ipvs: Protocol not available")).toThrow(
      /Protocol not available/,
    );
  });
});

describe('parseSavedDestinations', () => {
  it('has each realserver of each service with its weight', () => {
    const text = [
      '-A -u 10.0.0.9:53 -s rr',
      '-a -u 10.0.0.9:53 -r 10.0.0.3:53 -g -w 1',
      '-a -u 10.0.0.9:53 -r 10.0.0.4:53 -m -w 0',
      '-A -f 7 -6 -s rr',
      '-a -f 7 -r [fd00::3]:0 -g -w 2',
    ];
    expect(parseSavedDestinations(text.join('\n'))).toEqual([
      { service: '-u 10.0.0.9:53', realserver: '10.0.0.3', weight: 1 },
      { service: '-u 10.0.0.9:53', realserver: '10.0.0.4', weight: 0 },
      { service: '-f 7', realserver: 'fd00::3', weight: 2 },
    ]);
    expect(parseSavedDestinations('-A -u 10.0.0.9:53 -s rr\n')).toEqual([]);
  });
});

describe('parseIpvsDestinations', () => {
  it('names each destination once, whatever the services', () => {
    const text = `IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes
  -> RemoteAddress:Port
TCP  10.0.0.9:80                         10       50       60     3120     4800
  -> 10.0.0.4:80                          5       25       30     1560     2400
TCP  [fd00::9]:80                         0        0        0        0        0
  -> [fd00::4]:80                         0        0        0        0        0
FWM  1                                    0        0        0        0        0
  -> 10.0.0.4:0                           0        0        0        0        0
`;
    expect(parseIpvsDestinations(text)).toEqual(['10.0.0.4', 'fd00::4']);
  });
});

describe('parseIptablesSave', () => {
  const text = `# Generated by iptables-nft-save v1.8.9 (nf_tables) on Mon Nov 23 17:16:52 2026
*filter
:INPUT DROP [3:180]
:RH-Firewall-1-INPUT - [0:0]
[2:120] -A INPUT -m state --state NEW -j ACCEPT
[10:520] -A RH-Firewall-1-INPUT -j REJECT --reject-with icmp-host-prohibited
COMMIT
*raw
:PREROUTING ACCEPT [0:0]
COMMIT
`;

  it('reads rules and policies with table, chain and counters', () => {
    expect(parseIptablesSave(text, 'ip')).toEqual([
      { family: 'ip', table: 'filter', chain: 'INPUT', rule: '-P INPUT DROP', packets: 3 },
      {
        family: 'ip',
        table: 'filter',
        chain: 'INPUT',
        rule: '-A INPUT -m state --state NEW -j ACCEPT',
        packets: 2,
      },
      {
        family: 'ip',
        table: 'filter',
        chain: 'RH-Firewall-1-INPUT',
        rule: '-A RH-Firewall-1-INPUT -j REJECT --reject-with icmp-host-prohibited',
        packets: 10,
      },
      { family: 'ip', table: 'raw', chain: 'PREROUTING', rule: '-P PREROUTING ACCEPT', packets: 0 },
    ]);
  });

  it('reads no rules from the empty listing of a namespace without tables', () => {
    expect(parseIptablesSave('', 'ip')).toEqual([]);
  });

  it('refuses rules without counters and text that is no listing', () => {
    expect(() => parseIptablesSave('*filter\n-A INPUT -j DROP\nCOMMIT', 'ip')).toThrow(/-A INPUT -j DROP/);
    expect(() => parseIptablesSave('iptables-save: not found', 'ip6')).toThrow(EvidenceError);
  });
});

describe('parseNstat', () => {
  it('reads names and values', () => {
    const text =
      '#kernel\nIpInReceives                    15                 0.0\nTcpExtTCPTimeWaitOverflow 0 0.0\n';
    expect(parseNstat(text)).toEqual({ IpInReceives: 15, TcpExtTCPTimeWaitOverflow: 0 });
  });

  it('refuses what is no counter', () => {
    expect(() => parseNstat('nstat: open history file: Permission denied')).toThrow(EvidenceError);
  });
});

describe('parseConntrackStats', () => {
  it('sums each counter over the CPUs', () => {
    const text =
      'cpu=0   \tfound=0 invalid=7 insert=0 drop=1 \ncpu=1   \tfound=2 invalid=5 insert=0 drop=0 \n';
    expect(parseConntrackStats(text)).toEqual({ found: 2, invalid: 12, insert: 0, drop: 1 });
  });

  it('is undefined where there are no statistics', () => {
    expect(parseConntrackStats('sh: conntrack: not found')).toBeUndefined();
  });
});

describe('splitSections', () => {
  it('gives each section its output and exit code', () => {
    const sections = splitSections(
      '## nstat exit=0\n#kernel\nA 1 0.0\n## conntrack-stats exit=127\nnot found\n',
    );
    expect([...sections]).toEqual([
      ['nstat', { exitCode: 0, output: '#kernel\nA 1 0.0\n' }],
      ['conntrack-stats', { exitCode: 127, output: 'not found\n' }],
    ]);
  });

  it('keeps a section without output apart from the next one', () => {
    const sections = splitSections('## iptables-save exit=0\n## nstat exit=0\nA 1 0.0\n');
    expect(sections.get('iptables-save')).toEqual({ exitCode: 0, output: '' });
    expect(sections.get('nstat')?.output).toBe('A 1 0.0\n');
  });
});

describe('conntrackIncrements', () => {
  const counted = (invalid: number, cpu1: number) =>
    `cpu=0   \tfound=0 invalid=${String(invalid)} drop=0 \ncpu=1   \tfound=0 invalid=${String(cpu1)} drop=1 \n`;

  it('is what was counted since the earlier listing, over all processors', () => {
    expect(conntrackIncrements(counted(4, 28), counted(4, 3))).toEqual({ found: 0, invalid: 25, drop: 0 });
  });

  it('is all of it where there is no earlier listing, and nothing where there is no later one', () => {
    expect(conntrackIncrements(counted(4, 28), '')).toEqual({ found: 0, invalid: 32, drop: 1 });
    expect(conntrackIncrements('conntrack: not found', counted(4, 3))).toBeUndefined();
  });
});

describe('parseTranslations', () => {
  const list = (reply: string) =>
    parseTranslations(
      `tcp      6 110 TIME_WAIT src=10.0.0.2 dst=10.0.0.9 sport=4000 dport=80 ${reply} [ASSURED] mark=0 use=1
conntrack v1.4.7 (conntrack-tools): 1 flow entries have been shown.
`,
    );

  it('gives what was changed of either end', () => {
    expect(list('src=10.0.0.4 dst=10.0.0.2 sport=8080 dport=4000')).toEqual([
      {
        client: '10.0.0.2:4000',
        server: '10.0.0.9:80',
        clientBehind: '10.0.0.2:4000',
        serverBehind: '10.0.0.4:8080',
      },
    ]);
    expect(list('[UNREPLIED] src=10.0.0.9 dst=10.0.0.1 sport=80 dport=61000')).toMatchObject([
      { client: '10.0.0.2:4000', clientBehind: '10.0.0.1:61000', serverBehind: '10.0.0.9:80' },
    ]);
  });

  it('gives those of flows of UDP too, and nothing of protocols without ports', () => {
    const udp =
      'udp      17 29 src=10.0.0.2 dst=10.0.0.9 sport=4000 dport=53 [UNREPLIED] src=10.0.0.9 dst=10.0.0.1 sport=53 dport=61000 mark=0 use=1\n';
    const icmp =
      'icmp     1 29 src=10.0.0.2 dst=10.0.0.9 type=8 code=0 id=7 src=10.0.0.9 dst=10.0.0.1 type=0 code=0 id=9 mark=0 use=1\n';
    expect(parseTranslations(udp + icmp)).toMatchObject([
      { client: '10.0.0.2:4000', clientBehind: '10.0.0.1:61000', serverBehind: '10.0.0.9:53' },
    ]);
  });

  it('gives none of what was not changed', () => {
    expect(list('src=10.0.0.9 dst=10.0.0.2 sport=80 dport=4000')).toEqual([]);
    expect(parseTranslations('')).toEqual([]);
  });

  it('writes IPv6 ends as all evidence does', () => {
    const line =
      'tcp      6 431999 ESTABLISHED src=fd00::2 dst=fd00::9 sport=4000 dport=80 src=fd00::4 dst=fd00::2 sport=80 dport=4000 [ASSURED] mark=0 use=1';
    expect(parseTranslations(line)).toMatchObject([
      { client: '[fd00::2]:4000', serverBehind: '[fd00::4]:80' },
    ]);
  });
});
