import { describe, expect, it } from 'vitest';
import { predict } from '../../../src/prediction/predict.js';
import { readSite } from '../../../src/site/readSite.js';

const nothing = {
  services: [],
  forwarding: undefined,
  clientSide: undefined,
  serverSide: undefined,
  clients: [],
};
const services = '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.1:80 -g -w 1\n';

/** The prediction for rules of iptables in the filter table's INPUT, whose policy is DROP. */
function ofRules(rules: readonly string[], named: Partial<typeof nothing> = {}, saved = services) {
  const policies = [':INPUT DROP [0:0]', ':OUTPUT ACCEPT [0:0]'];
  const text = ['*filter', ...policies, ...rules, 'COMMIT', ''].join('\n');
  const files = [
    { name: 'rules', text },
    { name: 'services', text: saved },
  ];
  const [service] = predict(readSite(files), { ...nothing, ...named }).services;
  if (service === undefined) throw new Error('expected a service');
  return service;
}

const port = '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT';

describe('answers by NAT', () => {
  const masq = (options: string) =>
    `-A ${options} -s rr\n-a ${options.replace(/ -o$/, '')} -r 10.0.0.1:53 -m -w 1\n`;
  const outcomeWith = (saved: string, rules: string, ...more: readonly string[]) => {
    const texts = [`${rules}COMMIT\n`, saved, ...more];
    const files = texts.map((text, index) => ({ name: `file${index}`, text }));
    const { outcome, packets } = predict(readSite(files), nothing).services[0] ?? {};
    return [
      outcome,
      ...new Set(packets?.flatMap(({ fate, by }) => (fate === 'passes' ? [] : by.map(({ how }) => how)))),
    ];
  };
  const open = '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n';
  const snat = `*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -s 10.0.0.0/24 -j SNAT --to-source 192.0.2.10\nCOMMIT\n${open}`;

  it('are given no address of the service where one-packet scheduling keeps no entry', () => {
    expect(outcomeWith(masq('-u 192.0.2.10:53 -o'), open)).toEqual([
      'transfer-blocked',
      expect.stringContaining('one-packet scheduling keeps no entry'),
    ]);
    expect(outcomeWith(masq('-u 192.0.2.10:53 -o'), snat)[0]).toBe('unknown');
    expect(outcomeWith(masq('-u 192.0.2.10:53'), open)).toEqual(['healthy']);
    expect(outcomeWith(masq('-u 192.0.2.10:53 -o').replace('-m', '-g'), open)).toEqual(['healthy']);
    // Of TCP IPVS keeps an entry all the same.
    expect(outcomeWith(masq('-t 192.0.2.10:53 -o'), open)).toEqual(['healthy']);
  });

  it('are not forwarded by a director that is no router', () => {
    const saved = masq('-t 192.0.2.10:53');
    const off = 'net.ipv4.ip_forward = 0\n';
    expect(outcomeWith(saved, open, off)).toEqual([
      'handshake-blocked',
      'net.ipv4.ip_forward is 0, so the director forwards nothing',
    ]);
    expect(outcomeWith(saved, open, 'net.ipv4.ip_forward = 1\n')).toEqual(['healthy']);
    expect(outcomeWith(saved, open, `${off}net.ipv4.conf.eth1.forwarding = 1\n`)).toEqual(['healthy']);
    expect(outcomeWith(saved.replace('-m', '-g'), open, off)).toEqual(['healthy']);
  });
});

describe('a prediction', () => {
  it('takes little of a processor for thousands of rules, and of blocked hosts', () => {
    const hosts = Array.from(
      { length: 5000 },
      (_, index) => `-A INPUT -s 10.${index >> 12}.${(index >> 4) & 255}.${(index & 15) * 16}/32 -j DROP`,
    );
    const others = Array.from(
      { length: 10_000 },
      (_, index) => `-A INPUT -p udp -m udp --dport ${index + 1} -j ACCEPT`,
    );
    const started = process.cpuUsage();
    expect(ofRules([...others, port]).outcome).toBe('healthy');
    const { user } = process.cpuUsage(started);
    expect(user / 1e6).toBeLessThan(5);
    const blocked = ofRules([...hosts, port]);
    expect(blocked.outcome).toBe('healthy');
    expect(blocked.others[0]?.outcome).toBe('unreachable');
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(10);
  });

  it('keeps out who is meant to be kept out, and finds it a fault only where it is everybody', () => {
    const some = ofRules(['-A INPUT -s 198.51.100.0/24 -p tcp -m tcp --dport 80 -j ACCEPT']);
    expect([some.outcome, some.clients]).toEqual(['healthy', 'clients in 198.51.100.0/24']);
    expect(ofRules(['-A INPUT -s 127.0.0.0/8 -p tcp -m tcp --dport 80 -j ACCEPT']).outcome).toBe(
      'unreachable',
    );
  });

  it('is unknown where a match that nobody can know decides, and known where it does not', () => {
    const limit = '-A INPUT -p tcp -m tcp --dport 80 -m limit --limit 5/sec -j ACCEPT';
    expect(ofRules([limit]).outcome).toBe('unknown');
    expect(ofRules([limit]).because).toMatchObject([{ at: { line: 4 }, match: '-m limit --limit 5/sec' }]);
    expect(ofRules([limit, port]).outcome).toBe('healthy');
    expect(ofRules(['-A INPUT -m limit --limit 1/sec -j LOG', port]).outcome).toBe('healthy');
  });

  it('follows sets that no file has as clients who are in them, and those who are not', () => {
    const deny = '-A INPUT -m set --match-set deny src -j DROP';
    const denied = ofRules([deny, port]);
    expect([denied.outcome, denied.clients]).toEqual(['healthy', 'clients not in the set deny']);
    expect(ofRules(['-A INPUT -m set --match-set allow src -j DROP', deny]).outcome).toBe('unreachable');
  });

  it('says what is taken for granted, and takes it from the files where they have it', () => {
    const texts = ofRules([port])
      .assumed.map(({ text }) => text)
      .join('\n');
    expect(texts).toContain('net.ipv4.vs.conntrack is 0, its default');
    const files = [
      {
        name: 'rules',
        text: '*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m state --state NEW -j ACCEPT\nCOMMIT\n',
      },
      { name: 'services', text: services },
      { name: 'sysctl', text: 'net.ipv4.vs.conntrack = 1\nnet.netfilter.nf_conntrack_tcp_loose = 1\n' },
    ];
    const {
      services: [tracked],
    } = predict(readSite(files), nothing);
    expect(tracked?.outcome).toBe('handshake-blocked');
    expect(tracked?.assumed.map(({ text }) => text).join('\n')).not.toContain('default');
  });

  it('is about every realserver, and names those of which it is not healthy', () => {
    const two = `${services}-a -t 192.0.2.10:80 -r 10.0.0.2:8080 -m -w 1\n`;
    const { outcome, servers } = ofRules([port, '-A FORWARD -s 10.0.0.2/32 -j DROP'], {}, two);
    expect([outcome, servers]).toEqual(['handshake-blocked', ['10.0.0.2']]);
    expect(ofRules([port], {}, two).outcome).toBe('healthy');
  });

  it('is unknown for a service whose family has no rules among the files', () => {
    const six = '-A -t [2001:db8::1]:80 -s rr\n-a -t [2001:db8::1]:80 -r [2001:db8::2]:80 -g\n';
    expect(ofRules([port], {}, six)).toMatchObject({
      outcome: 'unknown',
      because: [{ match: 'ip6tables-save' }],
    });
  });

  it('names chains and targets that it does not know', () => {
    const { outcome, because } = ofRules(['-A INPUT -p tcp -j NOBODY', port]);
    expect(outcome).toBe('unknown');
    expect(because[0]?.why).toContain('NOBODY');
  });

  describe('of a part of the rules', () => {
    const ofText = (text: string) =>
      predict(
        readSite([
          { name: 'part', text, isNamed: true },
          { name: 'services', text: services },
        ]),
        nothing,
      );
    const stateful = '-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT\n';

    it('is unknown where packets come to the end of a chain whose policy no line says', () => {
      const [service] = ofText(`${stateful}${port}\n-A INPUT -p tcp --sport 80 -j DROP\n`).services;
      expect(service?.outcome).toBe('healthy');
      const [open] = ofText(stateful).services;
      expect(open?.outcome).toBe('unknown');
      expect(open?.because[0]).toMatchObject({
        at: { file: 'part', line: 1 },
        why: 'no line says the policy of INPUT: give all that iptables-save prints',
      });
      for (const [policy, outcome] of [
        [':INPUT ACCEPT [0:0]\n', 'healthy'],
        ['-P INPUT DROP\n', 'unreachable'],
      ] as const)
        expect(ofText(`${policy}${stateful}`).services[0]?.outcome).toBe(outcome);
    });

    it.each([
      [
        'of ufw',
        '*filter\n:ufw-user-input - [0:0]\n-A ufw-user-input -p tcp --dport 80 -j ACCEPT\nCOMMIT\n',
        3,
      ],
      ['of nft', 'table inet shop {\n  chain web {\n    tcp dport 80 accept\n  }\n}\n', 3],
    ])('is none where no packet comes to any rule: %s', (_, text, line) => {
      const { services: none, problems } = ofText(text);
      expect(none).toEqual([]);
      expect(problems).toEqual([
        {
          done: 'refused',
          at: { file: 'part', line, text: expect.any(String) as string },
          message: expect.stringMatching(
            /packets? come.* a part of the director's rules; give all/,
          ) as string,
        },
      ]);
    });
  });

  it('sees that a packet which conntrack refuses is INVALID behind IPVS, too', () => {
    const output = ['-A OUTPUT -m conntrack --ctstate INVALID -j DROP'];
    expect(ofRules([port, ...output]).outcome).toBe('close-blocked');
    expect(ofRules([port, '-A OUTPUT -m conntrack --ctstate NEW -j DROP']).outcome).toBe('healthy');
  });

  it.each([
    [-300, 'unreachable'],
    [-150, 'close-blocked'],
  ])(
    'knows that notrack at priority %i leaves alone what conntrack has an entry for',
    (priority, outcome) => {
      const text = `table ip t {
      chain pre { type filter hook prerouting priority ${priority}; policy accept; tcp dport 80 notrack; }
      chain in { type filter hook input priority 0; policy drop; ct state new accept; }
    }`;
      const files = [
        { name: 'rules', text },
        { name: 'services', text: services },
      ];
      expect(predict(readSite(files), nothing).services[0]?.outcome).toBe(outcome);
    },
  );
});
