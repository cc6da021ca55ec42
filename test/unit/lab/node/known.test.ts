import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Namespace } from '../clients/raw/namespaces.js';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../../../lab/node/known.sh', import.meta.url));
const linesOf = (text: string): string[] => text.split('\n').filter(Boolean);

/** What it prints where `ip` answers this to what it is asked: its arguments, or what its batch has. */
async function knownWith(answers: Readonly<Record<string, string>>): Promise<string[]> {
  const tools = await mkdtemp(join(tmpdir(), 'lvs-lab-tools-'));
  onTestFinished(() => rm(tools, { recursive: true }));
  const cases = Object.entries(answers).map(([asked, answer]) => `*'${asked}'*) printf '%s' '${answer}';;`);
  const body = ['asked="$*"', '[ -t 0 ] || asked="$asked $(cat)"', 'case $asked in', ...cases, 'esac'];
  await writeFile(join(tools, 'ip'), `#!/bin/sh\n${body.join('\n')}\n`);
  await chmod(join(tools, 'ip'), 0o755);
  const ran = run('bash', [script], { env: { PATH: `${tools}:/usr/bin:/bin` } });
  ran.child.stdin?.end();
  return linesOf((await ran).stdout);
}

const fromIp = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => /^(?:neighbour|route|tcp_metrics) /.test(line));

describe('known.sh', () => {
  it('says whom a node knows, and not whom it asked in vain or need not ask', async () => {
    const neighbours = [
      '10.0.0.3 dev eth0 lladdr 02:00:00:00:00:03 STALE',
      '10.0.0.4 dev eth0 FAILED',
      'ff02::16 dev eth0 lladdr 33:33:00:00:00:16 NOARP',
      '',
    ].join('\n');
    expect(fromIp(await knownWith({ 'neigh show': neighbours }))).toEqual([
      'neighbour 10.0.0.3 dev eth0 lladdr 02:00:00:00:00:03 STALE',
    ]);
    expect(fromIp(await knownWith({}))).toEqual([]);
  });

  it('says which routes and metrics were learned, of both families', async () => {
    const lines = await knownWith({
      '-batch - route show cache': '10.0.0.9 dev eth0 cache expires 590sec mtu 1480\n',
      '-6 route show cache': 'fd00::9 dev eth0 cache expires 590sec mtu 1480\n',
      'tcp_metrics show': '10.0.0.9 age 1.2sec rtt 300us\n',
    });
    expect(fromIp(lines)).toEqual([
      'route 10.0.0.9 dev eth0 cache expires 590sec mtu 1480',
      'route fd00::9 dev eth0 cache expires 590sec mtu 1480',
      'tcp_metrics 10.0.0.9 age 1.2sec rtt 300us',
    ]);
  });

  it('says nothing in a namespace in which nobody has sent a packet, even where a server listens', async () => {
    await using namespace = await Namespace.create();
    await namespace.run('ip link set lo up');
    expect(linesOf(await namespace.run(`bash ${script}`))).toEqual([]);
    expect(linesOf(await inServer(namespace, `bash ${script}`))).toEqual([]);
  });

  it('says which connections there are, and which neighbours the kernel has', async () => {
    await using namespace = await Namespace.create();
    await namespace.run(
      [
        'ip link set lo up',
        'ip link add one type veth peer name other',
        'ip address add 10.9.0.1/24 dev one',
        'ip link set one up',
        'ip neighbour add 10.9.0.3 lladdr 02:00:00:00:00:03 dev one nud stale',
      ].join(' && '),
    );
    const connect = 'exec 3<>/dev/tcp/127.0.0.1/8000';
    const lines = linesOf(await inServer(namespace, `${connect}; bash ${script}`));
    expect(lines.filter((line) => line.startsWith('neighbour '))).toEqual([
      expect.stringMatching(/^neighbour 10\.9\.0\.3 dev one lladdr 02:00:00:00:00:03 .*STALE/),
    ]);
    // Both ends are here: state 01 is ESTABLISHED, and 1F40 is port 8000.
    const sockets = lines.filter((line) => line.startsWith('socket '));
    expect(
      sockets.filter((line) => /^socket 01 0100007F:1F40 0100007F:[0-9A-F]{4}$/.test(line)),
    ).toHaveLength(1);
    expect(
      sockets.filter((line) => /^socket 01 0100007F:[0-9A-F]{4} 0100007F:1F40$/.test(line)),
    ).toHaveLength(1);
    expect(sockets).toHaveLength(2);
  });
});

/** Runs a command line in a namespace while a server listens there on port 8000, and gives its output. */
function inServer(namespace: Namespace, command: string): Promise<string> {
  const program = [
    'const { createServer } = require("node:net");',
    'const { spawn } = require("node:child_process");',
    'createServer(() => undefined).listen(8000, "127.0.0.1", () => {',
    '  const child = spawn("bash", ["-c", process.argv[1]], { stdio: ["ignore", "inherit", "inherit"] });',
    '  child.on("exit", (code) => process.exit(code));',
    '});',
  ].join('\n');
  return namespace.run(`'${process.execPath}' -e '${program}' '${command}'`);
}
