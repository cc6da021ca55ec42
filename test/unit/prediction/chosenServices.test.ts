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

  it('are for realservers that get connections, and say which do not', () => {
    const notesFor = (...weights: readonly number[]) => {
      const servers = weights.map(
        (weight, index) => `-a -t 192.0.2.1:80 -r 10.0.0.${index}:80 -g -w ${weight}\n`,
      );
      const site = readSite([{ name: 'ipvsadm', text: `-A -t 192.0.2.1:80 -s rr\n${servers.join('')}` }]);
      const { services, notes } = servicesOf(site, filtersOf(site), { services: [], forwarding: undefined });
      return [services[0]?.servers.length, ...notes.map(({ text }) => text)];
    };
    expect(notesFor(1, 2)).toEqual([2]);
    expect(notesFor(1, 0)).toEqual([
      1,
      'weight 0 gives 10.0.0.1 no new connections, and the answer is for the others',
    ]);
    expect(notesFor(0, 0)).toEqual([2, expect.stringContaining('nobody can connect')]);
  });

  it('are left out with a tunnel that is not predicted', () => {
    const leftOutFor = (type: string) => {
      const text = `-A -t 192.0.2.1:80 -s rr\n-a -t 192.0.2.1:80 -r 10.0.0.1:80 -i -w 1 --tun-type ${type}\n`;
      const site = readSite([{ name: 'ipvsadm', text }]);
      return servicesOf(site, filtersOf(site), { services: [], forwarding: undefined }).leftOut.map(
        ({ why }) => why,
      );
    };
    expect(leftOutFor('gre')).toEqual(['its tunnel is GRE, and only IP in IP is predicted']);
    expect(leftOutFor('ipip')).toEqual([]);
  });

  it('are left out where they are in a network namespace of their own', () => {
    const leftOutFor = (option: string) => {
      const text = `global_defs {\n ${option}\n}\nvirtual_server 192.0.2.1 80 {\n real_server 10.0.0.1 80 {\n }\n}\n`;
      const site = readSite([{ name: 'keepalived.conf', text }]);
      return servicesOf(site, filtersOf(site), { services: [], forwarding: undefined }).leftOut.map(
        ({ why }) => why,
      );
    };
    expect(leftOutFor('net_namespace_ipvs lb')).toEqual([
      expect.stringContaining('(`net_namespace_ipvs lb`, keepalived.conf:2)'),
    ]);
    expect(leftOutFor('router_id lb')).toEqual([]);
  });

  it('may be of UDP where no file has them', () => {
    expect(chosen([], ['192.0.2.10:53/udp', '[2001:db8::1]:53'])).toEqual([
      '192.0.2.10:53/udp',
      '2001:db8::1:53/tcp',
    ]);
    expect(() => chosen([], ['192.0.2.10:53/sctp'])).toThrow('ADDRESS:PORT/udp');
  });
});
