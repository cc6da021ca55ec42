import { describe, expect, it } from 'vitest';
import { shellQuote } from '../../../../../src/support/quote.js';
import { makePlan } from '../../../../../src/scenario/plan/makePlan.js';
import { nodeOf, planOf, setupOf, shapeOf } from '../../planning.js';
import { minimal, scenarioOf } from '../../scenarioFile.js';

const topology = (text: string) => planOf(`topology: ${text}\n`);
const ipvs = (lines: readonly string[]) => lines.filter((line) => /^(?:ipvsadm|iptables)/.test(line));

describe('services of a director', () => {
  it('have VIPs, weights, flags and realservers of their own', async () => {
    const plan = await topology(`
  vips: 2
  services:
    - { port: 80, vip: 2, scheduler: sh, scheduler-flags: [sh-port, sh-fallback], realservers: { realserver2: { weight: 5 }, realserver1: { weight: 0 } } }
    - { port: 80, persistent: 60s, persistence-netmask: 255.255.255.0, persistence-engine: sip, realservers: { realserver1: {} } }`);
    expect(ipvs(setupOf(plan, 'director'))).toEqual([
      'ipvsadm -A -t 198.18.7.101:80 -s sh -b sh-port,sh-fallback',
      'ipvsadm -a -t 198.18.7.101:80 -r 198.18.7.32:80 -g -w 5',
      'ipvsadm -a -t 198.18.7.101:80 -r 198.18.7.31:80 -g -w 0',
      'ipvsadm -A -t 198.18.7.100:80 -s rr -p 60 -M 255.255.255.0 --pe sip',
      'ipvsadm -a -t 198.18.7.100:80 -r 198.18.7.31:80 -g',
    ]);
    expect(setupOf(plan, 'realserver1').slice(-2)).toEqual([
      'ip addr add 198.18.7.100/32 dev lo',
      'ip addr add 198.18.7.101/32 dev lo',
    ]);
    expect(plan.ready.map(({ argv }) => shellQuote(argv))).toEqual([
      'bash /lab/probe.sh 198.18.7.101 80 60 realserver2',
      'bash /lab/probe.sh --any 198.18.7.100 80 60 realserver1',
    ]);
  });

  it('forward in several ways at once, and give each realserver what its way needs', async () => {
    const plan = await topology(`
  services:
    - port: 80
      realserver-port: 8080
      realservers: { realserver1: { forwarding: nat }, realserver2: { forwarding: dr, port: 80 }, realserver3: { forwarding: tun, port: 80 } }
  realservers: 3`);
    expect(ipvs(setupOf(plan, 'director'))).toEqual([
      'ipvsadm -A -t 198.18.7.100:80 -s rr',
      'ipvsadm -a -t 198.18.7.100:80 -r 198.18.7.31:8080 -m',
      'ipvsadm -a -t 198.18.7.100:80 -r 198.18.7.32:80 -g',
      'ipvsadm -a -t 198.18.7.100:80 -r 198.18.7.33:80 -i',
    ]);
    expect(setupOf(plan, 'realserver1')).toEqual(['ip route add default via 198.18.7.20']);
    expect(setupOf(plan, 'realserver2').slice(-2)).toEqual([
      'ip route add default via 198.18.7.5',
      'ip addr add 198.18.7.100/32 dev lo',
    ]);
    expect(setupOf(plan, 'realserver3').at(-1)).toBe('ip addr add 198.18.7.100/32 dev tunl0');
    expect(nodeOf(plan, 'realserver1').environment['LVS_LAB_PORTS']).toBe('8080 80');
    expect(plan.servers).toEqual(['198.18.7.100', '198.18.7.31']);
  });

  it('of a range are marked, and clients connect to its ends', async () => {
    const plan = await topology('{ services: [{ port: 8000-8010, fwmark: 7 }], realservers: 1 }');
    expect(ipvs(setupOf(plan, 'director'))).toEqual([
      'iptables-nft -t mangle -A PREROUTING -d 198.18.7.100 -p tcp --dport 8000:8010 -j MARK --set-mark 7',
      'ipvsadm -A -f 7 -s rr',
      'ipvsadm -a -f 7 -r 198.18.7.31 -g',
    ]);
    expect(plan.drive.ports).toEqual([8000, 8010]);
    expect(nodeOf(plan, 'realserver1').environment['LVS_LAB_PORTS']).toBe('8000 8010');
  });

  it('keep entries as long as the file says, from when the rules are loaded', async () => {
    const plan = await topology('{ ipvs-timeouts: { tcp: 2s, udp: 5s } }');
    expect(nodeOf(plan, 'director').rules?.texts).toEqual({ commands: 'ipvsadm --set 2 0 5' });
    expect(nodeOf(plan, 'realserver1').rules).toBeUndefined();
  });

  it('schedule each datagram by itself where the file says so', async () => {
    const services = '[{ port: 80 }, { port: 53, protocol: udp, one-packet: true }]';
    const plan = await topology(`{ services: ${services} }`);
    const added = ipvs(setupOf(plan, 'director')).filter((line) => line.startsWith('ipvsadm -A'));
    expect(added).toEqual(['ipvsadm -A -t 198.18.7.100:80 -s rr', 'ipvsadm -A -u 198.18.7.100:53 -s rr -o']);
  });

  it('of UDP have a server at each address that requests come by, and captures that keep datagrams', async () => {
    const scenario = await scenarioOf(
      minimal.replace('{ close: { first: server } }', '{ datagrams: { as: dns } }') +
        `topology:
  services:
    - { port: 53, protocol: udp, realservers: { realserver1: { forwarding: nat, port: 5353 }, realserver2: {} } }
    - { port: 53 }
`,
    );
    const plan = makePlan(scenario, 'r1', shapeOf(scenario));
    expect(ipvs(setupOf(plan, 'director')).slice(0, 3)).toEqual([
      'ipvsadm -A -u 198.18.7.100:53 -s rr',
      'ipvsadm -a -u 198.18.7.100:53 -r 198.18.7.31:5353 -m',
      'ipvsadm -a -u 198.18.7.100:53 -r 198.18.7.32:53 -g',
    ]);
    const server = 'perl /lab/server/datagrams.pl';
    expect(setupOf(plan, 'realserver1').at(-1)).toBe(
      `${server} realserver1 5353,53 198.18.7.31 198.18.7.100`,
    );
    expect(setupOf(plan, 'realserver2').at(-1)).toBe(`${server} realserver2 5353,53 198.18.7.100`);
    expect(plan.ready.map(({ argv }) => argv.slice(0, 4).join(' '))).toEqual([
      'perl /lab/server/probe-datagrams.pl 198.18.7.100 53',
      'bash /lab/probe.sh 198.18.7.100 53',
    ]);
    expect(plan.drive).toMatchObject({ ports: [53], load: { datagrams: { as: 'dns' } } });
    expect(nodeOf(plan, 'client').capture?.argv.at(-1)).toMatch(/ or udp$/);
    expect(plan.shape.key).toContain('with UDP');
    expect((await topology('{ services: [{ port: 53 }] }')).shape.key).not.toContain('UDP');
  });
});
