import { describe, expect, it } from 'vitest';
import { FlowWatch } from '../../../../src/run/agents/flowWatch.js';
import { flowSecond } from '../../evidence/flowSamples.js';

/** A watch that has heard these, one a second from 1 on. */
function watchOf(...seconds: readonly Parameters<typeof flowSecond>[0][]): FlowWatch {
  const watch = new FlowWatch();
  for (const [index, second] of seconds.entries()) watch.feed(flowSecond({ at: index + 1, ...second }));
  return watch;
}

describe('the watch over flows', () => {
  it('knows nothing of an agent that has said nothing', () => {
    expect(watchOf().isAtRest(0)).toBe(false);
  });

  it('has them at rest as soon as all are over', () => {
    const over = { opened: 9, closed: 6, reset: 2, refused: 1 };
    expect(watchOf({ ...over, closed: 5 }, over).isAtRest(3)).toBe(true);
    expect(watchOf({ ...over, closed: 4 }, { ...over, closed: 5 }).isAtRest(3)).toBe(false);
  });

  it('has them at rest when none has got further for the quiet time', () => {
    expect(watchOf({}, {}, {}).isAtRest(3)).toBe(false);
    expect(watchOf({}, {}, {}, {}).isAtRest(3)).toBe(true);
    expect(watchOf({}, {}, {}, {}, { at: 4.9 }).isAtRest(4)).toBe(false);
  });

  it.each(['opened', 'connected', 'answered', 'closing', 'closed', 'reset', 'refused'] as const)(
    'begins anew when one more is %s',
    (step) => {
      const next = { [step]: flowSecond({ opened: 9 })[step] + 1 };
      const before = { opened: 9 };
      expect(watchOf(before, before, before, { ...before, ...next }).isAtRest(3)).toBe(false);
    },
  );

  it('takes neither retransmissions nor giving up for progress', () => {
    const sends = [1, 2, 3, 4].map((n) => ({ sent: n, retransmitted: n, timedOut: n, stuck: n }));
    expect(watchOf(...sends).isAtRest(3)).toBe(true);
  });
});
