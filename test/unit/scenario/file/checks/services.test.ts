import { describe, expect, it } from 'vitest';
import { minimal, problemsOf, scenarioOf } from '../../scenarioFile.js';

/** Problems of a topology section whose first key is in line 8. */
function problemsIn(...lines: string[]): Promise<readonly string[]> {
  return problemsOf(`${minimal}topology:\n${lines.map((line) => `  ${line}\n`).join('')}`);
}

describe('services', () => {
  it('have ports of their own', async () => {
    expect(await problemsIn('services: [{ port: 80 }, { port: 81 }, { port: 80 }]')).toEqual([
      'FILE:8:50: expected a port of its own, found `80`, which an earlier service has',
    ]);
  });

  it('with one mark are balanced alike', async () => {
    const two = (second: string) =>
      `services: [{ port: 80, fwmark: 1, persistent: 60s }, { port: 443, ${second}fwmark: 1 }]`;
    const [problem, ...others] = await problemsIn(two('scheduler: lc, persistent: 60s, '));
    expect(problem).toMatch(
      /^FILE:8:101: expected the same `scheduler` as the earlier service with this mark/,
    );
    expect(others).toEqual([]);
    expect((await problemsIn(two('')))[0]).toContain('expected the same `persistent`');
    await scenarioOf(`${minimal}topology: { ${two('persistent: 60s, ')} }\n`);
  });

  it('may keep a client to one realserver', async () => {
    const { topology } = await scenarioOf(
      `${minimal}topology: { services: [{ port: 80, scheduler: sh }, { port: 81, persistent: 90s }] }\n`,
    );
    expect(topology.services.map(({ scheduler }) => scheduler)).toEqual(['sh', 'rr']);
  });

  it('keep a client for whole seconds', async () => {
    expect(await problemsIn('services: [{ port: 80, persistent: 1500ms }]')).toEqual([
      'FILE:8:38: expected whole seconds, found `1.5s`',
    ]);
  });
});

describe('what a service says', () => {
  it.each([
    [
      '{ port: 8000-8010 }',
      22,
      'expected `fwmark` beside a range of ports, found none; IPVS knows a range by a mark only',
    ],
    [
      '{ port: 8010-8000, fwmark: 1 }',
      22,
      'expected a range that goes up, of ports up to 65535, found `8010-8000`',
    ],
    [
      '{ port: 8000-70000, fwmark: 1 }',
      22,
      'expected a range that goes up, of ports up to 65535, found `8000-70000`',
    ],
    ['{ port: http }', 22, 'expected a port, or a range such as `8000-8010`, found the text `http`'],
    [
      '{ port: 1e400 }',
      22,
      'expected a port, or a range such as `8000-8010`, found `1e400`, which is too large for a number',
    ],
    [
      '{ port: 80, vip: 2 }',
      31,
      'expected a VIP of this topology (the only one; `topology.vips` says how many), found `2`',
    ],
    [
      '{ port: 80, realserver-port: 8080 }',
      43,
      "expected the service's own port, found `8080`; only address translation (`nat`) changes it",
    ],
    [
      '{ port: 80, scheduler: sh, scheduler-flags: [mh-port] }',
      59,
      'expected a flag of the scheduler `sh`, found `mh-port`',
    ],
    [
      '{ port: 80, scheduler-flags: [sh-port] }',
      44,
      'expected a flag of the scheduler `rr`, which has none, found `sh-port`',
    ],
    [
      '{ port: 80, persistence-netmask: 255.255.255.0 }',
      26,
      'expected `persistent` beside `persistence-netmask`, found none',
    ],
    [
      '{ port: 80, persistent: 60s, persistence-netmask: 24 }',
      64,
      "expected a netmask such as `255.255.255.0`, as the service's family is ipv4, found `24`",
    ],
    [
      '{ port: 80, persistence-engine: sip }',
      26,
      'expected `persistent` beside `persistence-engine`, found none',
    ],
    [
      '{ port: 53, one-packet: true }',
      26,
      'expected `protocol: udp` beside `one-packet`, found none; connections of TCP have an entry',
    ],
    [
      '{ port: 53, protocol: upd }',
      36,
      'expected one of `tcp`, `udp`, found the text `upd`; did you mean `udp`?',
    ],
    [
      '{ port: 80, realservers: { realserver3: {} } }',
      41,
      'expected a node that serves (realserver1, realserver2), found `realserver3`; did you mean `realserver1`?',
    ],
    [
      '{ port: 80, realservers: { director: {} } }',
      41,
      'expected a node that serves (realserver1, realserver2), found `director`',
    ],
    [
      '{ port: 80, realservers: { realserver1: { port: 81 } } }',
      62,
      "expected the service's own port, found `81`; only address translation (`nat`) changes it",
    ],
    [
      '{ port: 80, realservers: { realserver1: { weight: 65536 } } }',
      64,
      'expected at most 65535, found `65536`',
    ],
  ])('%s', async (service, column, problem) => {
    expect(await problemsIn(`services: [${service}]`)).toEqual([`FILE:8:${column}: ${problem}`]);
  });

  it('keeps no entry of datagrams only where answers need none', async () => {
    const about = async (realserver: string) =>
      (
        await problemsIn(
          `services: [{ port: 53, protocol: udp, one-packet: true, realservers: { realserver1: ${realserver} } }]`,
        )
      ).filter((problem) => problem.includes('one-packet'));
    expect(await about('{ forwarding: nat }')).toEqual([
      expect.stringContaining('expected direct routing or a tunnel beside `one-packet`, found `nat`'),
    ]);
    expect(await about('{ forwarding: tun }')).toEqual([]);
  });

  it('leaves the control run somebody to reach', async () => {
    const [problem] = await problemsIn(
      'services: [{ port: 80, realservers: { realserver1: { weight: 0 } } }]',
    );
    expect(problem).toMatch(
      /^FILE:8:26: expected a realserver of a weight above 0, found none; the control run/,
    );
    await scenarioOf(
      `${minimal}topology: { services: [{ port: 80, realservers: { realserver1: { weight: 0 }, realserver2: {} } }] }\n`,
    );
  });

  it('may be the same port on another VIP', async () => {
    const { topology } = await scenarioOf(
      `${minimal}topology: { vips: 2, services: [{ port: 80 }, { port: 80, vip: 2 }] }\n`,
    );
    expect(topology.services.map(({ vip }) => vip)).toEqual([undefined, 2]);
  });

  it('needs a router where any realserver is behind translation', async () => {
    const services =
      'services: [{ port: 80, realservers: { realserver1: { forwarding: nat }, realserver2: {} } }]';
    const { topology } = await scenarioOf(`${minimal}topology: { ${services} }\n`);
    expect(topology.network).toBe('routed');
    const [problem] = await problemsIn('network: flat', services);
    expect(problem).toMatch(/^FILE:8:12: expected `routed` with `forwarding: nat`, found `flat`/);
  });
});

describe('the subnet of several VIPs', () => {
  it('has room for them', async () => {
    const wide = 'realservers: 8, directors: 2, subnet: 198.18.7.0/28, vips:';
    const [problem] = await problemsIn(`# none`, ...`${wide} 4`.split(', '));
    expect(problem).toMatch(
      /expected a subnet with room for 15 nodes and VIPs, found `198.18.7.0\/28`, which has 13 addresses for them/,
    );
    await scenarioOf(`${minimal}topology: { ${wide} 2 }\n`);
  });

  it('may fix the address of each', async () => {
    const { topology } = await scenarioOf(
      `${minimal}topology: { vips: 2, subnet: 198.18.7.0/24, addresses: { vip2: 198.18.7.9 } }\n`,
    );
    expect(topology.addresses).toEqual({ vip2: '198.18.7.9' });
    const [problem] = await problemsIn('subnet: 198.18.7.0/24', 'addresses: { vip2: 198.18.7.9 }');
    expect(problem).toMatch(/expected a node of this topology .*, found `vip2`/);
  });
});

describe('services as ipvsadm saved them', () => {
  const text = (...lines: readonly string[]) =>
    ['services:', '  ipvsadm: |', ...lines.map((line) => `    ${line}`)] as const;

  it('are those of the lab, in the order in which the text names them', async () => {
    const { topology } = await scenarioOf(
      `${minimal}topology:\n  vips: 2\n  realservers: 2\n${text(
        '-A -t 10.0.0.1:80 -s wlc -p 300 -M 255.255.255.0',
        '-a -t 10.0.0.1:80 -r 10.0.0.12:80 -g -w 1',
        '-a -t 10.0.0.1:80 -r 10.0.0.11:8080 -m -w 3',
        '-A -t 10.0.0.2:443 -s mh -b mh-port,mh-fallback',
        '-a -t 10.0.0.2:443 -r 10.0.0.11:443 -i -w 0',
        '-a -t 10.0.0.2:443 -r 10.0.0.12:443 -g',
      )
        .map((line) => `  ${line}\n`)
        .join('')}`,
    );
    expect(topology.network).toBe('routed');
    expect(topology.services).toEqual([
      expect.objectContaining({
        ...{ port: 80, scheduler: 'wlc', persistent: 300, persistenceNetmask: '255.255.255.0' },
        realservers: [
          { node: 'realserver1', forwarding: 'dr' },
          { node: 'realserver2', weight: 3, forwarding: 'nat', port: 8080 },
        ],
      }),
      expect.objectContaining({
        ...{ port: 443, vip: 2, scheduler: 'mh', schedulerFlags: ['mh-port', 'mh-fallback'] },
        realservers: [
          { node: 'realserver2', weight: 0, forwarding: 'tun' },
          { node: 'realserver1', forwarding: 'dr' },
        ],
      }),
    ]);
  });

  it('are those that the topology gives the addresses', async () => {
    const fixed = 'subnet: 10.0.0.0/24\n  vip: 10.0.0.9\n  addresses: { realserver2: 10.0.0.11 }';
    const { topology } = await scenarioOf(
      `${minimal}topology:\n  ${fixed}\n${text(
        '-A -t 10.0.0.9:80 -s rr',
        '-a -t 10.0.0.9:80 -r 10.0.0.11:80 -g',
      )
        .map((line) => `  ${line}\n`)
        .join('')}`,
    );
    expect(topology.services[0]?.realservers).toEqual([{ node: 'realserver2', forwarding: 'dr' }]);
  });

  it('with a mark have the ports that the file gives it', async () => {
    const lines = text('-A -f 7 -s rr', '-a -f 7 -r 10.0.0.11:0 -g');
    const marks = (written: string) => [...lines, `  marks: { ${written} }`];
    const { topology } = await scenarioOf(
      `${minimal}topology:\n${marks('7: [443, 8000-8010]')
        .map((line) => `  ${line}\n`)
        .join('')}`,
    );
    expect(topology.services.map(({ port, lastPort, fwmark }) => [port, lastPort, fwmark])).toEqual([
      [443, undefined, 7],
      [8000, 8010, 7],
    ]);
    expect(await problemsIn(...marks('8: 443'))).toEqual([
      'FILE:10:7: expected beside `ipvsadm` which ports have the mark, `marks: { 7: [80, 443] }`, found none',
    ]);
  });

  it.each([
    [
      '-A -t 10.0.0.1:80 -s wllc',
      'expected a scheduler of IPVS (rr, wrr, lc, wlc, lblc, lblcr, dh, sh, mh, sed, nq, fo, ovf, twos), found `wllc`; did you mean `wlc`?',
    ],
    [
      '-A -t 10.0.0.1:80 -s sh -b sh-prt',
      'expected flags of a scheduler (sh-fallback, sh-port, mh-fallback, mh-port), found `sh-prt`; did you mean `sh-port`?',
    ],
    [
      '-A -t www:80',
      'expected an address and a port such as `192.0.2.1:80`, found `www:80`; `ipvsadm -Sn` prints numbers',
    ],
    [
      '-A -t 10.0.0.1 -p',
      'expected the port of the service, found none; for several ports give them a mark (`-f`)',
    ],
    ['-A -t [fd00::1]:80', 'expected a service of IPv4, as `topology.family` is ipv4, found one of IPv6'],
    [
      '-A -t 10.0.0.1:80 --shed rr',
      'expected an option of `ipvsadm -Sn` that the lab can have, found `--shed`',
    ],
    ['-A -s rr', 'expected the service that the line is about (`-t`, `-u` or `-f`), found none'],
    ['-a -t 10.0.0.1:81 -r 10.0.0.2:81', 'expected a realserver of a service above, found one of none'],
    [
      'TCP  10.0.0.1:80 rr',
      'expected a line of `ipvsadm -Sn`, which begins with `-A` or `-a`, found `TCP 10.0.0.1:80 rr`',
    ],
    ['-A -t', 'expected a value behind `-t`, found none'],
  ])('are told at the line that is wrong: %s', async (line, problem) => {
    const good = ['-A -t 10.0.0.9:8080', '-a -t 10.0.0.9:8080 -r 10.0.0.11:8080'];
    const [found, ...others] = await problemsIn(...text(...good, line));
    expect(found).toBe(`FILE:12:7: ${problem}`);
    expect(others).toEqual([]);
  });

  it('say how many nodes and VIPs they want', async () => {
    const three = ['1', '2', '3'].map((n) => `-a -t 10.0.0.9:80 -r 10.0.0.1${n}:80 -g`);
    expect(
      await problemsIn(
        ...text('-A -t 10.0.0.9:80', ...three, '-A -t 10.0.0.8:80', '-a -t 10.0.0.8:80 -r 127.0.0.1:80'),
      ),
    ).toEqual([
      'FILE:13:7: expected 2 realservers, of `topology.realservers`, found another, `10.0.0.13`; add `realservers: 3` to `topology`',
      'FILE:14:7: expected one VIP, of `topology.vips`, found another, `10.0.0.8`; add `vips: 2` to `topology`',
    ]);
    expect(await problemsIn(...text('-A -t 10.0.0.9:80', '-a -t 10.0.0.9:80 -r 127.0.0.1:80'))).toEqual([
      "FILE:11:7: expected a realserver's address, found `127.0.0.1`, which is the director itself; add `local-realserver: true` to `topology`",
    ]);
  });
});
