import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Role } from '../../../../../src/contracts/words/nodes.js';
import { readScenarioEvidence } from '../../../../../src/evidence/directory/read.js';
import { packageRoot } from '../../../../../src/support/packageRoot.js';
import { followedNodes } from '../../../../../src/verdict/explanation/packets/followedPackets.js';

const { traced } = await readScenarioEvidence(
  path.join(packageRoot, 'test', 'fixtures', 'explained', 'client-reset'),
);

/** What the functions of IPVS did with packets that came to the director, were it a node of another role. */
function sentBy(role: Role): ReadonlySet<string | undefined> {
  const phase = traced!.phase!;
  const nodes = phase.nodes.map((node) => (node.name === 'director' ? { ...node, role } : node));
  const followed = followedNodes(traced!.nodes, { ...phase, nodes }, traced!.kernel?.passages);
  const at = followed.find(({ name }) => name === 'director')!;
  expect(at.kernel.size).toBeGreaterThan(0);
  return new Set([...at.kernel.values()].map((passage) => passage.sentBy));
}

describe('nodes on which packets were followed', () => {
  it('have packets that IPVS sent on where they are directors', () => {
    expect(sentBy('director')).toContain('ip_vs_dr_xmit');
  });

  // The sk_buff of a packet that was dropped there may be that of the director's next one.
  it.each(['realserver', 'router'] as const)('have none as a %s', (role) => {
    expect(sentBy(role)).toEqual(new Set([undefined]));
  });
});
