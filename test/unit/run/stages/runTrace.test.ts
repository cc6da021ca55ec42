import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readScenarioEvidence } from '../../../../src/evidence/directory/read.js';
import { judge } from '../../../../src/verdict/judge.js';
import { ok, recorded, type Script } from '../fakeEngine.js';
import { run } from '../running.js';

const final = readFileSync(path.join(recorded, 'measured', 'director.final'), 'utf8');
/** The director's rules as recorded, but for the REJECT, which a rule of nftables has done that does not count. */
const uncounted = `${final
  .split('\n')
  .filter((line) => !line.includes('-j REJECT'))
  .join('\n')}## nft-ruleset exit=0
table inet f {
\tchain input {
\t\ttype filter hook input priority filter; policy accept;
\t\treject with icmp host-prohibited
\t}
}
`;
const script: Script = {
  exec: ({ node, what, phase }) =>
    node === 'director' && what === 'collect' && phase === 'measured'
      ? Promise.resolve({ ...ok, stdout: uncounted })
      : undefined,
};
const trace = [
  'trace id 1 inet f input packet: iif "eth0" ip saddr 198.18.0.2 tcp sport 1 tcp dport 80 tcp flags == 0x11 ',
  'trace id 1 inet f input rule reject with icmp host-prohibited (verdict drop)',
  '',
].join('\n');
const stagesOf = ({ events }: Awaited<ReturnType<typeof run>>) =>
  events.flatMap((event) => (event.type === 'stage-started' ? [event.stage] : []));

describe('a run in which no counter tells who blocked the connections', () => {
  it('makes a few connections more, has the rules traced, and names the culprit', async () => {
    const ran = await run({ ...script, tracing: () => trace });
    expect(stagesOf(ran).slice(-3)).toEqual(['judge', 'trace', 'judge']);
    expect(ran.calls.filter((call) => call === 'client drive')).toHaveLength(3);
    expect(ran.result.verdict).toMatchObject({
      result: 'pass',
      trace: {
        connections: 4,
        nodes: ['director'],
        culprits: [
          {
            node: 'director',
            rule: 'inet f input: reject with icmp host-prohibited',
            packet: 'TCP FIN,ACK',
            packets: 1,
          },
        ],
        problems: [],
      },
    });
  });

  it('has the trace beside the evidence, from which the same verdict follows again', async () => {
    const { result, directory } = await run({ ...script, tracing: () => trace });
    expect(readFileSync(path.join(directory, 'trace', 'director.trace'), 'utf8')).toBe(trace);
    const { verdict } = result;
    expect(judge(verdict!.expected, await readScenarioEvidence(directory))).toEqual(verdict);
  });

  it('has the same verdict when a node cannot trace, and says why nobody is named', async () => {
    const { verdict } = (await run({ ...script, tracing: () => undefined })).result;
    expect(verdict?.result).toBe('pass');
    expect(verdict?.trace?.culprits).toEqual([]);
    expect(verdict?.trace?.problems.join()).toContain("director's trace ended: no nft");
  });

  it('has the same verdict when the connections cannot be made once more', async () => {
    let drives = 0;
    const { verdict } = (
      await run({
        ...script,
        tracing: () => '',
        drive: () => ((drives += 1) > 2 ? Promise.reject(new Error('gone')) : undefined),
      })
    ).result;
    expect(verdict?.result).toBe('pass');
    expect(verdict?.trace?.problems.join()).toContain('load agent');
  });
});

describe('a run in which rules counted what they turned away', () => {
  it('has no trace', async () => {
    const ran = await run();
    expect(stagesOf(ran)).not.toContain('trace');
    expect(ran.result.verdict?.trace).toBeUndefined();
    expect(existsSync(path.join(ran.directory, 'trace'))).toBe(false);
  });
});
