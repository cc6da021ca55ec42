import { describe, expect, it } from 'vitest';
import { servicesOf } from '../../../src/prediction/chosenServices.js';
import { filtersOf } from '../../../src/prediction/filters.js';
import { readSite } from '../../../src/site/readSite.js';

const marking = (protocol: string) =>
  `*mangle\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -d 192.0.2.10/32 -p ${protocol} -m ${protocol} --dport 53 -j MARK --set-xmark 0x7/0xffffffff\nCOMMIT\n`;
const byMark = '-A -f 7 -s rr\n-a -f 7 -r 10.0.0.11:0 -g -w 1\n';
const both = ['t', 'u']
  .map((kind) => `-A -${kind} 192.0.2.10:53 -s rr\n-a -${kind} 192.0.2.10:53 -r 10.0.0.11:53 -g -w 1\n`)
  .join('');

function chosen(texts: readonly string[], named: readonly string[] = []): readonly string[] {
  const site = readSite(texts.map((text, index) => ({ name: `file${index}`, text })));
  const { services } = servicesOf(site, filtersOf(site), { services: named, forwarding: undefined });
  return services.map(({ vip, port, protocol }) => `${vip}:${port}/${protocol}`);
}

describe('the services that are asked about', () => {
  it('have the protocol of the rule that marks them', () => {
    expect(chosen([marking('udp'), byMark])).toEqual(['192.0.2.10:53/udp']);
    expect(chosen([marking('tcp'), byMark])).toEqual(['192.0.2.10:53/tcp']);
  });

  it('are of every protocol by address and port, and of one where that is named', () => {
    expect(chosen([both], ['192.0.2.10:53'])).toEqual(['192.0.2.10:53/tcp', '192.0.2.10:53/udp']);
    expect(chosen([both], ['192.0.2.10:53/udp'])).toEqual(['192.0.2.10:53/udp']);
    expect(chosen([both], ['192.0.2.10:53/tcp'])).toEqual(['192.0.2.10:53/tcp']);
  });

  it('may be of UDP where no file has them', () => {
    expect(chosen([], ['192.0.2.10:53/udp', '[2001:db8::1]:53'])).toEqual([
      '192.0.2.10:53/udp',
      '2001:db8::1:53/tcp',
    ]);
    expect(() => chosen([], ['192.0.2.10:53/sctp'])).toThrow('ADDRESS:PORT/udp');
  });
});
