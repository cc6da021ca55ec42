import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { predict } from '../../../src/prediction/predict.js';
import { behaviours } from '../../../src/rebuild/behaviours.js';
import { rebuild } from '../../../src/rebuild/rebuild.js';
import type { Rebuilt } from '../../../src/rebuild/rebuilt.js';
import type { VirtualService } from '../../../src/prediction/model/question.js';
import { loadScenario } from '../../../src/scenario/file/loadScenario.js';
import type { Scenario } from '../../../src/scenario/model/scenario.js';
import { servicesUsed } from '../../../src/scenario/model/virtualServices.js';
import { readSite } from '../../../src/site/readSite.js';
import type { SourceFile } from '../../../src/site/model/sourceFile.js';
import { siteAnswer, siteFiles, siteNames } from '../prediction/siteAnswers.js';

const named = {
  services: [],
  forwarding: undefined,
  clientSide: undefined,
  serverSide: undefined,
  clients: [],
};

function rebuilt(
  files: readonly SourceFile[],
  more: { clientSide?: string; clients?: string[] } = {},
): Rebuilt {
  const site = readSite(files);
  return rebuild(site, predict(site, { ...named, ...more }));
}

/** The scenarios of a rebuilt site, as its files in a folder load. */
async function scenariosOf({ labs, files }: Rebuilt): Promise<readonly Scenario[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rebuilt-'));
  try {
    for (const { name, text } of files) writeFileSync(join(folder, name), text);
    const names = labs.flatMap(({ scenarios }) => scenarios.map(({ file }) => file));
    return await Promise.all(names.map((name) => loadScenario(join(folder, name))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function firstOf(made: Rebuilt): Promise<Scenario> {
  const [first] = await scenariosOf({ ...made, labs: made.labs.slice(0, 1) });
  if (first === undefined) throw new Error(JSON.stringify(made.unbuilt));
  return first;
}

const nameOf = ({ vip, port, protocol }: VirtualService) =>
  `${vip}:${port}${protocol === 'tcp' ? '' : `/${protocol}`}`;
const oneService = '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.11:80 -g -w 1\n';
const rules = (...lines: readonly string[]) => ({
  name: 'iptables.save',
  text: `*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${lines.join('\n')}\nCOMMIT\n`,
});
const services = (text = oneService) => ({ name: 'ipvsadm.save', text });

describe('the sites in the shapes that real ones have', () => {
  it.each(siteNames)('%s is in labs, or each service has a reason why not', async (name) => {
    const { in: clientSide, services: answers } = siteAnswer(name);
    const made = rebuilt(siteFiles(name), clientSide === undefined ? {} : { clientSide });
    const ends = new Set([
      ...made.labs.flatMap((lab) => lab.services.map(nameOf)),
      ...made.unbuilt.map(({ service }) => nameOf(service)),
    ]);
    expect(ends).toEqual(new Set(Object.keys(answers).map((end) => end.replaceAll(/[[\]]/g, ''))));
    expect(made.unbuilt.map(({ why }) => why)).toEqual(
      name === 'interface-not-said' ? [expect.stringContaining('no file says it')] : [],
    );
    const scenarios = await scenariosOf(made);
    const ways = made.labs.map(
      (lab) =>
        behaviours.filter(({ protocol }) => lab.services.some((one) => one.protocol === protocol)).length,
    );
    expect(scenarios).toHaveLength(ways.reduce((sum, count) => sum + count, 0));
    // Rules are as the site has them, but where their program would refuse them.
    const own = readSite(siteFiles(name)).rules.map(({ text }) => text);
    if (!['iptables-S', 'windows-line-ends', 'negations'].includes(name))
      for (const { roles } of scenarios)
        for (const text of [roles.director.rules, roles.director.rules6, roles.director.nftables])
          if (text !== undefined) expect(own).toContain(text);
  });
});

describe("the site's own names", () => {
  it('are those of the lab: addresses, interfaces, forwarding, marks', async () => {
    const { topology, roles } = await firstOf(
      rebuilt([
        rules('-A INPUT -i bond0.100 -p tcp --dport 80 -m state --state NEW -j ACCEPT', '-A INPUT -j DROP'),
        services(oneService.replace('-g', '-i')),
        {
          name: 'ip-address.txt',
          text: '2: bond0.100: <UP>\n    inet 192.0.2.2/24 scope global bond0.100\n3: eth1: <UP>\n    inet 10.0.0.1/24 scope global eth1\n',
        },
        {
          name: 'ip-route.txt',
          text: 'default via 192.0.2.1 dev bond0.100\n10.0.0.0/24 dev eth1 proto kernel\n',
        },
        { name: 'sysctl.txt', text: 'net.ipv4.vs.conntrack = 1\nnet.ipv4.ip_forward = 1\n' },
      ]),
    );
    expect(topology).toMatchObject({
      forwarding: 'tun',
      vip: '192.0.2.10',
      addresses: { client: '203.0.113.7', director: '10.0.0.1', realserver1: '10.0.0.11' },
      sides: { clients: 'bond0.100', realservers: 'eth1' },
    });
    expect(roles.director.sysctls).toEqual({ 'net.ipv4.vs.conntrack': '1' });
    expect(roles.director.rules).toContain('-i bond0.100');
  });

  it('take a client of those that the answer is about', async () => {
    const only = [rules('-A INPUT -s 10.9.0.0/16 -j ACCEPT', '-A INPUT -j DROP'), services()];
    expect((await firstOf(rebuilt(only))).topology.addresses['client']).toBe('10.9.0.7');
    const said = await firstOf(rebuilt(only, { clients: ['198.51.100.0/24'] }));
    expect(said.topology.addresses['client']).toBe('198.51.100.7');
  });

  it('keep realservers apart that rules tell apart, and leave out those that none does', async () => {
    const five = `-A -t 192.0.2.10:80 -s rr\n${[11, 12, 13, 14, 15]
      .map((n) => `-a -t 192.0.2.10:80 -r 10.0.0.${n}:80 -g -w 1`)
      .join('\n')}\n`;
    const alike = rebuilt([rules('-A INPUT -j ACCEPT'), services(five)]);
    expect((await firstOf(alike)).topology.addresses).toMatchObject({ realserver2: '10.0.0.12' });
    expect((await firstOf(alike)).topology.realservers).toBe(2);
    expect(alike.notes.map(({ text }) => text).join('\n')).toContain(
      '10.0.0.13, 10.0.0.14, 10.0.0.15 left out',
    );
    const apart = rebuilt([rules('-A OUTPUT -d 10.0.0.15/32 -j DROP'), services(five)]);
    expect(Object.values((await firstOf(apart)).topology.addresses)).toContain('10.0.0.15');
    expect((await firstOf(apart)).topology.realservers).toBe(3);
  });

  it('put services of one VIP into one lab, and others into others', () => {
    const three = `${oneService}${oneService.replaceAll(':80', ':443')}${oneService.replaceAll('2.10:', '2.20:')}`;
    const { labs } = rebuilt([rules('-A INPUT -j ACCEPT'), services(three)]);
    expect(labs.map((lab) => lab.services.map(({ vip, port }) => `${vip}:${port}`))).toEqual([
      ['192.0.2.10:80', '192.0.2.10:443'],
      ['192.0.2.20:80'],
    ]);
  });

  it('give each service its own realservers, by the ports that they serve on', () => {
    const text = [
      '-A -t 192.0.2.10:80 -s rr',
      '-a -t 192.0.2.10:80 -r 10.0.0.11:8080 -m -w 1',
      '-a -t 192.0.2.10:80 -r 10.0.0.12:80 -m -w 1',
      '-A -t 192.0.2.10:443 -s rr',
      '-a -t 192.0.2.10:443 -r 10.0.0.12:443 -m -w 1',
    ].join('\n');
    const { files } = rebuilt([rules('-A INPUT -j ACCEPT'), services(`${text}\n`)]);
    const [yaml = ''] = files.flatMap((file) => (file.name === 'server-first.yaml' ? [file.text] : []));
    expect(yaml).toContain('- { port: 80, realservers: { realserver1: { port: 8080 }, realserver2: {} } }');
    expect(yaml).toContain('- { port: 443, realservers: { realserver2: {} } }');
    expect(yaml).toContain('forwarding: nat');
  });

  it('are in a lab for each way of forwarding, where a service has several', async () => {
    const made = rebuilt(siteFiles('mixed-forwarding'));
    expect(made.unbuilt).toEqual([]);
    const ways = (await scenariosOf(made)).map(({ topology }) => topology.forwarding);
    expect(new Set(ways)).toEqual(new Set(['dr', 'nat']));
  });

  it('mark packets as the rules do it, and not as the lab', async () => {
    const mark = 'iptables -t mangle -D PREROUTING -d 192.0.2.10 -p tcp --dport 80 -j MARK --set-mark 7';
    const byMark = services('-A -f 7 -s rr\n-a -f 7 -r 10.0.0.11:0 -g -w 1\n');
    const nft = {
      name: 'ruleset.nft',
      text: 'table ip own {\n  chain pre {\n    type filter hook prerouting priority mangle; policy accept;\n    ip daddr 192.0.2.10 tcp dport 80 meta mark set 7\n  }\n}\n',
    };
    expect((await firstOf(rebuilt([nft, byMark]))).roles.director.commands).toEqual([mark]);
    const mangle = {
      name: 'iptables.save',
      text: '*mangle\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -d 192.0.2.10/32 -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x7/0xffffffff\nCOMMIT\n',
    };
    expect((await firstOf(rebuilt([mangle, byMark]))).roles.director.commands).toEqual([]);
  });
});

describe('services of UDP', () => {
  const udp = oneService.replaceAll('-t', '-u');

  it('are asked once, again and in streams, by clients of UDP alone', async () => {
    const made = rebuilt([rules('-A INPUT -j ACCEPT'), services(udp)]);
    const scenarios = await scenariosOf(made);
    expect(
      scenarios.map(({ load: { requests, datagrams }, expect: { outcome } }) => [
        requests,
        datagrams?.as,
        outcome,
      ]),
    ).toEqual([
      [1, 'dns', 'answered'],
      [2, 'dns', 'answered'],
      [6, 'quic', 'answered'],
    ]);
    expect(scenarios[0]?.topology.services).toMatchObject([{ port: 80, protocol: 'udp' }]);
  });

  it('share a lab with those of TCP, and each has its own clients', async () => {
    const made = rebuilt([rules('-A INPUT -j ACCEPT'), services(oneService + udp)]);
    expect(made.labs).toHaveLength(1);
    const scenarios = await scenariosOf(made);
    expect(scenarios).toHaveLength(behaviours.length);
    for (const { topology, load } of scenarios) {
      expect(topology.services).toHaveLength(2);
      const used = servicesUsed(topology, load).map(({ protocol }) => protocol);
      expect(used).toEqual([load.datagrams === undefined ? undefined : 'udp']);
      expect(load.connections).toBe(2);
    }
  });

  it('have their own mark taken back, where rules mark them', async () => {
    const nft = {
      name: 'ruleset.nft',
      text: 'table ip own {\n  chain pre {\n    type filter hook prerouting priority mangle; policy accept;\n    ip daddr 192.0.2.10 udp dport 80 meta mark set 7\n  }\n}\n',
    };
    const made = rebuilt([nft, services('-A -f 7 -s rr\n-a -f 7 -r 10.0.0.11:0 -g -w 1\n')]);
    expect((await firstOf(made)).roles.director.commands).toEqual([
      'iptables -t mangle -D PREROUTING -d 192.0.2.10 -p udp --dport 80 -j MARK --set-mark 7',
    ]);
  });
});

describe('how a realserver is chosen', () => {
  const by = (options: string, way = '-g') =>
    services(`-A -u 192.0.2.10:53 ${options}\n-a -u 192.0.2.10:53 -r 10.0.0.11:53 ${way} -w 1\n`);
  const accepted = rules('-A INPUT -j ACCEPT');

  it('is as at the site where each datagram is scheduled by itself', async () => {
    expect((await firstOf(rebuilt([accepted, by('-s rr -o')]))).topology.services).toMatchObject([
      { port: 53, protocol: 'udp', onePacket: true },
    ]);
    const [kept] = (await firstOf(rebuilt([accepted, by('-s rr')]))).topology.services;
    expect(kept?.onePacket).toBeUndefined();
  });

  it('is told where the lab has another way', () => {
    const about = (options: string) =>
      rebuilt([accepted, by(options)]).notes.filter(({ text }) => text.includes('in turn'));
    expect(about('-s wlc -p 300')).toEqual([
      {
        text: 'realservers are taken in turn (rr), without `-s wlc`, `-p 300`: no rule sees which one it is',
        at: { file: 'ipvsadm.save', line: 1 },
      },
    ]);
    expect(about('-s rr')).toEqual([]);
  });

  it('keeps a service by NAT out of labs where no entry is kept', () => {
    expect(rebuilt([accepted, by('-s rr -o', '-m')]).unbuilt[0]?.why).toContain('one-packet scheduling');
    expect(rebuilt([accepted, by('-s rr', '-m')]).unbuilt).toEqual([]);
  });
});

describe('what a lab cannot have', () => {
  it('rules that tell the ports of clients apart are told', () => {
    const { unbuilt, labs } = rebuilt([
      rules('-A INPUT -p tcp --sport 20000:30000 -j ACCEPT', '-A INPUT -j DROP'),
      services(),
    ]);
    expect(labs).toEqual([]);
    expect(unbuilt[0]?.why).toContain('10000 to 32767');
  });
});

describe('rule files', () => {
  it('are those of the site, and what is changed in them is told', async () => {
    const listed = {
      name: 'ruleset.nft',
      text: 'table ip filter {\n  chain INPUT {\n    xt match "state" drop\n  }\n}\ntable inet own {\n  chain in {\n  }\n}\n',
    };
    const made = rebuilt([rules('-A INPUT -j ACCEPT'), services(), listed]);
    const { nftables } = (await firstOf(made)).roles.director;
    expect(nftables).toBe('\n\n\n\n\ntable inet own {\n  chain in {\n  }\n}\n');
    expect(made.notes).toContainEqual({
      text: 'loaded without this table, which the file of iptables has: `table ip filter`',
      at: { file: 'ruleset.nft', line: 1 },
    });
  });

  it('keep no owner of a table, who would end before packets come', () => {
    const table = (flags: string) => ({
      name: 'ruleset.nft',
      text: `table inet firewalld { # progname firewalld\n  ${flags}\n  chain c {\n    type filter hook input priority 0; policy accept;\n  }\n}\n`,
    });
    const owned = rebuilt([table('flags owner,persist'), services()]);
    expect(owned.files.find(({ name }) => name === 'ruleset.nft')?.text).not.toContain('owner');
    expect(owned.notes).toContainEqual({
      text: 'loaded without the owner of the table, with whom it would go: `flags owner,persist`',
      at: { file: 'ruleset.nft', line: 2 },
    });
    const dormant = rebuilt([table('flags dormant'), services()]);
    expect(dormant.files.find(({ name }) => name === 'ruleset.nft')?.text).toContain('flags dormant');
  });

  it('have their negations where today they are written', async () => {
    const old = rules(
      '-A INPUT -s ! 10.0.0.0/8 -p tcp --dport ! 80 -m comment --comment "-s ! x" -j DROP',
      '-A INPUT ! -s 10.1.0.0/16 -m state ! --state NEW -j DROP',
    );
    const made = rebuilt([old, services()]);
    const { rules: text } = (await firstOf(made)).roles.director;
    expect(text).toContain(
      '-A INPUT ! -s 10.0.0.0/8 -p tcp ! --dport 80 -m comment --comment "-s ! x" -j DROP',
    );
    expect(text).toContain('-A INPUT ! -s 10.1.0.0/16 -m state ! --state NEW -j DROP');
    expect(made.notes.map(({ at }) => at?.line)).toContain(4);
    expect(made.notes.map(({ at }) => at?.line)).not.toContain(5);
  });

  it('keep their text where it looks like something of a scenario', async () => {
    const odd = rules('-A INPUT -m comment --comment "${VIP}" -j ACCEPT');
    const { rules: text } = (await firstOf(rebuilt([odd, services()]))).roles.director;
    expect(text).toContain('"$${VIP}"');
  });
});

describe('realservers with files of their own', () => {
  const two = `${oneService}-a -t 192.0.2.10:80 -r 10.0.0.12:80 -g -w 1\n`;
  const open = rules('-A INPUT -p tcp --dport 80 -j ACCEPT');
  /** A site with a realserver's rules, for the realserver that has this address, or for all. */
  const withOwn = (text: string, addresses?: readonly string[]) => {
    const site = readSite([open, services(two)]);
    const own = { name: 'rs', addresses, site: readSite([{ name: 'rs/iptables.save', text }]) };
    return rebuild(site, predict(site, { ...named, realservers: [own] }), [own]);
  };
  const shut = '*filter\n:INPUT DROP [0:0]\n-A INPUT -i eth0 -p icmp -j ACCEPT\nCOMMIT\n';

  it('have their rules in the lab, as they are', async () => {
    const made = withOwn(shut);
    expect(made.files).toContainEqual({ name: 'realserver1-iptables.save', text: shut });
    const { nodes } = await firstOf(made);
    expect(Object.keys(nodes)).toEqual(['realserver1', 'realserver2']);
    expect(nodes['realserver1']?.rules).toBe(shut);
  });

  it('have them alone where the files are theirs', async () => {
    const { nodes } = await firstOf(withOwn(shut, ['10.0.0.12']));
    expect(Object.keys(nodes)).toEqual(['realserver2']);
    expect(Object.keys((await firstOf(rebuilt([open, services(two)]))).nodes)).toEqual([]);
  });

  it('are in no lab where their rules name interfaces that it does not have', () => {
    const { labs, unbuilt } = withOwn(shut.replace('eth0', 'bond0'));
    expect(labs).toEqual([]);
    expect(unbuilt[0]?.why).toContain('rs/iptables.save:3 names an interface');
  });
});

it('files that others include are loaded in their places', () => {
  const text = (line: string) =>
    `table inet t {\n chain c {\n  type filter hook input priority 0; policy drop;\n  ${line}\n }\n}\n`;
  const { files, notes } = rebuilt([
    { name: 'nftables.conf', text: text('include "web.nft"') },
    { name: 'web.nft', text: 'tcp dport 80 accept' },
    services(),
  ]);
  const loaded = files.find(({ name }) => name === 'nftables.conf')?.text ?? '';
  expect(loaded).toContain('tcp dport 80 accept');
  expect(loaded).not.toContain('include');
  expect(notes.map((note) => note.text)).toContain('loaded with the files that it includes in their places');
});
