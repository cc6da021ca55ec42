import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDocumentSchema } from '../../../../../src/report/check/document/predictionDocument.js';
import { folder, lvsLab } from '../../harness.js';

const services =
  '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.1:80 -g\n-A -u 192.0.2.10:53 -s rr\n-a -u 192.0.2.10:53 -r 10.0.0.1:53 -g\n';
const saved = (...rules: readonly string[]) =>
  ['*filter', ':INPUT DROP [0:0]', ...rules, 'COMMIT', ''].join('\n');

/** A folder with these files, and `check --predict` in it. */
async function checked(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const cwd = folder();
  for (const [name, text] of Object.entries({ 'ipvsadm.save': services, ...files })) {
    mkdirSync(join(cwd, name, '..'), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  return await lvsLab(['check', '--predict', 'director.save', 'ipvsadm.save', ...args], undefined, { cwd });
}

describe('check --map', () => {
  const hidden = saved('-A INPUT -s x.x.x.0/24 -j ACCEPT', '-A INPUT -s www.example.com -j ACCEPT');

  it('reads an address in the place of a name, and lists it', async () => {
    const bare = await checked({ 'director.save': hidden });
    expect(bare.code).toBe(3);
    expect(bare.out).toContain('director.save:3: the address `x.x.x.0` is hidden');
    expect(bare.out).toContain('director.save:4: `www.example.com` is a name');
    const maps = ['--map', 'x.x.x.0=198.51.100.0', '--map', 'www.example.com=203.0.113.5'];
    const { code, out } = await checked({ 'director.save': hidden }, ...maps);
    expect(code).toBe(0);
    expect(out).toContain('198.51.100.0 stands for x.x.x.0, once: director.save:3');
    expect(out).not.toContain('hidden');
    const json = await checked({ 'director.save': hidden }, ...maps, '--json');
    expect(checkDocumentSchema.parse(JSON.parse(json.out)).standIns).toMatchObject([
      { name: 'x.x.x.0', value: '198.51.100.0', count: 1, at: { file: 'director.save', line: 3 } },
      { name: 'www.example.com', value: '203.0.113.5' },
    ]);
  });

  it.each([
    ['x.x.x.0', 'expected --map NAME=ADDRESS'],
    ['x.x.x.0=there', 'expected an address or a network for `x.x.x.0`'],
    ['x.x.x.9=192.0.2.1', 'no file has `x.x.x.9`'],
  ])('refuses %s', async (map, told) => {
    const { code, err } = await checked({ 'director.save': hidden }, '--map', map);
    expect(code).toBe(5);
    expect(err).toContain(told);
  });
});

describe('check --realserver', () => {
  const director = saved('-A INPUT -j ACCEPT');

  it('counts what realservers do themselves', async () => {
    const own = {
      'director.save': director,
      'rs/iptables.save': saved('-A INPUT -p tcp --dport 80 -j ACCEPT'),
    };
    expect((await checked(own)).code).toBe(0);
    const { code, out } = await checked(own, '--realserver', 'rs');
    expect(code).toBe(1);
    expect(out).toContain('  on 10.0.0.1 by their own rules (rs): healthy');
    expect(out).toContain('  on 10.0.0.1 by their own rules (rs): unanswered');
    expect(out.match(/it is to be mended there/g)).toHaveLength(1);
    const json = await checked(own, '--realserver', 'rs', '--json');
    const { services: found, files } = checkDocumentSchema.parse(JSON.parse(json.out));
    expect(found.map(({ outcome, realservers }) => [outcome, realservers?.[0]?.outcome])).toEqual([
      ['healthy', 'healthy'],
      ['unanswered', 'unanswered'],
    ]);
    expect(files.map(({ name }) => name)).toContain('rs/iptables.save');
  });

  it('knows whose files they are by what is said, or by their addresses', async () => {
    const shut = saved('-A INPUT -p icmp -j ACCEPT');
    const files = { 'director.save': director, 'rs.save': shut };
    expect((await checked(files, '--realserver', 'rs.save')).code).toBe(1);
    expect((await checked(files, '--realserver', '10.0.0.1=rs.save')).code).toBe(1);
    expect((await checked(files, '--realserver', '10.0.0.2=rs.save')).code).toBe(0);
    const address = (own: string) => `2: eth0: <UP>\n    inet ${own}/24 scope global eth0\n`;
    const inFolder = (own: string) => ({
      'director.save': director,
      'rs/iptables.save': shut,
      'rs/ip-address.txt': address(own),
    });
    expect((await checked(inFolder('10.0.0.1'), '--realserver', 'rs')).code).toBe(1);
    expect((await checked(inFolder('10.0.0.2'), '--realserver', 'rs')).code).toBe(0);
  });
});

describe('services of UDP', () => {
  it('are answered or not, in the words that a run has', async () => {
    const well = await checked({ 'director.save': saved('-A INPUT -m state --state NEW -j ACCEPT') });
    expect(well.out).toMatch(/192\.0\.2\.10:53\/udp .*\n {2}answered: /);
    expect(well.out).toMatch(/192\.0\.2\.10:80\/tcp .*\n {2}close-blocked: /);
    const ill = await checked({ 'director.save': saved('-A INPUT -p tcp -j ACCEPT') });
    expect(ill.out).toMatch(/192\.0\.2\.10:53\/udp .*\n {2}unanswered: /);
    expect(ill.code).toBe(1);
    // What waits for an answer waits for ever, as the director forgets the first request.
    const later = await checked({
      'director.save': saved('-A INPUT -m state --state ESTABLISHED -j ACCEPT'),
    });
    expect(later.out).toMatch(/udp .*\n {2}unanswered: /);
  });
});

it('options that may be repeated may be', async () => {
  const rules = { 'director.save': saved('-A INPUT -p tcp --dport 80 -j ACCEPT') };
  const { out } = await checked(rules, '--service', '192.0.2.10:80', '--service', '192.0.2.10:53');
  expect(out).toContain('192.0.2.10:80/tcp');
  expect(out).toContain('192.0.2.10:53/udp');
  const clients = ['--client', '198.51.100.1', '--client', '198.51.100.2'];
  expect((await checked(rules, ...clients)).code).toBe(1);
});
