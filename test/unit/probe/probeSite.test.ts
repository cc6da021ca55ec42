import { describe, expect, it } from 'vitest';
import { predict, type Prediction } from '../../../src/prediction/predict.js';
import { probeSite } from '../../../src/probe/probeSite.js';
import { serviceProbe } from '../../../src/probe/serviceProbe.js';
import { readSite } from '../../../src/site/readSite.js';
import type { SourceFile } from '../../../src/site/model/sourceFile.js';
import { siteAnswer, siteFiles } from '../prediction/siteAnswers.js';
import { namespaceSource } from './namespaceSource.js';

const nothing = {
  ...{ services: [], forwarding: undefined, clientSide: undefined, serverSide: undefined, clients: [] },
};

/** What packets that are sent through files' rules come to, beside a prediction: that of the files, unless another one is given. */
async function probed(files: readonly SourceFile[], clientSide?: string, other?: Prediction) {
  const site = readSite(files);
  const named = { ...nothing, clientSide };
  const whole = other ?? predict(site, named);
  const probe = await probeSite(site, whole, named, { program: namespaceSource });
  return { ...probe, services: [...probe.services.values()] };
}

const services = (option: string) =>
  `-A ${option} 192.0.2.10:80 -s rr\n-a ${option} 192.0.2.10:80 -r 10.0.0.1:80 -g -w 1\n`;
const saved = (...rules: readonly string[]) =>
  ['*filter', ':INPUT DROP [0:0]', ...rules, 'COMMIT', ''].join('\n');
const filesOf = (rules: string, option = '-t'): readonly SourceFile[] => [
  { name: 'rules', text: rules },
  { name: 'services', text: services(option) },
];

describe('packets sent through the rules of a site', { timeout: 120_000 }, () => {
  it.each(['rh-firewall', 'nft-sets', 'redirect', 'ipset-whitelist', 'fwmark', 'ipv6'])(
    '%s: the kernel does what is predicted up to IPVS',
    async (name) => {
      const { services: found, left } = await probed(siteFiles(name), siteAnswer(name).in);
      expect(left).toEqual([]);
      expect(found.length).toBeGreaterThan(0);
      expect(found.flatMap(({ faults }) => faults)).toEqual([]);
      expect(found.map(({ outcome }) => outcome)).toEqual(
        Object.values(siteAnswer(name).services).map(({ outcome }) => outcome),
      );
    },
  );

  it('shows which get as far as IPVS, also of UDP', async () => {
    const rules = saved('-A INPUT -p tcp -m state --state NEW -j ACCEPT');
    const [tcp] = (await probed(filesOf(rules))).services;
    expect(tcp?.passed).toEqual(['SYN', 'ACK', 'data']);
    expect(tcp?.stopped).toEqual(['FIN', 'FIN with data', 'RST', 'RST,ACK', 'ICMP too big']);
    const udp = async (protocol: string) =>
      (await probed(filesOf(saved(`-A INPUT -p ${protocol} -m state --state NEW -j ACCEPT`), '-u')))
        .services[0];
    expect((await udp('udp'))?.passed).toEqual(['request', 'later request']);
    expect((await udp('tcp'))?.passed).toEqual([]);
  });

  it('count where a prediction says another thing, and that is told as a fault', async () => {
    const rules = saved('-A INPUT -p tcp -m state --state NEW -j ACCEPT');
    const open = filesOf(saved('-A INPUT -j ACCEPT'));
    const wrong = predict(readSite(open), nothing);
    expect(wrong.services[0]?.outcome).toBe('healthy');
    // Rules of one site beside the prediction for another: up to IPVS it is predicted anew, and agrees.
    const right = await probed(filesOf(rules));
    expect(right.services[0]?.faults).toEqual([]);
    const [whole] = wrong.services;
    const packets = whole?.packets.filter(({ from }) => from === 'client') ?? [];
    const sent = (passes: (packet: string) => boolean) =>
      packets.map(({ packet, fate }) => ({ packet, fate, isPassed: passes(packet) }));
    const found = serviceProbe(
      whole!,
      sent((packet) => !/FIN|RST/.test(packet)),
    );
    expect(found.outcome).toBe('close-blocked');
    expect(found.faults[0]).toBe('FIN is predicted to get as far as IPVS, and the kernel did not');
    expect(
      serviceProbe(
        whole!,
        sent(() => true),
      ),
    ).toMatchObject({ outcome: 'healthy', faults: [] });
  });

  it('are not sent where that would say nothing, with the reason', async () => {
    const tracked = [...filesOf(saved()), { name: 'sysctl', text: 'net.ipv4.vs.conntrack = 1\n' }];
    expect((await probed(tracked)).left[0]?.why).toContain('net.ipv4.vs.conntrack=1');
    const refused = await probed(filesOf(saved('-A INPUT -s www.example.invalid -j ACCEPT')));
    expect(refused.services).toEqual([]);
    expect(refused.left[0]?.why).toContain('the rules are not taken here');
  });
});
