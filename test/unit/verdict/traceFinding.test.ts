import { describe, expect, it } from 'vitest';
import type { TraceEvidence } from '../../../src/evidence/model/evidence.js';
import type { RuleCount } from '../../../src/evidence/model/ruleCount.js';
import { findingOf } from '../../../src/verdict/finding.js';
import { judge } from '../../../src/verdict/judge.js';
import { nodesToTrace, traceFindingOf } from '../../../src/verdict/traceFinding.js';
import { healthy, silent } from './dialogue.js';
import { evidenceOf, phaseOf, rejectRule } from './evidence.js';

const map: RuleCount = {
  ...{ family: 'inet', table: 'f', chain: 'input', packets: undefined },
  rule: 'ct state vmap { invalid : drop, established : accept }',
};
const policy: RuleCount = { ...rejectRule, rule: '-P INPUT DROP', packets: undefined };
const phase = (rules: readonly RuleCount[]) =>
  phaseOf([silent(40_000), silent(40_001)], { director: { rules } });
const ask = (rules: readonly RuleCount[]) => nodesToTrace(findingOf(phase(rules)));

describe('whom to ask by a trace', () => {
  it('is the node with rules that do not count, where connections were blocked', () => {
    expect(ask([map])).toEqual(['director']);
    expect(ask([policy])).toEqual(['director']);
  });

  it('is nobody where every rule counts, or what was counted explains it', () => {
    expect(ask([])).toEqual([]);
    expect(ask([{ ...rejectRule, packets: 20 }])).toEqual([]);
    expect(ask([map, { ...rejectRule, packets: 2 }])).toEqual([]);
  });

  it('is still somebody where too few were counted', () => {
    expect(ask([map, { ...rejectRule, packets: 1 }])).toEqual(['director']);
  });

  it('is nobody where all is healthy', () => {
    const finding = findingOf(phaseOf([healthy(40_000)], { director: { rules: [map] } }));
    expect(finding.numbers.uncounted).toHaveLength(1);
    expect(nodesToTrace(finding)).toEqual([]);
  });
});

describe('what a trace says', () => {
  const decision = {
    ...{ family: 'inet', table: 'f', chain: 'input', rule: map.rule },
    ...{ verdict: 'drop', packet: 'TCP FIN,ACK', packets: 8, clients: ['25240'] },
  };
  const trace = (
    ...decisions: readonly TraceEvidence['nodes'][number]['decisions'][number][]
  ): TraceEvidence => ({
    connections: 4,
    nodes: [{ name: 'director', decisions }],
    problems: [],
  });
  const culprits = (rules: readonly RuleCount[], evidence: TraceEvidence) =>
    traceFindingOf(evidence, phase(rules)).culprits;

  it('is which rule dropped which packets, with the element of its map that did', () => {
    expect(culprits([map], trace(decision))).toEqual([
      {
        node: 'director',
        rule: 'inet f input: ct state vmap { invalid : drop, established : accept } (invalid : drop)',
        packet: 'TCP FIN,ACK',
        packets: 8,
      },
    ]);
  });

  it('is nothing of rules that accept, but of those that take packets away', () => {
    expect(culprits([map], trace({ ...decision, verdict: 'accept' }))).toEqual([]);
    const redirect = { ...decision, chain: 'pre', rule: 'tcp dport 80 redirect to :8080', verdict: 'accept' };
    expect(culprits([map], trace(redirect))[0]?.rule).toBe('inet f pre: tcp dport 80 redirect to :8080');
  });

  it('is how many of the connections lost packets, each once, and whether it ended at a drop', () => {
    const others = { ...decision, rule: 'drop', clients: ['25240', '25241'] };
    expect(traceFindingOf(trace(decision, others), phase([map]))).toMatchObject({
      connections: 4,
      lost: 2,
      untilDrop: true,
    });
    const accepted = { ...decision, verdict: 'accept' };
    expect(traceFindingOf(trace(accepted), phase([map]))).toMatchObject({ lost: 0, untilDrop: false });
  });

  it("is said in iptables' words of iptables' rules", () => {
    const nft = { ...decision, family: 'ip', table: 'filter', chain: 'INPUT' };
    const listed = { ...rejectRule, listedAs: 'reject with icmp host-prohibited' };
    const found = culprits(
      [listed, policy],
      trace(
        { ...nft, rule: 'reject with icmp host-prohibited' },
        { ...nft, rule: '-P INPUT DROP', packets: 3 },
      ),
    );
    expect(found.map(({ rule }) => rule)).toEqual([
      '-A INPUT -j REJECT --reject-with icmp-host-prohibited',
      '-P INPUT DROP',
    ]);
  });

  it('changes nothing of the verdict', () => {
    const evidence = evidenceOf(phase([map]));
    const expected = { outcome: 'close-blocked', signal: { kind: 'silence' } } as const;
    const without = judge(expected, evidence);
    const { trace: found, ...withTrace } = judge(expected, { ...evidence, trace: trace(decision) });
    expect(found?.culprits).toHaveLength(1);
    expect({ ...withTrace, trace: undefined }).toEqual(without);
  });
});
