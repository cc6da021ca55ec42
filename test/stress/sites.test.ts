import { describe, expect, it } from 'vitest';
import {
  type Checked,
  checked,
  checkedSite,
  expectAsAnswered,
  folderWith,
} from '../integration/support/siteCheck.js';
import { siteNames } from '../unit/prediction/siteAnswers.js';

/** No file says by which interface its clients come in, so it is in no lab. */
const inNoLab = 'interface-not-said';

describe('the sites in the shapes that real ones have', () => {
  it.each(siteNames.filter((name) => name !== inNoLab))('%s comes to its right answer', async (name) => {
    expectAsAnswered(name, await checkedSite(name));
  });
});

const director = {
  'iptables.save': ['*filter', ':INPUT DROP [0:0]', '-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT', 'COMMIT'],
  'ipvsadm.save': [
    '-A -t 192.0.2.10:80 -s rr',
    '-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 1',
    '-a -t 192.0.2.10:80 -r 10.0.0.12:80 -g -w 1',
  ],
};

/** The rules of a realserver that lets in connections to its own address only, or to the VIP, which its packets have with DR. */
const realserver = (address: string) => ({
  'iptables.save': [
    '*filter',
    ':INPUT DROP [0:0]',
    '-A INPUT -i lo -j ACCEPT',
    '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    `-A INPUT -d ${address}/32 -p tcp -m tcp --dport 80 -m conntrack --ctstate NEW -j ACCEPT`,
    'COMMIT',
  ],
});

async function checkedWith(address: string): Promise<Checked> {
  const own = await folderWith(realserver(address));
  return checked([await folderWith(director), '--realserver', `10.0.0.12=${own}`]);
}

const told = ({ services }: Checked) =>
  services.map(({ outcome, predicted, proof }) => ({ outcome, predicted, faults: proof?.faults }));

describe("a realserver's own rules", () => {
  it('keep connections out that the director lets in', async () => {
    expect(told(await checkedWith('10.0.0.12'))).toEqual([
      { outcome: 'unreachable', predicted: 'unreachable', faults: [] },
    ]);
  });

  it('let in those to the VIP', async () => {
    const answer = await checkedWith('192.0.2.10');
    expect(told(answer)).toEqual([{ outcome: 'healthy', predicted: 'healthy', faults: [] }]);
    expect(answer.code).toBe(0);
  });
});
