import type { Step } from '../../../../../src/contracts/agents/conversation.js';
import { describe, expect, it } from 'vitest';
import { serverFirst, simulate, type SimulationOptions } from './simulation/simulate.js';

const twice: readonly Step[] = [...serverFirst, { do: 'reopen' }, ...serverFirst.slice(1)];
const once: SimulationOptions = { flows: { count: 1, retries: { open: 8, data: 3, close: 2 } } };

describe('a port that is opened again', () => {
  it('is opened at once when the old connection is over, and counts as one flow', () => {
    const { report, server, sent } = simulate({ ...once, steps: twice });
    expect(server).toMatchObject({ opened: 2, closed: 2 });
    expect(report).toMatchObject({
      opened: 1,
      connected: 1,
      answered: 1,
      closing: 1,
      closed: 1,
      retransmitted: 0,
    });
    expect(report.connect?.count).toBe(1);
    const [first, second] = sent.filter(({ flags }) => flags.has('syn'));
    expect(second?.sourcePort).toBe(first?.sourcePort);
  });

  it("waits until the client's side would be free, and measures how long the server's side is not", () => {
    // The director rejects FINs and RSTs, until the server's FIN-WAIT-2 has gone after five seconds.
    const { report, sent } = simulate({
      ...once,
      steps: twice,
      director: ({ flags }, now) => {
        const isRejected = (flags.has('fin') || flags.has('rst')) && now < 5000;
        return isRejected ? { icmp: [3, 10] } : 'forward';
      },
    });
    expect(report.fates.closed).toBe(1);
    // The port is free after 0.2 + 0.4 + 0.8 s, and SYNs go out at once, soon again, and after 2, 6 and 14 s. The one after 6 s gets the
    // old connection reset, as RSTs get through by then.
    expect(report.connect?.p50).toBeCloseTo(14, 1);
    expect(sent.some(({ flags }) => flags.has('rst') && !flags.has('ack'))).toBe(true);
  });

  it('has a twin that is opened again without delay', () => {
    const { report } = simulate({ ...once, steps: twice, director: () => 'forward' });
    expect(report.connect?.p50).toBeLessThan(0.01);
  });
});
