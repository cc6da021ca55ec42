import { describe, expect, it } from 'vitest';
import { type Checked, checked, checkedSite, expectAsAnswered, folderWith } from '../support/siteCheck.js';

/** A DR director between two networks, with names that no lab has. Its second service is the twin of the first: its rule asks for no state. */
const site = {
  'iptables.save': [
    '*filter',
    ':INPUT DROP [0:0]',
    ':FORWARD DROP [0:0]',
    ':OUTPUT DROP [0:0]',
    '-A INPUT -i lo -j ACCEPT',
    '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    '-A INPUT -i bond0 -d 192.0.2.10/32 -p tcp -m tcp --dport 80 -m conntrack --ctstate NEW -j ACCEPT',
    '-A INPUT -i bond0 -d 192.0.2.10/32 -p tcp -m tcp --dport 443 -j ACCEPT',
    '-A INPUT -j REJECT --reject-with icmp-host-prohibited',
    '-A OUTPUT -o bond1.12 -p tcp -m multiport --dports 80,443 -j ACCEPT',
    'COMMIT',
  ],
  'ipvsadm.save': [80, 443].flatMap((port) => [
    `-A -t 192.0.2.10:${port} -s wlc`,
    `-a -t 192.0.2.10:${port} -r 10.0.0.11:${port} -g -w 1`,
    `-a -t 192.0.2.10:${port} -r 10.0.0.12:${port} -g -w 1`,
  ]),
};

const told = ({ services }: Checked) =>
  services.map(({ service: { port }, outcome, predicted, proof }) => ({
    ...{ port, outcome, predicted },
    // A half that is closed without an end is lost data; what a port does a second time hangs on the first.
    outcomes: new Set(
      proof?.trials
        .filter(({ behaviour }) => behaviour !== 'port-again')
        .map(({ outcome: found }) => (found === 'data-lost' ? 'close-blocked' : found)),
    ),
    trials: proof?.trials.length,
    faults: proof?.faults,
  }));

describe("a site's own rules, run as they are", () => {
  it('show which of its services cannot be closed, that its twin can, and a cure that holds', async () => {
    const answer = await checked([await folderWith(site), '--in', 'bond0', '--out', 'bond1.12']);
    expect(answer.code).toBe(1);
    expect(told(answer)).toEqual([
      {
        ...{ port: 80, outcome: 'close-blocked', predicted: 'close-blocked' },
        ...{ outcomes: new Set(['close-blocked']), trials: 7, faults: [] },
      },
      {
        ...{ port: 443, outcome: 'healthy', predicted: 'healthy' },
        ...{ outcomes: new Set(['healthy']), trials: 7, faults: [] },
      },
    ]);
    expect(answer.cures[0]).toMatchObject({
      way: 'proven in the lab',
      proof: { outcome: 'healthy', because: [] },
    });
  });

  // What differs most from the site above; `npm run stress -- sites` runs all of them.
  it('come to their right answers: udp-nat-tracked', async () => {
    expectAsAnswered('udp-nat-tracked', await checkedSite('udp-nat-tracked'));
  });
});
