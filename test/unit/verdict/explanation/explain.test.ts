import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readScenarioEvidence } from '../../../../src/evidence/directory/read.js';
import type { ScenarioEvidence, TracedEvidence } from '../../../../src/evidence/model/evidence.js';
import type { Expectation } from '../../../../src/scenario/model/expectation.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';
import { judge } from '../../../../src/verdict/judge.js';

const recorded = path.join(packageRoot, 'test', 'fixtures', 'explained', 'client-reset');
const evidence = await readScenarioEvidence(recorded);
const reject = '-A INPUT -j REJECT --reject-with icmp-host-prohibited';
const expected: Expectation = {
  outcome: 'close-blocked',
  signal: { kind: 'icmp', type: 3, code: 10, from: 'director' },
  blame: { kind: 'rule', what: reject, on: 'director' },
};
const traced = evidence.traced!;
const explained = (part: Partial<TracedEvidence> = {}, others: Partial<ScenarioEvidence> = {}) =>
  judge(expected, { ...evidence, ...others, traced: { ...traced, ...part } });
/** The nodes with this done to the director's. */
const withDirector = (
  change: (node: TracedEvidence['nodes'][number]) => Partial<TracedEvidence['nodes'][number]>,
) => ({
  nodes: traced.nodes.map((node) => (node.name === 'director' ? { ...node, ...change(node) } : node)),
});

describe('an explanation', () => {
  it('blames the rule that took the packet, by the line of its file', () => {
    const { result, explanation } = explained();
    expect(result).toBe('pass');
    expect(explanation?.blame).toEqual({
      ...{ kind: 'rule', what: reject, written: reject, node: 'director', role: 'director' },
      ...{ file: 'scenarios/rules/stock.iptables', line: 10 },
    });
    expect(explanation?.summary).toHaveLength(3);
  });

  it('tells what led to it: who let packets in before, the state, who did not match, and what came of it', () => {
    const [connection, ...others] = explained().explanation?.connections ?? [];
    expect(others).toEqual([]);
    const facts = new Map(connection?.facts.map((fact) => [fact.kind, fact]));
    expect([...facts.keys()]).toEqual([
      ...[
        'let-in',
        'sent-on',
        'freed',
        'entry',
        'packet',
        'state',
        'no-match',
        'refused',
        'answered',
        'unseen',
      ],
    ]);
    expect(facts.get('let-in')).toMatchObject({ line: 9 });
    expect(facts.get('sent-on')?.text).toContain('UNTRACKED');
    expect(facts.get('entry')?.text).toBe(
      'connection tracking on director never had an entry of the connection in its table',
    );
    expect(facts.get('packet')).toMatchObject({ packet: 'TCP RST,ACK', number: 5 });
    const director = traced.phase!.nodes.find(({ name }) => name === 'director')!;
    const captured = director.capture!.segments.find(({ frame }) => frame === facts.get('packet')!.frame);
    expect(captured?.flags.rst).toBe(true);
    expect(facts.get('packet')?.text).toContain(
      `, packet ${String(captured?.frame)} of traced/director.pcap`,
    );
    expect(facts.get('state')).toMatchObject({ state: 'INVALID' });
    expect(facts.get('no-match')?.text).toMatch(/:9 `.*` did not match it: it asks for NEW$/);
    expect(facts.get('refused')).toMatchObject({ rule: reject, line: 10 });
    expect(facts.get('answered')?.text).toContain('ICMP 3/10 (host-prohibited) from director');
  });

  it('tells what the kernel was seen to do with the entries: IPVS freed those of the packets before, and the last was refused one', () => {
    const facts = (kernel: TracedEvidence['kernel']) =>
      new Map(explained({ kernel }).explanation?.connections[0]?.facts.map((fact) => [fact.kind, fact.text]));
    const seen = facts(traced.kernel);
    expect(seen.get('freed')).toBe(
      "in director's kernel ip_vs_dr_xmit took them, and each had an entry of its own by then, which was freed in there (nf_conntrack_free)",
    );
    expect(seen.get('state')).toContain('nf_conntrack_tcp_packet got a new entry for it, and refused');
    expect(explained().explanation?.summary[0]).toContain('IPVS had thrown it away');
    const passages = traced.kernel!.passages!;
    const kept = passages.map((one) => (one.kind === 'TCP SYN' ? { ...one, freedIn: undefined } : one));
    expect(facts({ passages: kept, lacking: [] }).get('freed')).toContain(' 3 of 4 had an entry');
    const none = facts({ passages: undefined, lacking: [] });
    expect(none.has('freed')).toBe(false);
    expect(none.get('state')).toBe('connection tracking called it INVALID');
  });

  it('is none where the kernel was seen to send on what a rule was seen to take', () => {
    const passages = traced.kernel!.passages!.map((one) =>
      one.kind === 'TCP RST,ACK' ? { ...one, sentBy: 'ip_vs_dr_xmit' } : one,
    );
    const { explanation } = explained({ kernel: { passages, lacking: [] } });
    expect(explanation?.doubts.join()).toContain('and ip_vs_dr_xmit to send the same packet on');
    expect(explanation?.blame).toBeUndefined();
  });

  it('says that of raw-socket flows beside the connections nothing was followed', async () => {
    const { measured } = await readScenarioEvidence(
      path.join(packageRoot, 'test', 'fixtures', 'runs', 'story-at-scale'),
    );
    const phase = { ...traced.phase!, flows: measured!.flows };
    expect(explained({ phase }).explanation?.lacking.join()).toContain('of raw-socket flows no packets');
    expect(explained().explanation?.lacking.join()).not.toContain('flows');
  });

  it('says what of the kernel could not be seen', () => {
    const lacking = ["the kernel's nf_conntrack_tcp_packet: No such file or directory"];
    expect(explained({ kernel: { passages: [], lacking } }).explanation?.lacking).toEqual(lacking);
    expect(explained().explanation?.lacking).toEqual([]);
  });

  it('is none where packets could not be followed, and says why', () => {
    const { result, explanation, reasons } = explained(withDirector(() => ({ packets: undefined })));
    expect(explanation?.blame).toBeUndefined();
    expect(explanation?.doubts).toHaveLength(1);
    expect(result).toBe('inconclusive');
    expect(reasons.join()).toContain('nothing is explained');
  });

  it('is none where the followed connections came to something else than the measured ones', () => {
    const phase = { ...traced.phase!, nodes: evidence.control!.nodes, load: evidence.control!.load };
    expect(explained({ phase }).explanation?.doubts.join()).toContain('and those measured to close-blocked');
  });

  it('is none where the rule counted less than it was seen to take, or more', () => {
    const packets = (times: number) =>
      withDirector((node) => ({
        packets: node.packets!.flatMap((one) =>
          one.kind === 'TCP RST,ACK' && one.way === 'arrived'
            ? Array.from({ length: times }, () => one)
            : [one],
        ),
      }));
    expect(explained(packets(1)).explanation?.doubts).toEqual([]);
    expect(explained(packets(2)).explanation?.doubts.join()).toContain(
      'was seen to take 2 packets while they were followed, and counted 1',
    );
    const more = traced.phase!.nodes.map((node) => ({
      ...node,
      rules: node.rules.map((rule) => ({
        ...rule,
        ...(rule.packets === undefined ? {} : { packets: rule.packets * 9 }),
      })),
    }));
    const after = withDirector(({ after: rules }) => ({
      after: rules!.map((rule) => ({
        ...rule,
        ...(rule.packets === undefined ? {} : { packets: rule.packets * 9 }),
      })),
    }));
    expect(
      explained({ phase: { ...traced.phase!, nodes: more }, ...after }).explanation?.blame,
    ).toBeUndefined();
  });

  it('is none where the measured run counted nothing on the rule', () => {
    const measured = {
      ...evidence.measured!,
      nodes: evidence.measured!.nodes.map((node) => ({
        ...node,
        rules: node.rules.map((rule) => (rule.rule === reject ? { ...rule, packets: 0 } : rule)),
      })),
    };
    expect(explained({}, { measured }).explanation?.doubts.join()).toContain('in the measured run');
  });

  it('fails the verdict where it blames another than the file says', () => {
    const other = { ...expected, blame: { ...expected.blame!, what: '-A INPUT -j DROP' } };
    expect(judge(other, evidence)).toMatchObject({ result: 'fail' });
    expect(judge(other, evidence).reasons.join()).toContain(
      'Expected to blame rule `-A INPUT -j DROP` on director; blamed rule',
    );
    const elsewhere = { ...expected, blame: { ...expected.blame!, on: 'realserver' as const } };
    expect(judge(elsewhere, evidence).result).toBe('fail');
    expect(judge({ ...expected, blame: { kind: 'policy', what: reject } }, evidence).result).toBe('fail');
  });

  it('names no line where the texts do not come to as many rules as the node has', () => {
    const cut = withDirector(({ sources }) => ({
      sources: sources.map((source) => ({ ...source, text: source.text.replace(`${reject}\n`, '') })),
    }));
    expect(explained(cut).explanation?.blame).not.toHaveProperty('line');
  });
});

describe('a setting without which a packet would have been let in', () => {
  const loose = 'net.netfilter.nf_conntrack_tcp_loose';
  const conntrack = 'net.ipv4.vs.conntrack';
  /** The packet that was turned away as another, with these settings. */
  const with_ = (
    sysctls: Record<string, string>,
    change: Partial<TracedEvidence['nodes'][number]> = {},
    kind = 'TCP ACK',
  ) =>
    explained(
      withDirector((node) => ({
        sysctls,
        packets: node.packets!.map((one) => (one.kind === 'TCP RST,ACK' ? { ...one, kind } : one)),
        ...change,
      })),
    ).explanation;
  const entry = {
    ...{ what: 'new' as const, state: 'SYN_SENT', source: '198.19.252.10', destination: '198.19.252.100' },
    ...{
      sourcePort: traced.phase!.load!.connections[0]!.localPort,
      destinationPort: 80,
    },
  };

  it('is blamed where connection tracking takes no packet but a SYN for the first', () => {
    const told = with_({ [loose]: '0' });
    expect(told?.blame).toEqual({ kind: 'sysctl', what: `${loose}=0`, node: 'director', role: 'director' });
    expect(told?.connections[0]?.facts.find(({ kind }) => kind === 'sysctl')).toMatchObject({
      sysctl: `${loose}=0`,
    });
    expect(told?.summary[1]).toContain('stock.iptables:10');
    expect(with_({ [loose]: '1' })?.blame?.kind).toBe('rule');
    expect(with_({ [loose]: '0' }, {}, 'TCP FIN,ACK')?.blame?.kind).toBe('rule');
  });

  it('is blamed where IPVS leaves an entry alone that the packet does not fit', () => {
    const kept = { [loose]: '1', [conntrack]: '1' };
    expect(with_(kept, { entries: [entry] })?.blame).toMatchObject({
      kind: 'sysctl',
      what: `${conntrack}=1`,
    });
    expect(with_(kept)?.blame?.kind).toBe('rule');
    expect(with_({ ...kept, [conntrack]: '0' }, { entries: [entry] })?.blame?.kind).toBe('rule');
  });

  it('is what a file may expect, and another fails the verdict', () => {
    const evidenceOf = (kind: string) => ({
      ...evidence,
      traced: {
        ...traced,
        ...withDirector((node) => ({
          sysctls: { [loose]: '0' },
          packets: node.packets!.map((one) => (one.kind === 'TCP RST,ACK' ? { ...one, kind } : one)),
        })),
      },
    });
    const wanted = {
      ...expected,
      blame: { kind: 'sysctl' as const, what: `${loose} = 0`, on: 'director' as const },
    };
    expect(judge(wanted, evidenceOf('TCP ACK')).result).toBe('pass');
    expect(judge(wanted, evidenceOf('TCP FIN,ACK')).result).toBe('fail');
  });
});

describe('a folder with followed packets', () => {
  it('has the same verdict on connections when they are damaged, which the explanation tells', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'lvs-lab-explained-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    cpSync(recorded, folder, { recursive: true });
    const file = path.join(folder, 'traced', 'director.traced');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('verdict drop', 'verdict accept'));
    const { blame: _blame, ...any } = expected;
    const verdict = judge(any, await readScenarioEvidence(folder));
    expect(verdict.result).toBe('pass');
    expect(verdict.explanation?.doubts.join()).toContain('traced/director.traced');
    expect(verdict.explanation?.blame).toBeUndefined();
  });
});
