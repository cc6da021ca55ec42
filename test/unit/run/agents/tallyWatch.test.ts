import { describe, expect, it } from 'vitest';
import type { SampleBlock } from '../../../../src/evidence/streams/samples.js';
import { TallyWatch } from '../../../../src/run/agents/tallyWatch.js';
import type { Plan } from '../../../../src/scenario/model/planTypes.js';
import { LabError } from '../../../../src/support/errors.js';

const plan = {
  serving: ['realserver1', 'realserver2'],
  nodes: [{ name: 'director', role: 'director' }],
} as unknown as Plan;

const block = (kind: SampleBlock['kind']): SampleBlock => ({ kind, time: 1, until: 1, text: '' });
const noTrouble = (): void => undefined;

describe('the watch over tallies', () => {
  it('has seen another one when every node that counts has counted since', async () => {
    const watch = new TallyWatch(plan);
    for (const node of ['realserver1', 'realserver2']) watch.feed(node, block('tally'));
    watch.feed('director', block('ipvs-tally'));
    let done = false;
    const again = watch.again(5, noTrouble).then((counted) => {
      done = true;
      return counted;
    });
    watch.feed('realserver1', block('tally'));
    watch.feed('realserver2', block('tally'));
    watch.feed('director', block('ipvs'));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(done).toBe(false);
    watch.feed('director', block('ipvs-tally'));
    expect(await again).toBe(true);
  });

  it('waits for no count of sockets where flows are of UDP', async () => {
    const flows = { profiles: { measured: { flows: { datagrams: { as: 'dns' } } } } };
    const watch = new TallyWatch({ ...plan, flows } as unknown as Plan);
    const again = watch.again(5, noTrouble);
    watch.feed('director', block('ipvs-tally'));
    expect(await again).toBe(true);
    const ofTcp = new TallyWatch({
      ...plan,
      flows: { profiles: { measured: { flows: {} } } },
    } as unknown as Plan);
    const never = ofTcp.again(0.1, noTrouble);
    ofTcp.feed('director', block('ipvs-tally'));
    expect(await never).toBe(false);
  });

  it('gives up when a node takes too long', async () => {
    expect(await new TallyWatch(plan).again(0.1, noTrouble)).toBe(false);
  });

  it('does not wait for nodes that do not record any more', async () => {
    const trouble = new LabError('gone');
    const again = new TallyWatch(plan).again(5, () => {
      throw trouble;
    });
    await expect(again).rejects.toBe(trouble);
  });
});
