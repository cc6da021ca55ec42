import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readScenarioEvidence } from '../../../../src/evidence/directory/read.js';
import type {
  NodeEvidence,
  PhaseEvidence,
  ScenarioEvidence,
} from '../../../../src/evidence/model/evidence.js';
import type { TracedNode } from '../../../../src/evidence/model/traced.js';
import type { ExpectedBlame } from '../../../../src/scenario/model/expectation.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';
import { judge } from '../../../../src/verdict/judge.js';

const recorded = await readScenarioEvidence(
  path.join(packageRoot, 'test', 'fixtures', 'explained', 'client-reset'),
);
const traced = recorded.traced!;
const phase = traced.phase!;
const [{ name: director }, { name: realserver, addresses }] = [
  phase.nodes.find(({ role }) => role === 'director')!,
  phase.nodes.find(({ name }) => name === 'realserver2')!,
];
const last = Math.max(
  ...phase.nodes.flatMap(({ capture }) => capture?.segments ?? []).map(({ time }) => time),
);
const service = {
  ...{ service: '-t 198.19.252.100:80', scheduler: 'sh' },
  realservers: [{ address: addresses[0]!, weight: 0 }],
};

type Change = (node: NodeEvidence) => Partial<NodeEvidence>;

/** The run, in which no rule takes the packet that the director does not send on, and something else shows. */
function withoutRule(
  change: Change,
  {
    services,
    both = (one) => one,
  }: {
    readonly services?: TracedNode['services'];
    readonly both?: (of: PhaseEvidence) => PhaseEvidence;
  } = {},
): ScenarioEvidence {
  const nodes = traced.nodes.map((node) => ({
    ...{ ...node, services },
    packets: node.packets!.map((one) => ({
      ...one,
      steps: one.steps.filter(({ verdict }) => verdict !== 'drop'),
    })),
  }));
  const changed = { ...phase, nodes: phase.nodes.map((node) => ({ ...node, ...change(node) })) };
  return {
    ...recorded,
    measured: both(recorded.measured!),
    traced: { ...traced, nodes, phase: both(changed) },
  };
}

const on =
  (name: string, change: Change): Change =>
  (node) =>
    node.name === name ? change(node) : {};
/** The error that the client got, as another one of the director's; and no entry of the connection. */
const portUnreachable = (one: PhaseEvidence): PhaseEvidence => ({
  ...one,
  ipvs: one.ipvs.map((sample) => ({ ...sample, connections: [] })),
  nodes: one.nodes.map((node) => ({
    ...node,
    ...(node.capture === undefined
      ? {}
      : { capture: { ...node.capture, icmp: node.capture.icmp.map((each) => ({ ...each, code: 3 })) } }),
  })),
});

/** What is to blame, and evidence of it. */
const cases: readonly (readonly [ExpectedBlame, ScenarioEvidence])[] = [
  [{ kind: 'rule', what: '-A INPUT -j REJECT --reject-with icmp-host-prohibited', on: 'director' }, recorded],
  [
    { kind: 'ipvs-service', what: 'gone', on: 'director' },
    withoutRule(() => ({}), { services: [{ time: 0, services: [] }] }),
  ],
  [
    { kind: 'ipvs-service', what: 'without-realserver', on: 'director' },
    withoutRule(() => ({}), { services: [{ time: 0, services: [service] }], both: portUnreachable }),
  ],
  [
    { kind: 'ipvs-entry', what: 'without-realserver', on: 'director' },
    withoutRule(on(director, () => ({ ipvsDestinations: [] }))),
  ],
  [
    { kind: 'counter', what: 'conntrack drop', on: 'director' },
    withoutRule(on(director, () => ({ conntrack: { drop: 3 }, conntrackOfLab: false }))),
  ],
  [
    { kind: 'counter', what: 'TcpExtIPReversePathFilter', on: 'realserver' },
    withoutRule(
      on(realserver, ({ counters }) => ({ counters: { ...counters, TcpExtIPReversePathFilter: 4 } })),
    ),
  ],
  [
    { kind: 'path', what: 'forwarded', on: 'realserver' },
    withoutRule(
      on(director, ({ capture, macs }) => ({
        capture: {
          ...capture!,
          neighbours: [
            {
              ...{ time: last + 1, sourceMac: macs[0]!, destinationMac: 'ff:ff:ff:ff:ff:ff' },
              ...{ family: 'ipv4', asks: addresses[0], claims: undefined },
            },
          ],
        },
      })),
    ),
  ],
];

describe('what is to blame', () => {
  it.each(cases)('is $kind $what for its own evidence, and fails for that of all others', (wanted, own) => {
    const judged = (evidence: ScenarioEvidence) =>
      judge({ outcome: 'close-blocked', blame: wanted }, evidence);
    expect([judged(own).result, judged(own).explanation?.doubts]).toEqual(['pass', []]);
    const others = cases.filter(([, evidence]) => evidence !== own);
    expect(others.map(([, evidence]) => judged(evidence).result)).toEqual(others.map(() => 'fail'));
  });

  it('is unknown where the packet was not sent on and nothing tells why', () => {
    const [[wanted]] = cases as [(typeof cases)[number]];
    const verdict = judge(
      { outcome: 'close-blocked', blame: wanted },
      withoutRule(() => ({})),
    );
    expect(verdict.result).toBe('inconclusive');
    expect(verdict.explanation?.doubts.join()).toContain('nothing else that was seen tells why');
  });
});
