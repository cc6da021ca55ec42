import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readScenarioEvidence } from '../../../../../src/evidence/directory/read.js';
import type { NodeEvidence } from '../../../../../src/evidence/model/evidence.js';
import type { KernelPassage } from '../../../../../src/evidence/model/traced.js';
import { packageRoot } from '../../../../../src/support/packageRoot.js';
import { otherCause } from '../../../../../src/verdict/explanation/causes/causes.js';
import { findingOf } from '../../../../../src/verdict/finding.js';

const recorded = path.join(packageRoot, 'test', 'fixtures', 'explained', 'client-reset');
const { phase, kernel } = (await readScenarioEvidence(recorded)).traced!;
const found = findingOf(phase!);
const [connection] = found.connections;
const passages = kernel!.passages!;

describe('a counter of what connection tracking dropped', () => {
  const causeWith = (drop: number, change: Partial<KernelPassage>, of: Partial<NodeEvidence> = {}) =>
    otherCause(
      {
        ...phase!,
        nodes: phase!.nodes.map((node) =>
          node.role === 'director' ? { ...node, conntrack: { drop }, ...of } : node,
        ),
      },
      { ...found, signal: { kind: 'silence' } },
      connection!,
      passages.map((one) => ({ ...one, ...change })),
    );

  it('is to blame, and the kernel is seen to have thrown packets away', () => {
    const cause = causeWith(4, { isDropped: true, entry: undefined });
    expect(cause?.blame).toMatchObject({ kind: 'counter', what: 'conntrack drop', node: 'director' });
    expect(cause?.because.at(-1)).toBe(
      "in director's kernel nf_conntrack_in threw away 5 of the 5 packets that came of this connection, before it had an entry of them",
    );
  });

  it('is told alone where the kernel was not seen to, or another node did', () => {
    expect(causeWith(4, {})?.because).toHaveLength(1);
    expect(causeWith(4, { isDropped: true, entry: 'known' })?.because).toHaveLength(1);
    expect(
      causeWith(4, { isDropped: true, entry: undefined, mac: '02:00:00:00:00:01' })?.because,
    ).toHaveLength(1);
    expect(causeWith(0, { isDropped: true, entry: undefined })).toBeUndefined();
  });
});
