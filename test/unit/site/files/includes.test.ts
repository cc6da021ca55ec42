import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { predict } from '../../../../src/prediction/predict.js';
import { includePlaces } from '../../../../src/site/files/includes.js';
import { readFiles } from '../../../../src/site/files/readFiles.js';
import { readSite } from '../../../../src/site/readSite.js';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'lvs-lab-includes-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const main = (line: string) => `include "/etc/nftables.d/*.nft"
table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    ${line}
  }
}
`;
const services = '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.1:80 -g -w 1\n';
const named = {
  ...{ services: [], forwarding: undefined, clientSide: undefined, serverSide: undefined, clients: [] },
};

/** What the site in a folder comes to, of which these paths were given. */
async function answer(folder: string, paths: readonly string[]) {
  const site = readSite(await readFiles(paths, folder));
  const { services: found, problems } = predict(site, named);
  return { outcome: found[0]?.outcome, packets: found[0]?.packets ?? [], problems, site };
}

describe('included files of nft', () => {
  const files = {
    'nftables.conf': main('include "./rules/web.nft"'),
    'nftables.d/a.nft': 'define web = 80\n',
    'rules/web.nft': 'tcp dport $web ct state new accept\n',
    'ipvsadm.save': services,
  };

  it('are read in the places that name them, beside the file as on the director', async () => {
    const folder = folderWith(files);
    const { outcome, packets, problems } = await answer(folder, ['nftables.conf', 'ipvsadm.save']);
    expect(problems).toEqual([]);
    expect(outcome).toBe('close-blocked');
    const [syn] = packets;
    expect(syn?.through).toMatchObject([{ file: 'rules/web.nft', line: 1 }]);
    // The chain's policy stands in the file itself, behind what is included before it.
    expect(packets.find(({ packet }) => packet === 'FIN')?.by).toMatchObject([
      { at: { file: 'nftables.conf', line: 4 } },
    ]);
  });

  it('come to another answer when they say another thing', async () => {
    const folder = folderWith({ ...files, 'rules/web.nft': 'tcp dport $web accept\n' });
    expect((await answer(folder, ['nftables.conf', 'ipvsadm.save'])).outcome).toBe('healthy');
    const other = folderWith({ ...files, 'nftables.d/a.nft': 'define web = 81\n' });
    expect((await answer(other, ['nftables.conf', 'ipvsadm.save'])).outcome).toBe('unreachable');
  });

  it('are found in a folder that was given whole, and with line ends of Windows', async () => {
    const crlf = Object.entries(files).map(([name, text]) => [`etc/${name}`, text.replaceAll('\n', '\r\n')]);
    const folder = folderWith(Object.fromEntries(crlf) as Record<string, string>);
    const { outcome, problems } = await answer(folder, ['etc']);
    expect(problems).toEqual([]);
    expect(outcome).toBe('close-blocked');
  });

  it('that are missing are named with the lines that name them, all at once', async () => {
    const { 'rules/web.nft': _web, 'nftables.d/a.nft': _define, ...rest } = files;
    const { problems } = await answer(folderWith(rest), ['nftables.conf', 'ipvsadm.save']);
    expect(problems.map(({ at, done }) => [at?.file, at?.line, done])).toEqual([
      ['nftables.conf', 1, 'refused'],
      ['nftables.conf', 5, 'refused'],
    ]);
  });

  it('that lead back to themselves are told, with the way', async () => {
    const folder = folderWith({
      ...files,
      'rules/web.nft': 'include "more.nft"\n',
      'rules/more.nft': 'tcp dport 80 accept\ninclude "./web.nft"\n',
    });
    const { problems } = await answer(folder, ['nftables.conf', 'ipvsadm.save']);
    expect(problems).toMatchObject([
      {
        done: 'refused',
        at: { file: 'rules/more.nft', line: 2 },
        message: expect.stringContaining('rules/web.nft > rules/more.nft > rules/web.nft') as string,
      },
    ]);
  });

  it('may be as many lines as a large site has', async () => {
    const rules = Array.from({ length: 50_000 }, (_, at) => `ip saddr 10.${at >> 8}.${at & 255}.1 drop`);
    const folder = folderWith({ ...files, 'rules/web.nft': `${rules.join('\n')}\ntcp dport 80 accept\n` });
    const site = readSite(await readFiles(['nftables.conf', 'ipvsadm.save'], folder));
    expect(site.problems).toEqual([]);
    expect(site.rules[0]?.places?.length).toBeGreaterThan(50_000);
  });
});

describe('included files of keepalived', () => {
  const server = (address: string) => `virtual_server ${address} 80 {
  lb_kind DR
  include servers.conf
}
`;

  it('are read in their places, also by patterns', async () => {
    const folder = folderWith({
      'keepalived.conf': 'global_defs {\n}\ninclude /etc/keepalived/conf.d/*.conf\n',
      'conf.d/b.conf': server('192.0.2.11'),
      'conf.d/a.conf': server('192.0.2.10'),
      'conf.d/servers.conf': 'real_server 10.0.0.1 80 {\n  weight 2\n}\n',
    });
    const site = readSite(await readFiles(['keepalived.conf'], folder));
    expect(site.problems).toEqual([]);
    expect(site.services.map(({ address, servers }) => [address?.vip, servers[0]?.at.file])).toEqual([
      ['192.0.2.10', 'conf.d/servers.conf'],
      ['192.0.2.11', 'conf.d/servers.conf'],
    ]);
  });

  it('that are missing are told, and services are not made up', async () => {
    const folder = folderWith({ 'keepalived.conf': server('192.0.2.10') });
    const site = readSite(await readFiles(['keepalived.conf'], folder));
    expect(site.problems).toMatchObject([{ done: 'left out', at: { file: 'keepalived.conf', line: 3 } }]);
    expect(site.services).toMatchObject([{ servers: [] }]);
  });
});

it('what a director has below /etc is not looked for below the /etc of this machine', () => {
  expect(includePlaces('/etc/nftables.d/*.nft', '/home/me/site/nftables.conf')).not.toContain(
    '/etc/nftables.d/*.nft',
  );
  // But on the director itself.
  expect(includePlaces('/etc/nftables.d/*.nft', '/etc/nftables.conf')[0]).toBe('/etc/nftables.d/*.nft');
});
