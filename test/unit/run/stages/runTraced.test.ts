import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readScenarioEvidence } from '../../../../src/evidence/directory/read.js';
import { judge } from '../../../../src/verdict/judge.js';
import { recorded, type Script } from '../fakeEngine.js';
import { run } from '../running.js';

const final = readFileSync(path.join(recorded, 'measured', 'director.final'), 'utf8');
const clientPorts = (
  JSON.parse(readFileSync(path.join(recorded, 'measured', 'load.json'), 'utf8')) as {
    connections: { localPort: number }[];
  }
).connections.map(({ localPort }) => localPort);
const rejected = Number(/^\[(\d+):\d+\] -A INPUT -j REJECT/m.exec(final)?.[1]);

/** What the script prints of so many FINs that the director's last rule took. */
function traced(fins: number): string {
  const packets = Array.from({ length: fins }, (_, index) => {
    const port = String(clientPorts[index % clientPorts.length]);
    const header = `packet: ip saddr 198.18.0.2 ip daddr 198.18.0.9 ip id ${String(index)} tcp sport ${port} tcp dport 80 tcp flags == 0x11 `;
    return [
      `trace id ${String(index)} ip lvs-lab-trace arriving ${header}`,
      `trace id ${String(index)} ip filter INPUT rule counter packets 0 bytes 0 reject with icmp type host-prohibited (verdict drop)`,
    ].join('\n');
  });
  const nft = [
    'table ip filter {',
    '\tchain INPUT {',
    '\t\ttype filter hook input priority filter; policy accept;',
  ];
  const listed = [
    ...[
      'iifname "lo" counter accept',
      'meta l4proto icmp counter accept',
      'ct state established accept',
      'tcp dport 80 accept',
    ],
    `counter packets ${String(rejected)} bytes 1 reject with icmp type host-prohibited`,
  ].map((rule) => `\t\t${rule}`);
  return [
    '## packets exit=0',
    ...packets,
    '## entries exit=0',
    '## sysctls exit=0',
    '## nft-ruleset exit=0',
    ...nft,
    ...listed,
    '\t}',
    '}',
    '## end exit=0',
    '',
  ].join('\n');
}

const stagesOf = ({ events }: Awaited<ReturnType<typeof run>>) =>
  events.flatMap((event) => (event.type === 'stage-started' ? [event.stage] : []));
const explained = (script: Script = {}) =>
  run({ tracing: () => traced(rejected), ...script }, { explain: true });

describe('a run that is explained', () => {
  it('drives the load once more in a lab of its own, with the rules, while packets are followed', async () => {
    const ran = await explained();
    expect(stagesOf(ran).slice(-5)).toEqual(['judge', 'fresh', 'configure', 'traced', 'judge']);
    expect(ran.calls.filter((call) => call === 'lab created')).toHaveLength(3);
    expect(
      ran.calls.slice(ran.calls.lastIndexOf('lab created')).filter((call) => /rules|trace|drive/.test(call)),
    ).toEqual([...['director rules', 'director trace', 'client drive']]);
    expect(ran.result.verdict).toMatchObject({ result: 'pass', measured: { outcome: 'close-blocked' } });
  });

  it('has what was followed sealed beside the evidence, from which the same explanation follows again', async () => {
    const { result, directory } = await explained();
    expect(readFileSync(path.join(directory, 'traced', 'director.traced'), 'utf8')).toBe(traced(rejected));
    expect(readFileSync(path.join(directory, 'manifest.json'), 'utf8')).toContain('traced/director.traced');
    const { verdict } = result;
    expect(verdict?.explanation).toBeDefined();
    expect(judge(verdict!.expected, await readScenarioEvidence(directory))).toEqual(verdict);
  });

  it('says why where the kernel is not to be looked into', async () => {
    const { verdict } = (await explained()).result;
    expect(verdict?.explanation?.lacking).toContain('the recorded kernel cannot be looked into');
  });

  it('follows packets through the function by which IPVS sends them on, and says what the kernel lacks', async () => {
    const said =
      '## missing exit=0\nip_vs_dr_xmit: No such file or directory\n## events exit=0\n## end exit=0\n';
    const asked: string[] = [];
    const { result, directory } = await explained({
      kernel: ({ functions }) => {
        asked.push(...functions);
        return said;
      },
    });
    expect(asked).toEqual(['ip_vs_dr_xmit']);
    expect(readFileSync(path.join(directory, 'traced', 'kernel.traced'), 'utf8')).toBe(said);
    expect(result.verdict?.explanation?.lacking).toContain(
      "the kernel's ip_vs_dr_xmit: No such file or directory",
    );
  });

  it('says so where the kernel has no such probes', async () => {
    const said = '## missing exit=1\nno tracefs\n## events exit=1\nno tracefs\n## end exit=0\n';
    const { verdict } = (await explained({ kernel: () => said })).result;
    expect(verdict?.explanation?.lacking.join()).toContain('could not be followed: no tracefs');
  });

  it('has the same verdict on the connections when a node cannot follow packets, and says so', async () => {
    const { verdict } = (await explained({ tracing: () => undefined })).result;
    expect(verdict?.result).toBe('pass');
    expect(verdict?.explanation?.blame).toBeUndefined();
    expect(verdict?.explanation?.doubts.join()).toContain('following packets on director ended: no nft');
  });
});

describe('a run that nobody asked to explain', () => {
  it('has no more labs, and no explanation', async () => {
    const ran = await run();
    expect(stagesOf(ran)).not.toContain('traced');
    expect(ran.result.verdict?.explanation).toBeUndefined();
    expect(existsSync(path.join(ran.directory, 'traced'))).toBe(false);
  });
});
