import fc from 'fast-check';

const ports = ['80', '443', '22', '1:1024', '81:65535'];
const states = [
  'NEW',
  'ESTABLISHED',
  'RELATED,ESTABLISHED',
  'INVALID',
  'NEW,ESTABLISHED',
  'INVALID,NEW',
  'UNTRACKED',
];
const flags = ['FIN,SYN,RST,ACK SYN', 'SYN,RST RST', 'FIN FIN', 'ALL NONE', 'SYN,FIN SYN,FIN', 'ACK ACK'];
const networks = ['10.0.0.0/8', '10.1.0.0/16', '203.0.113.7/32'];

const maybeNot = fc.constantFrom('', '', '', '! ');

/** What a rule asks, each thing once at most, the protocol before what needs it. */
const asked = fc
  .record(
    {
      protocol: fc.constantFrom('-p tcp', '-p tcp', '-p tcp', '-p udp', '-p icmp'),
      source: fc.tuple(maybeNot, fc.constantFrom(...networks)).map(([not, net]) => `${not}-s ${net}`),
      destination: fc
        .tuple(maybeNot, fc.constantFrom('192.0.2.10/32', '192.0.2.0/24'))
        .map(([not, net]) => `${not}-d ${net}`),
      interface: fc.tuple(maybeNot, fc.constantFrom('e0', 'e1')).map(([not, name]) => `${not}-i ${name}`),
      port: fc
        .tuple(maybeNot, fc.constantFrom(...ports))
        .map(([not, port]) => `-m tcp ${not}--dport ${port}`),
      flags: fc
        .tuple(maybeNot, fc.constantFrom(...flags))
        .map(([not, some]) => `-m tcp ${not}--tcp-flags ${some}`),
      state: fc
        .tuple(maybeNot, fc.constantFrom(...states))
        .map(([not, some]) => `-m conntrack ${not}--ctstate ${some}`),
    },
    { requiredKeys: [] },
  )
  .map(({ protocol, source, destination, interface: name, port, flags: some, state }) => {
    const isTcp = protocol === '-p tcp';
    const parts = [
      source,
      destination,
      name,
      protocol,
      isTcp ? port : undefined,
      isTcp ? some : undefined,
      state,
    ];
    return parts.filter((part) => part !== undefined).join(' ');
  });

/** The rules of a service that has the bug, among which others come to stand. */
const usual = [
  '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  '-p tcp -m tcp --dport 80 -m conntrack --ctstate NEW -j ACCEPT',
];

/** A firewall in the form of iptables-save: random rules in INPUT and in a chain that it leads to, before and behind the usual ones. */
export const randomFirewall: fc.Arbitrary<string> = fc
  .record({
    policy: fc.constantFrom('ACCEPT', 'DROP', 'DROP'),
    inside: fc.array(fc.tuple(asked, fc.constantFrom('ACCEPT', 'DROP', 'RETURN', 'REJECT')), {
      maxLength: 4,
    }),
    before: fc.array(fc.tuple(asked, fc.constantFrom('ACCEPT', 'DROP', 'inner', 'REJECT')), { maxLength: 3 }),
    behind: fc.array(fc.tuple(asked, fc.constantFrom('ACCEPT', 'DROP', 'inner', 'REJECT')), { maxLength: 3 }),
    raw: fc.option(
      asked.filter((text) => !text.includes('ctstate')),
      { freq: 5 },
    ),
    mangle: fc.option(fc.tuple(asked, fc.constantFrom('ACCEPT', 'DROP')), { freq: 5 }),
    output: fc.constantFrom('ACCEPT', 'ACCEPT', 'DROP'),
    out: asked.filter((text) => !text.includes('-i ')),
  })
  .map(({ policy, inside, before, behind, raw, mangle, output, out }) => {
    const rule = (chain: string, [text, target]: readonly [string, string]) =>
      `-A ${chain} ${text} -j ${target}`.replaceAll(/ +/g, ' ');
    return [
      ...(raw === null
        ? []
        : ['*raw', ':PREROUTING ACCEPT [0:0]', rule('PREROUTING', [raw, 'NOTRACK']), 'COMMIT']),
      ...(mangle === null
        ? []
        : ['*mangle', ':PREROUTING ACCEPT [0:0]', rule('PREROUTING', mangle), 'COMMIT']),
      '*filter',
      `:INPUT ${policy} [0:0]`,
      `:OUTPUT ${output} [0:0]`,
      ':inner - [0:0]',
      ...before.map((one) => rule('INPUT', one)),
      ...usual.map((text) => `-A INPUT ${text}`),
      ...behind.map((one) => rule('INPUT', one)),
      rule('OUTPUT', [out, 'ACCEPT']),
      ...inside.map((one) => rule('inner', one)),
      'COMMIT',
      '',
    ].join('\n');
  });
