import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { splitSamples } from '../../../src/evidence/samples.js';
import { splitSections } from '../../../src/evidence/sections.js';

const run = promisify(execFile);
const script = (name: string) => fileURLToPath(new URL(`../../../lab/node/${name}`, import.meta.url));

// The scripts only wrap tools, which a developer's machine may not have: stand-ins print one known line.
let tools: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  tools = await mkdtemp(join(tmpdir(), 'lvs-lab-tools-'));
  env = { ...process.env, PATH: `${tools}:/usr/bin:/bin` };
});
afterEach(() => rm(tools, { recursive: true }));

async function tool(name: string, body: string): Promise<void> {
  await writeFile(join(tools, name), `#!/bin/sh\n${body}\n`);
  await chmod(join(tools, name), 0o755);
}

/** Runs the sampler until it has printed `ends` samples, then kills it; or until it ends by itself. */
async function sample(role: string, ends: number): Promise<{ stdout: string; code: number | null }> {
  const child = spawn('bash', [script('sampler.sh'), '0.05', role], { env });
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

  it('asks ss again only when the kernel has other sockets than at the last listing', async () => {
    const calls = join(tools, 'calls');
    await tool('ss', `echo call >>${calls}; echo "ESTAB 0 0 10.0.0.1:80 10.0.0.2:4000"`);
    const child = spawn('bash', [script('sampler.sh'), '0.05', 'client'], { env });
    let stdout = '';
    const seen = async (count: number) =>
      expect.poll(() => splitSamples(stdout).length, { timeout: 5000 }).toBeGreaterThanOrEqual(count);
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    await seen(3);
    const before = stdout.split('@@ ss').length;
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    await expect.poll(() => stdout.split('@@ ss').length, { timeout: 5000 }).toBeGreaterThan(before);
    server.close();
    child.kill();
    expect(stdout).toMatch(/^@@ same \d/m);
    expect(splitSamples(stdout).every(({ text }) => text.startsWith('ESTAB'))).toBe(true);
  });

  it('never ends a block whose command failed, and gives up', async () => {
    await tool('ss', 'echo "ESTAB 0 0 10.0.0.1:80 10.0.0.2:4000"; exit 3');
    const { stdout, code } = await sample('client', 1);
    expect(splitSamples(stdout)).toEqual([]);
    expect(code).toBe(1);
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
