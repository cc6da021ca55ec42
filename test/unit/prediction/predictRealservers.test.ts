import { describe, expect, it } from 'vitest';
import { predict } from '../../../src/prediction/predict.js';
import type { RealserverSite } from '../../../src/prediction/predictRealservers.js';
import { readSite } from '../../../src/site/readSite.js';

const saved = (rules: readonly string[], table = 'filter') =>
  [
    `*${table}`,
    ...(table === 'filter' ? [':INPUT DROP [0:0]', ':OUTPUT ACCEPT [0:0]'] : []),
    ...rules,
    'COMMIT',
    '',
  ].join('\n');
const open = '*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n';
const named = {
  ...{ services: [], forwarding: undefined, clientSide: undefined, serverSide: undefined, clients: [] },
};

/** A realserver's files: rules of iptables, and others. */
function realserver(text: string, addresses?: readonly string[]): RealserverSite {
  return { name: 'rs', addresses, site: readSite([{ name: 'rs.save', text }]) };
}

/** The answer for a service that is forwarded so, with the rules of its realservers. */
function answer(
  realservers: readonly RealserverSite[],
  { how = '-g', director = open, option = '-t' }: { how?: string; director?: string; option?: string } = {},
) {
  const lines = [
    `-A ${option} 192.0.2.10:80 -s rr`,
    ...['10.0.0.1', '10.0.0.2'].map((one) => `-a ${option} 192.0.2.10:80 -r ${one}:8080 ${how} -w 1`),
  ];
  const site = readSite([
    { name: 'rules', text: director },
    { name: 'services', text: `${lines.join('\n')}\n` },
  ]);
  const prediction = predict(site, { ...named, realservers });
  const [one] = prediction.services;
  if (one === undefined) throw new Error(JSON.stringify(prediction.problems));
  return { outcome: one.outcome, own: one.realservers ?? [], because: one.because };
}

const stateful = [
  '-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT',
  '-A INPUT -p tcp -m tcp --dport 80 -m state --state NEW -j ACCEPT',
];

describe("realservers' own rules", () => {
  it('know a connection from its SYN on, as a realserver sees both of its ends', () => {
    const { outcome, own } = answer([realserver(saved(stateful))]);
    expect(outcome).toBe('healthy');
    expect(own).toMatchObject([{ servers: ['10.0.0.1', '10.0.0.2'], outcome: 'healthy' }]);
    // The same rules on the director forget it.
    expect(answer([], { director: saved(stateful) }).outcome).toBe('close-blocked');
  });

  it('are in the way where they are not for the service', () => {
    const { outcome, own } = answer([realserver(saved(['-A INPUT -p tcp --dport 81 -j ACCEPT']))]);
    expect(outcome).toBe('unreachable');
    expect(own[0]?.packets[0]?.by).toMatchObject([{ at: { file: 'rs.save', line: 2 } }]);
  });

  it('see the VIP with DR, and with NAT their own address and port', () => {
    const vip = saved([...stateful.slice(0, 1), '-A INPUT -d 192.0.2.10/32 -p tcp --dport 80 -j ACCEPT']);
    const rip = saved([...stateful.slice(0, 1), '-A INPUT -d 10.0.0.0/24 -p tcp --dport 8080 -j ACCEPT']);
    expect(answer([realserver(vip)]).outcome).toBe('healthy');
    expect(answer([realserver(vip)], { how: '-m' }).outcome).toBe('unreachable');
    expect(answer([realserver(rip)], { how: '-m' }).outcome).toBe('healthy');
    expect(answer([realserver(rip)]).outcome).toBe('unreachable');
  });

  it("see the tunnel's packets first with TUN, and what is in them behind it", () => {
    const { outcome, own } = answer([realserver(saved(stateful))], { how: '-i' });
    expect(outcome).toBe('unreachable');
    expect(own[0]?.packets[0]?.by[0]?.chain).toBe("filter INPUT, the tunnel's packets");
    const tunnel = '-A INPUT -p ipencap -j ACCEPT';
    expect(answer([realserver(saved([tunnel, ...stateful]))], { how: '-i' }).outcome).toBe('healthy');
    expect(
      answer([realserver(saved([tunnel, ...stateful, '-I INPUT -i tunl0 -j DROP']))], { how: '-i' }).outcome,
    ).toBe('unreachable');
  });

  it('let replies out, or not', () => {
    const out = (rule: string) => answer([realserver(saved([...stateful, rule]))]).outcome;
    expect(out('-A OUTPUT -m state --state INVALID -j DROP')).toBe('healthy');
    expect(out('-A OUTPUT -p tcp --sport 80 --tcp-flags FIN FIN -j DROP')).toBe('close-blocked');
  });

  it('count for those that the files are of', () => {
    const shut = realserver(saved([]), ['10.0.0.2']);
    expect(answer([shut]).own).toMatchObject([{ servers: ['10.0.0.2'], outcome: 'unreachable' }]);
    expect(answer([realserver(saved([]), ['10.0.0.3'])]).own).toEqual([]);
    const { own } = answer([realserver(saved(stateful)), shut]);
    expect(own.map(({ servers, outcome }) => [...servers, outcome])).toEqual([
      ['10.0.0.1', 'healthy'],
      ['10.0.0.2', 'unreachable'],
    ]);
  });

  it('are asked about the clients that the director lets in', () => {
    const director = saved(['-A INPUT -s 198.51.100.0/24 -j ACCEPT']);
    const rules = (net: string) =>
      realserver(saved([...stateful.slice(0, 1), `-A INPUT -s ${net} -j ACCEPT`]));
    expect(answer([rules('198.51.100.0/25')], { director }).outcome).toBe('healthy');
    expect(answer([rules('203.0.113.0/24')], { director }).outcome).toBe('unreachable');
  });

  it('are not followed where nat there sends packets elsewhere, or where half is taken away from conntrack', () => {
    const redirect = saved(['-A PREROUTING -d 192.0.2.10/32 -p tcp --dport 80 -j REDIRECT'], 'nat');
    expect(answer([realserver(redirect)]).outcome).toBe('unknown');
    const half = `${saved(['-A OUTPUT -p tcp --sport 80 -j NOTRACK'], 'raw')}${saved(stateful)}`;
    expect(answer([realserver(half)]).outcome).toBe('unknown');
  });

  it('that are not understood are told with those of the director', () => {
    const rs = realserver('*filter\nnonsense\nCOMMIT\n');
    expect(() => answer([rs])).toThrow(/rs\.save.*"line":2/);
  });

  it('of UDP let a request in, and its answer out', () => {
    const udp = (rules: readonly string[]) => answer([realserver(saved(rules))], { option: '-u' }).outcome;
    const known = '-A INPUT -m state --state ESTABLISHED -j ACCEPT';
    expect(udp([known, '-A INPUT -p udp --dport 80 -m state --state NEW -j ACCEPT'])).toBe('healthy');
    expect(udp([known, '-A INPUT -p tcp --dport 80 -m state --state NEW -j ACCEPT'])).toBe('unreachable');
  });
});
