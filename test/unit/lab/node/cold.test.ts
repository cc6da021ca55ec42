import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../../../lab/node/cold.sh', import.meta.url));

// The script only wraps tools, and nothing may touch those of the machine that tests run on: stand-ins note what they were asked.
let tools: string;

beforeEach(async () => {
  tools = await mkdtemp(join(tmpdir(), 'lvs-lab-tools-'));
  for (const name of ['ss', 'ip', 'ipvsadm', 'conntrack']) await tool(name);
});
afterEach(() => rm(tools, { recursive: true }));

/** A tool that notes its arguments, and what a batch has, then does this. */
async function tool(name: string, body = ''): Promise<void> {
  const note = `echo "${name} $*" >>"${tools}/asked"\ncase "$*" in *-batch*) cat >>"${tools}/asked";; esac`;
  await writeFile(join(tools, name), `#!/bin/sh\n${note}\n${body}\n`);
  await chmod(join(tools, name), 0o755);
}

/** What a step prints, and the commands that it gave. */
async function cold(step: string, host: string): Promise<{ lines: string[]; asked: string[] }> {
  // bash sets HOSTNAME itself; the script is told another one the way a container would.
  const { stdout } = await run('bash', ['-c', `HOSTNAME=${host}; . ${script} ${step}`], {
    env: { PATH: `${tools}:/usr/bin:/bin` },
  });
  const asked = await readFile(join(tools, 'asked'), 'utf8').catch(() => '');
  return { lines: stdout.split('\n').filter(Boolean), asked: asked.split('\n').filter(Boolean) };
}

describe('cold.sh', () => {
  it('ends connections, and on a director the daemons that tell others of them', async () => {
    await tool('ipvsadm', 'echo "master sync daemon (mcast=eth0, syncid=1)"');
    expect((await cold('end', 'client')).asked).toEqual(['ss -K -tan state connected']);
    expect((await cold('end', 'director')).asked.slice(1)).toEqual([
      'ss -K -tan state connected',
      'ipvsadm --list --daemon',
      'ipvsadm --stop-daemon master',
    ]);
  });

  it('forgets neighbours, routes and metrics, and on a director services with their connections', async () => {
    const everywhere = ['neigh flush all', 'route flush cache', 'tcp_metrics flush'];
    const client = (await cold('empty', 'client')).asked;
    expect(client).toEqual(expect.arrayContaining(everywhere));
    expect(client).not.toContain('ipvsadm -C');
    const director = (await cold('empty', 'director2')).asked.slice(client.length);
    expect(director).toEqual(expect.arrayContaining(['ipvsadm -C', ...everywhere]));
  });

  it('says whom a node knows, and not whom it asked in vain or need not ask', async () => {
    await tool(
      'ip',
      [
        'case "$*" in',
        '*tcp_metrics*) echo "10.0.0.9 age 1.2sec rtt 300us";;',
        '*-6*) ;;',
        '*batch*)',
        '  case "$(tail -n 1 "$(dirname "$0")/asked")" in',
        '  "neigh show")',
        '    echo "10.0.0.3 dev eth0 lladdr 02:00:00:00:00:03 STALE"',
        '    echo "10.0.0.4 dev eth0 FAILED"',
        '    echo "ff02::16 dev eth0 lladdr 33:33:00:00:00:16 NOARP";;',
        '  "route show cache") echo "10.0.0.9 dev eth0 cache expires 590sec mtu 1480";;',
        '  esac;;',
        'esac',
      ].join('\n'),
    );
    const { lines } = await cold('look', 'client');
    expect(lines.filter((line) => /^(?:neighbour|route|tcp_metrics)/.test(line))).toEqual([
      'neighbour 10.0.0.3 dev eth0 lladdr 02:00:00:00:00:03 STALE',
      'route 10.0.0.9 dev eth0 cache expires 590sec mtu 1480',
      'tcp_metrics 10.0.0.9 age 1.2sec rtt 300us',
    ]);
    await tool('ip');
    const { lines: later } = await cold('look', 'client');
    expect(later.filter((line) => /^(?:neighbour|route|tcp_metrics)/.test(line))).toEqual([]);
  });

  it('takes no other step', async () => {
    await expect(cold('warm', 'client')).rejects.toMatchObject({ code: 5 });
  });
});
