import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseLinks } from '../../../../src/evidence/listings/linkCounters.js';
import { shellQuote } from '../../../../src/support/quote.js';
import { nodeForTypeScript } from '../../programs.js';
import { splitSamples, type SampleBlock } from '../../../../src/evidence/streams/samples.js';
import { splitSections } from '../../../../src/evidence/directory/sections.js';
import { parseQueues } from '../../../../src/evidence/listings/queues.js';
import { parseBacklogDrops } from '../../../../src/evidence/listings/softnet.js';
import { parseSs } from '../../../../src/evidence/listings/ss.js';
import { parseIpvsTally, parseSocketTally } from '../../../../src/evidence/streams/tallies.js';

const run = promisify(execFile);
const script = (name: string) => fileURLToPath(new URL(`../../../../lab/node/${name}`, import.meta.url));

// The scripts only wrap tools, which a developer's machine may not have: stand-ins print one known line.
let tools: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  tools = await mkdtemp(join(tmpdir(), 'lvs-lab-tools-'));
  env = { ...process.env, PATH: `${tools}:/usr/bin:/bin` };
  await tool('tc', 'echo "[]"');
});
afterEach(() => rm(tools, { recursive: true }));

async function tool(name: string, body: string): Promise<void> {
  await writeFile(join(tools, name), `#!/bin/sh\n${body}\n`);
  await chmod(join(tools, name), 0o755);
}

/** Runs the sampler until it has printed `ends` samples, then kills it; or until it ends by itself. */
async function sample(role: string, ends: number): Promise<{ stdout: string; code: number | null }> {
  const child = spawn('bash', [script('sampler.sh'), '0.05', role], { env });
  child.stdin.write('go\n');
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    if (splitSamples(stdout).length >= ends) child.kill();
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { stdout, code };
}

describe('sampler.sh', () => {
  it('prints one block of sockets after the other', async () => {
    await tool('ss', 'echo "ESTAB 0 0 10.0.0.1:80 10.0.0.2:4000"');
    const blocks = splitSamples((await sample('client', 3)).stdout);
    expect(blocks.length).toBeGreaterThanOrEqual(3);
    expect(blocks.every(({ kind, text }) => kind === 'ss' && text.startsWith('ESTAB'))).toBe(true);
    expect(Math.abs((blocks[0]?.time ?? 0) - Date.now() / 1000)).toBeLessThan(30);
    expect(blocks[1]?.time).toBeGreaterThan(blocks[0]?.time ?? 0);
  });

  it('prints the IPVS connections as well on the director', async () => {
    await tool('ss', 'true');
    await tool('ipvsadm', 'echo "IPVS connection entries"');
    const kinds = splitSamples((await sample('director', 5)).stdout).map(({ kind }) => kind);
    // Only every third time: where connections go changes less often than what becomes of them.
    expect(kinds.slice(0, 5)).toEqual(['ss', 'ipvs', 'ss', 'ss', 'ss']);
  });

  /** Runs the sampler with its input open, and gives what it has printed so far. */
  function samplerOf(role: string) {
    const child = spawn('bash', [script('sampler.sh'), '0.05', role], { env });
    child.stdin.write('go\n');
    const said = { child, stdout: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
    return said;
  }

  it('asks ss again only when the kernel has other sockets than at the last listing', async () => {
    const said = samplerOf('client');
    // Other programs of this machine have sockets as well: that takes as long as they are busy.
    await expect.poll(() => said.stdout, { timeout: 30_000 }).toMatch(/^@@ same \d/m);
    const before = said.stdout.split('@@ ss').length;
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect.poll(() => said.stdout.split('@@ ss').length, { timeout: 5000 }).toBeGreaterThan(before);
    await expect
      .poll(() => said.stdout, { timeout: 5000 })
      .toMatch(new RegExp(`^LISTEN .*127\\.0\\.0\\.1:${port} `, 'm'));
    server.close();
    said.child.kill();
  });

  // A port that is used again goes from TIME-WAIT to TIME-WAIT; a listing that takes as long as a connection shows what was between, and so may the next.
  it('never says "same" behind a listing of other states than those that it had seen before it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    await tool('ss', '/usr/bin/env PATH=/usr/sbin:/usr/bin:/sbin:/bin ss "$@" | sed s/^LISTEN/ESTAB/');
    const said = samplerOf('client');
    await expect.poll(() => said.stdout.split('@@ ss').length, { timeout: 30_000 }).toBeGreaterThan(6);
    expect(said.stdout).not.toContain('@@ same');
    said.child.kill();
    server.close();
  });

  it('waits until it is told to go, pauses when it is told to, and begins anew', async () => {
    await tool('ss', 'echo "ESTAB 0 0 10.0.0.1:80 10.0.0.2:4000"');
    const child = spawn('bash', [script('sampler.sh'), '0.05', 'client'], { env });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    const says = (what: RegExp) => expect.poll(() => stdout, { timeout: 5000 }).toMatch(what);
    child.stdin.write('go\n');
    await says(/^@@ ss .*\n(?:.*\n)*@@ (?:same|end)/);
    child.stdin.write('pause\n');
    await says(/@@ paused\n$/);
    const first = stdout;
    child.stdin.write('go\n');
    await expect.poll(() => stdout.length, { timeout: 5000 }).toBeGreaterThan(first.length);
    expect(stdout.slice(first.length)).toMatch(/^@@ ss /);
    child.stdin.end();
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  it('loses no pause to a time that is up while it reads, and goes on only when it is told to', async () => {
    await tool('ss', 'echo "ESTAB 0 0 10.0.0.1:80 10.0.0.2:4000"');
    const said = samplerOf('client');
    const { stdin } = said.child;
    const says = (what: RegExp) => expect.poll(() => said.stdout, { timeout: 5000 }).toMatch(what);
    await says(/@@ end/);
    // All of the line but its end: bash has it when the time is up, as it may have the end as well.
    stdin.write('pause');
    await says(/@@ paused\n$/);
    stdin.write('\n');
    stdin.write('go\n');
    await says(/@@ paused\n@@ ss (?:.*\n)*@@ end/);
    stdin.end();
    await once(said.child, 'close');
    expect(said.stdout.match(/^@@ paused/gm)).toHaveLength(1);
  });

  it('prints nothing unless it is told to go', async () => {
    await tool('ss', 'echo "ESTAB 0 0 10.0.0.1:80 10.0.0.2:4000"');
    const child = spawn('bash', [script('sampler.sh'), '0.05', 'client'], { env });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stdin.end();
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(stdout).toBe('');
  });

  it('never ends a block whose command failed, and gives up', async () => {
    await tool('ss', 'echo "ESTAB 0 0 10.0.0.1:80 10.0.0.2:4000"; exit 3');
    const { stdout, code } = await sample('client', 1);
    expect(splitSamples(stdout)).toEqual([]);
    expect(code).toBe(1);
  });
});

/** Runs a command until what it prints satisfies, then ends it. */
async function until(
  satisfies: (blocks: readonly SampleBlock[]) => boolean,
  argv: readonly [string, ...string[]],
  environment: NodeJS.ProcessEnv = {},
): Promise<SampleBlock[]> {
  const [program, ...args] = argv;
  const child = spawn(program, args, {
    env: { ...env, ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.write('go\n');
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    if (satisfies(splitSamples(stdout))) child.kill();
  });
  await once(child, 'close');
  return splitSamples(stdout);
}

const of = (blocks: readonly SampleBlock[], kind: SampleBlock['kind']): SampleBlock[] =>
  blocks.filter((block) => block.kind === kind);

const has =
  (kind: SampleBlock['kind'], count = 1) =>
  (blocks: readonly SampleBlock[]): boolean =>
    of(blocks, kind).length >= count;

describe('sampler.sh beside a raw-socket load', () => {
  /** Runs it on a node that serves, in a network namespace of its own with these addresses and connections. */
  async function serve(addresses: readonly string[], clients: string, witness: string, tallies = 1) {
    const [server = ''] = addresses;
    const prefix = server.includes(':') ? '64 nodad' : '24';
    const commands = [
      'ip link set lo up',
      ...addresses.map((address) => `ip addr replace ${address}/${prefix} dev lo`),
      `exec ${shellQuote([...nodeForTypeScript, fileURLToPath(new URL('withSockets.ts', import.meta.url))])} "$@"`,
    ];
    const sampler = ['bash', script('sampler.sh'), '0.05', 'realserver', witness];
    const argv = ['-rn', 'bash', '-ec', commands.join('\n'), 'bash', server, clients, ...sampler];
    return until(has('tally', tallies), ['unshare', ...argv], { LVS_LAB_PORTS: '80' });
  }

  const clients4 = '10.9.0.2=open,10.9.0.2=half,10.9.0.3=open,10.9.0.3=half,10.9.0.4=closed';

  it("lists the witnesses' sockets and counts the others by state", async () => {
    const addresses = ['10.9.0.1', '10.9.0.2', '10.9.0.3', '10.9.0.4'];
    const blocks = await serve(addresses, clients4, '10.9.0.2');
    const rows = parseSs(of(blocks, 'ss')[0]!.text);
    expect(rows.map(({ state, peerAddress }) => `${state} ${peerAddress}`).sort()).toEqual([
      'CLOSE-WAIT 10.9.0.2',
      'ESTAB 10.9.0.2',
    ]);
    const tally = parseSocketTally(of(blocks, 'tally')[0]!);
    // The clients' ends are here too, and their peer is the server.
    expect(tally.states).toEqual({ ESTAB: 3, 'CLOSE-WAIT': 1, 'FIN-WAIT-2': 2, 'TIME-WAIT': 1 });
    expect(tally.sockstat).toMatchObject({ tw: 1 });
    expect(Object.keys(tally.sockstat).sort()).toEqual(['mem', 'orphan', 'tw']);
  });

  it('does so for another witness, whose sockets are then the ones left out', async () => {
    const addresses = ['10.9.0.1', '10.9.0.2', '10.9.0.3', '10.9.0.4'];
    const blocks = await serve(addresses, `${clients4},10.9.0.3=open`, '10.9.0.3');
    expect(parseSs(of(blocks, 'ss')[0]!.text)).toHaveLength(3);
    expect(parseSocketTally(of(blocks, 'tally')[0]!).states).toMatchObject({ ESTAB: 4, 'CLOSE-WAIT': 1 });
  });

  it('does so for IPv6', async () => {
    const blocks = await serve(
      ['fd00:0:0:7::1', 'fd00:0:0:7::a2', 'fd00:0:0:7::3'],
      'fd00:0:0:7::a2=open,fd00:0:0:7::3=open,fd00:0:0:7::3=half',
      'fd00:0:0:7::a2',
    );
    expect(parseSs(of(blocks, 'ss')[0]!.text).map(({ peerAddress }) => peerAddress)).toEqual([
      'fd00:0:0:7::a2',
    ]);
    expect(parseSocketTally(of(blocks, 'tally')[0]!).states).toEqual({
      ESTAB: 3,
      'CLOSE-WAIT': 1,
      'FIN-WAIT-2': 1,
    });
  });

  it('looks at the witnesses in between, and says so when they are as before', async () => {
    const blocks = await serve(['10.9.0.1', '10.9.0.2'], '10.9.0.2=open', '10.9.0.2', 2);
    const [first, second] = of(blocks, 'tally').map(({ time }) => time);
    expect(second! - first!).toBeGreaterThanOrEqual(1);
    const between = of(blocks, 'ss').filter(({ time }) => time > first! && time < second!);
    expect(between.length).toBeGreaterThan(3);
    expect(new Set(between.map(({ text }) => text)).size).toBe(1);
  });

  it('shows interfaces and the backlog as they are at its start, and lists all sockets of a node that does not serve', async () => {
    await tool('ss', 'echo "LAST-ACK 0 0 10.0.0.2:4000 10.0.0.9:80"');
    await tool('tc', `echo '[{"dev":"eth0","root":true,"drops":3}]'`);
    const argv = ['bash', script('sampler.sh'), '0.05', 'client', '10.0.0.2'] as const;
    const blocks = await until(has('ss', 3), [...argv]);
    expect(blocks.slice(0, 4).map(({ kind }) => kind)).toEqual(['links', 'queues', 'softnet', 'ss']);
    expect(parseLinks(blocks[0]!.text)['lo']).toHaveProperty('rx_dropped');
    expect(parseQueues(blocks[1]!.text)).toEqual({ eth0: 3 });
    expect(parseBacklogDrops(blocks[2]!.text)).toBeGreaterThanOrEqual(0);
    expect(of(blocks, 'tally')).toEqual([]);
    expect(parseSs(of(blocks, 'ss')[0]!.text)).toHaveLength(1);
  });

  /** The sampler of a director whose kernel has these IPVS connections. */
  async function direct(connections: readonly string[], listing: readonly string[], witness: string) {
    const table = join(tools, 'ip_vs_conn');
    const size = join(tools, 'slab_size');
    const stats = join(tools, 'ip_vs_stats_percpu');
    await writeFile(stats, '  0  5  1F4 0 9 0\n');
    await writeFile(
      table,
      ['Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData', ...connections]
        .map((line) => `${line}\n`)
        .join(''),
    );
    await writeFile(size, '320\n');
    await writeFile(join(tools, 'listing'), listing.map((line) => `${line}\n`).join(''));
    await tool('ipvsadm', `cat ${tools}/listing`);
    /** A copy of a script that reads these files in the place of the kernel's. */
    const redirect = async (name: string, places: Readonly<Record<string, string>>) => {
      let text = await readFile(script(name), 'utf8');
      for (const [place, stand] of Object.entries(places)) {
        expect(text).toContain(place);
        text = text.replaceAll(place, stand);
      }
      await writeFile(join(tools, name), text);
      return join(tools, name);
    };
    const file = await redirect('sampler.sh', { '/proc/net/ip_vs_stats_percpu': stats });
    await redirect('tally.awk', {
      '/proc/net/ip_vs_conn': table,
      '/sys/kernel/slab/ip_vs_conn/slab_size': size,
    });
    return until(
      (blocks) => has('ipvs-tally')(blocks) && has('ipvs')(blocks),
      [...(['bash', file, '0.05', 'director', witness] as const)],
    );
  }

  const heading = [
    'IPVS connection entries',
    'pro expire state       source             virtual            destination',
  ];

  it("lists the witnesses' IPVS connections on a director and counts the others, without templates", async () => {
    const blocks = await direct(
      [
        'TCP 0A090002 9C40 0A090064 0050 0A090008 0050 ESTABLISHED     899',
        'TCP 0A090020 0400 0A090064 0050 0A090008 0050 ESTABLISHED     899',
        'TCP 0A090020 0401 0A090064 0050 0A090009 0050 FIN_WAIT        119',
        'TCP 0A090021 0400 0A090064 0050 0A090009 0050 ESTABLISHED     899',
        'TCP 0A090020 0000 0A090064 0050 0A090009 0050 NONE            359',
      ],
      [
        ...heading,
        'TCP 14:59  ESTABLISHED 10.9.0.2:40000     10.9.0.100:80      10.9.0.8:80',
        'TCP 14:59  ESTABLISHED 10.9.0.20:1024     10.9.0.100:80      10.9.0.8:80',
      ],
      '10.9.0.2',
    );
    expect(parseIpvsTally(of(blocks, 'ipvs-tally')[0]!)).toMatchObject({
      states: { ESTABLISHED: 2, FIN_WAIT: 1 },
      bytes: 5 * 320,
    });
    expect(of(blocks, 'ipvs')[0]!.text.split('\n')).toEqual([
      ...heading,
      'TCP 14:59  ESTABLISHED 10.9.0.2:40000     10.9.0.100:80      10.9.0.8:80',
    ]);
    expect(of(blocks, 'tally')).toEqual([]);
  });

  it('does so for IPv6', async () => {
    const row = (client: string, state: string) =>
      `TCP ${client} 0400 fd00:0000:0000:0007:0000:0000:0000:0064 0050 fd00:0000:0000:0007:0000:0000:0000:0008 0050 ${state}     899`;
    const blocks = await direct(
      [
        row('fd00:0000:0000:0007:0000:0000:0000:00a2', 'ESTABLISHED'),
        row('fd00:0000:0000:0007:0000:0000:0000:00a3', 'CLOSE      '),
      ],
      [...heading, 'TCP 14:59  ESTABLISHED [fd00:0:0:7::a2]:1024 [fd00:0:0:7::64]:80 [fd00:0:0:7::8]:80'],
      'fd00:0:0:7::a2',
    );
    expect(parseIpvsTally(of(blocks, 'ipvs-tally')[0]!).states).toEqual({ CLOSE: 1 });
    expect(of(blocks, 'ipvs')[0]!.text.split('\n')).toHaveLength(3);
  });

  it('gives up when ss, or what it counts with, fails', async () => {
    const ends = async (environment: NodeJS.ProcessEnv) => {
      const argv = [script('sampler.sh'), '0.05', 'realserver', '10.9.0.2'];
      const child = spawn('bash', argv, {
        env: { ...env, ...environment },
        stdio: ['pipe', 'ignore', 'pipe'],
      });
      child.stdin.on('error', () => undefined);
      child.stdin.write('go\n');
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, said };
    };
    await tool('mawk', 'exit 7');
    const counter = await ends({ LVS_LAB_PORTS: '80' });
    expect(counter.code).not.toBe(0);
    await tool('ss', 'exit 3');
    const { code, said } = await ends({ LVS_LAB_PORTS: '80' });
    expect(code).toBe(1);
    expect(said).toContain("'ss -Htan dst 10.9.0.2' ended with exit code 3");
  });
});

describe('collect.sh', () => {
  beforeEach(async () => {
    for (const name of ['nstat', 'conntrack', 'ipvsadm', 'iptables-nft-save', 'ip6tables-nft-save']) {
      await tool(name, `echo "${name} $*"`);
    }
    await tool('ip', 'echo "ip $*"; cat');
    await tool('nft', 'echo "table ip filter {"');
  });

  const collect = async (role: string) =>
    splitSections((await run('bash', [script('collect.sh'), role, 'nft'], { env })).stdout);

  it('prints the sections of a realserver', async () => {
    const sections = await collect('realserver');
    expect([...sections.keys()]).toEqual([
      'iptables-save',
      'ip6tables-save',
      'nft-ruleset',
      'nstat',
      'conntrack-stats',
      'conntrack-count',
      'conntrack-list',
      'sockstat',
      'network',
    ]);
    expect(sections.get('nft-ruleset')).toEqual({ exitCode: 0, output: 'table ip filter {\n' });
    expect(sections.get('nstat')?.output).toBe('nstat -sz\n');
    expect(sections.get('sockstat')?.output).toMatch(/^TCP: inuse \d+/m);
    expect(sections.get('network')?.output).toBe('ip -o -batch -\naddr show\nroute show table all\n');
  });

  it('lists the tables of a family only where the kernel has some', async () => {
    const both = await collect('client');
    expect(both.get('iptables-save')).toEqual({ exitCode: 0, output: 'iptables-nft-save -c\n' });
    expect(both.get('ip6tables-save')).toEqual({ exitCode: 0, output: '# no tables\n' });
    await tool('nft', 'echo "table ip6 filter {"');
    const other = await collect('client');
    expect(other.get('iptables-save')?.output).toBe('# no tables\n');
    expect(other.get('ip6tables-save')?.output).toBe('ip6tables-nft-save -c\n');
  });

  it('adds IPVS on the director', async () => {
    const sections = await collect('director');
    expect(sections.get('ipvs-services')?.output).toBe('ipvsadm -Ln --stats\n');
    expect(sections.get('ipvs-connections')?.output).toBe('ipvsadm -Lnc\n');
  });

  describe("reads IPVS's connections", () => {
    /** Each reading is the next of these, the last one again and again; the time left is another each time. */
    const listed = async (...readings: string[]) => {
      const rows = readings.map((row, index) => `${index}) echo "TCP ${index}:00 ${row}";;`).join(' ');
      await tool(
        'ipvsadm',
        `[ "$1" = -Lnc ] || exit 0
n=$(cat ${tools}/readings 2>/dev/null || echo 0)
echo $((n + 1)) >${tools}/readings
[ $n -lt ${readings.length} ] || n=${readings.length - 1}
echo IPVS; echo pro; case $n in ${rows} esac`,
      );
      return (await collect('director')).get('ipvs-connections')?.output.split('\n').slice(2, -1);
    };

    it('until two readings agree on all but the time that is left', async () => {
      expect(await listed('one', 'two', 'two', 'three')).toEqual(['TCP 2:00 two']);
    });

    it('and says so when none of them did', async () => {
      const [row, mark] = (await listed('1', '2', '3', '4', '5', '6', '7')) ?? [];
      expect([row, mark]).toEqual(['TCP 5:00 6', '# unsettled']);
    });
  });

  it('lists what is of the witnesses, and counts more, beside a raw-socket load', async () => {
    for (const name of ['ip', 'tc']) await tool(name, `echo "${name} $*"`);
    await tool(
      'ipvsadm',
      'echo "IPVS connection entries"; echo "pro expire"; echo "TCP 1:00 CLOSE 10.0.0.2:5 x"; echo "TCP 1:00 CLOSE 10.0.0.22:5 x"',
    );
    const beside = async (role: string) =>
      splitSections((await run('bash', [script('collect.sh'), role, 'nft', '10.0.0.2'], { env })).stdout);
    const director = await beside('director');
    expect(director.get('ipvs-connections')).toEqual({
      exitCode: 0,
      output: 'IPVS connection entries\npro expire\nTCP 1:00 CLOSE 10.0.0.2:5 x\n',
    });
    expect(director.get('links')?.output).toBe('ip -s -j link show\n');
    expect(director.get('queues')?.output).toBe('tc -s -j qdisc show\n');
    expect([...director.keys()]).toContain('ipvs-stats');
    expect([...director.keys()]).not.toContain('softnet');
    const client = await beside('client');
    expect(parseBacklogDrops(client.get('softnet')?.output ?? '')).toBeGreaterThanOrEqual(0);
    expect([...(await collect('client')).keys()]).not.toContain('links');
  });

  it('keeps the exit code and the message of a tool that failed, and goes on', async () => {
    await tool('nstat', 'echo "cannot open" >&2; exit 4');
    const sections = await collect('realserver');
    expect(sections.get('nstat')).toEqual({ exitCode: 4, output: 'cannot open\n' });
    expect(sections.get('network')?.exitCode).toBe(0);
  });

  it('says that nft failed, with what it printed', async () => {
    await tool('nft', 'echo "netlink: no memory" >&2; exit 1');
    expect((await collect('router')).get('nft-ruleset')).toEqual({
      exitCode: 1,
      output: 'netlink: no memory\n',
    });
  });
});
