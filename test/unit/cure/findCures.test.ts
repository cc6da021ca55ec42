import { expect, it } from 'vitest';
import type { Cure } from '../../../src/cure/model/cure.js';
import { siteFiles } from '../prediction/siteAnswers.js';
import { curesOf } from './siteCures.js';

const service = {
  name: 'ipvsadm.save',
  text: '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 1\n',
};

function cures(rules: string): readonly Cure[] {
  return curesOf([{ name: 'iptables.save', text: rules, isNamed: true }, service])?.cures ?? [];
}

/** A firewall with rules in INPUT. */
function input(...rules: readonly string[]): string {
  const lines = rules.map((rule) => `-A INPUT ${rule}`);
  return ['*filter', ':INPUT DROP [0:0]', ':OUTPUT ACCEPT [0:0]', ...lines, 'COMMIT', ''].join('\n');
}

const established = '-m state --state RELATED,ESTABLISHED -j ACCEPT';
const port = (more = '') => `-p tcp -m tcp --dport 80 ${more}-m state --state NEW -j ACCEPT`;
const added = (cure: Cure | undefined) =>
  (cure?.patch ?? '').split('\n').filter((line) => /^\+(?!\+\+)/.test(line));

it('accepts by their flags the packets that close, and nothing else', () => {
  const [best] = cures(input(established, port()));
  expect(added(best)).toEqual([
    '+-A INPUT -d 192.0.2.10/32 -p tcp -m tcp --dport 80 --tcp-flags FIN,SYN,RST,ACK FIN,ACK -j ACCEPT',
    '+-A INPUT -d 192.0.2.10/32 -p tcp -m tcp --dport 80 --tcp-flags FIN,SYN,RST RST -j ACCEPT',
  ]);
  expect(best?.opens).toMatchObject({
    needed: ['TCP FIN, RST in state INVALID to 192.0.2.10:80 from anywhere'],
    beside: [],
    other: [],
  });
});

it('puts last what opens more than the service', () => {
  const found = cures(
    input(established, '-p tcp -m multiport --dports 22,80,443 -m state --state NEW -j ACCEPT'),
  );
  const opening = found.map(({ opens }) => (opens?.otherCount ?? 0) > 0);
  expect(opening).toContain(true);
  expect(opening).toEqual(opening.toSorted((one, other) => Number(one) - Number(other)));
  const { title, opens } = found.at(-1) ?? {};
  expect(title).toMatch(/by the rules of the service's port|the service's port whatever the state/);
  expect(opens?.other.join('\n')).toMatch(/port 22, 80, 443/);
});

it('keeps out whom the rule of the port keeps out', () => {
  const [best] = cures(input(established, `-s 198.51.100.0/24 -i eth1 ${port()}`));
  expect(added(best)).toHaveLength(2);
  for (const line of added(best)) expect(line).toContain('-s 198.51.100.0/24 -i eth1 -d 192.0.2.10/32');
  expect(best?.opens?.other).toEqual([]);
});

it('cures both ways in where rules have two, and leaves a third one closed', () => {
  const [best] = cures(input(established, `-i eth1 ${port()}`, `-i eth2 -s 198.51.100.0/24 ${port()}`));
  expect(added(best).map((line) => / -i \S+/.exec(line)?.[0])).toEqual([
    ' -i eth1',
    ' -i eth1',
    ' -i eth2',
    ' -i eth2',
  ]);
  expect(best?.opens?.other).toEqual([]);
});

it('takes every obstacle away: what is refused on the way in, and what is on the way out', () => {
  const [best] = curesOf(siteFiles('output-drop'))?.cures ?? [];
  const chains = new Set(added(best).map((line) => line.split(' ')[1]));
  expect(chains).toEqual(new Set(['INPUT', 'OUTPUT']));
});

it('leaves a limit for those that open connections, and lets their later packets past it', () => {
  const [best, ...others] = curesOf(siteFiles('recent-in-front'))?.cures ?? [];
  expect(best?.opens?.other).toEqual([]);
  expect(added(best)).toEqual([
    '+-A INPUT -d 192.0.2.10/32 -p tcp -m tcp --dport 80 ! --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT',
  ]);
  // What takes the limit away comes behind it.
  expect(others.some(({ opens }) => /TCP SYN\b/.test(opens?.other.join() ?? ''))).toBe(true);
});

it('names what a setting of the kernel costs', () => {
  const found = curesOf(siteFiles('nat-masquerade'))?.cures ?? [];
  const setting = found.find(({ settings }) => settings.length > 0);
  expect(setting).toMatchObject({
    patch: '',
    settings: [{ key: 'net.ipv4.vs.conntrack', value: '1' }],
    commands: { apply: ['sysctl -w net.ipv4.vs.conntrack=1'], back: ['sysctl -w net.ipv4.vs.conntrack=0'] },
  });
  expect(setting?.costs.join()).toContain('nf_conntrack_max');
  // With DR it cures nothing: the director sees no replies.
  const direct = cures(input(established, port()));
  expect(direct.some(({ settings }) => settings.length > 0)).toBe(false);
});

it('keeps comments, counters, blanks and line ends as they are', () => {
  const text =
    '# mine\r\n*filter\r\n:INPUT DROP [7:420]\r\n  [9:540] -A INPUT -p tcp --dport 80 -m state --state NEW -j ACCEPT -m comment --comment "web -j DROP"\r\nCOMMIT\r\n';
  const [best] = cures(text);
  const lines = added(best);
  expect(lines.every((line) => /^\+ {2}\[0:0\] -A INPUT .*\r$/.test(line))).toBe(true);
  expect(best?.patch).toContain(' *filter\r\n :INPUT DROP [7:420]\r\n   [9:540] -A INPUT ');
  expect(best?.patch).not.toMatch(/^-(?!--)/m);
});

it('has none, and says why, where another program decides', () => {
  const found = curesOf([
    { name: 'iptables.save', text: input('-p tcp -j NFQUEUE'), isNamed: true },
    service,
  ]);
  expect(found).toMatchObject({ cures: [], without: { at: { line: 4 } } });
});

it.each([
  [
    'firewalld-el7-goto',
    /^firewall-cmd --permanent --direct --add-rule ipv4 filter INPUT 0 -d 192\.0\.2\.10\/32 /,
  ],
  [
    'nft-firewalld',
    /^firewall-cmd --permanent --direct --add-rule ipv4 raw PREROUTING 0 -d 192\.0\.2\.10 .*--notrack$/,
  ],
  [
    'ufw',
    /^# in \/etc\/ufw\/before\.rules, before the line `-A ufw-before-input -m conntrack --ctstate INVALID -j DROP`: /,
  ],
  ['shorewall-limits', /\/etc\/shorewall\/rules/],
  ['proxmox', /host\.fw: nf_conntrack_allow_invalid: 1$/],
])('%s is kept in the way of what writes its rules', (name, line) => {
  const [best] = curesOf(siteFiles(name))?.cures ?? [];
  expect(best?.commands.keep[0]).toMatch(line);
});

it('names for ufw no chain that another program writes', () => {
  const keep = curesOf(siteFiles('docker-and-ufw'))?.cures[0]?.commands.keep ?? [];
  expect(keep.filter((line) => line.includes('-A DOCKER'))).toEqual([]);
  expect(keep).toContainEqual(expect.stringContaining('ufw does not write DOCKER'));
  expect(keep).toContainEqual(expect.stringContaining('-A ufw-before-input -d 192.0.2.10/32'));
});

it('tries no changes of more rules than anybody waits for, and says so', () => {
  const others = (count: number) =>
    Array.from({ length: count }, (_, at) => `-p udp -m udp --dport ${at + 1} -j ACCEPT`);
  const found = (count: number) =>
    curesOf([
      { name: 'iptables.save', text: input(established, port(), ...others(count)), isNamed: true },
      service,
    ]);
  expect(found(10_000)).toMatchObject({
    cures: [],
    without: { why: expect.stringContaining('10002 rules') as string },
  });
  expect(found(10)?.cures.length).toBeGreaterThan(0);
});
