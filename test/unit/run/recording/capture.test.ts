import { expect, it } from 'vitest';
import { CaptureRecording } from '../../../../src/run/recording/capture.js';
import type { PlannedNode } from '../../../../src/run/nodes/plannedNode.js';
import { steady } from '../../../../src/support/patience.js';
import { command } from '../fakeEngine.js';

const counts = 'tcpdump: 0 packets captured, 0 packets received by filter, 0 packets dropped by kernel\n';

/** A node whose tcpdump writes the line that says where it listens in pieces, and its counts at once when it is asked for them. */
function nodeWith(pieces: readonly string[]) {
  let stderr = '@@ pid 7\n';
  for (const [index, piece] of pieces.entries()) setTimeout(() => (stderr += piece), index * 100);
  const node = {
    pace: steady,
    start: () => Promise.resolve(command('', () => stderr)),
    exec: () => {
      stderr += counts;
      return Promise.resolve({ exitCode: 0, stdout: '', stderr: '' });
    },
  };
  const planned = { node, plan: { name: 'director', capture: { argv: ['tcpdump'], file: '/capture' } } };
  return { planned: planned as unknown as PlannedNode, said: () => stderr };
}

it('is asked for its counts when tcpdump has said all of where it listens', async () => {
  const pieces = [
    'tcpdump: listening on eth0',
    ', link-type EN10MB (Ethernet)',
    ', snapshot length 192 bytes\n',
  ];
  const { planned, said } = nodeWith(pieces);
  const capture = await CaptureRecording.start(planned);
  await capture?.begin('/nowhere');
  expect(said()).toBe(`@@ pid 7\n${pieces.join('')}${counts}`);
});
