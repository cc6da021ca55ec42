import { describe, expect, it } from 'vitest';
import { flowReportLineSchema } from '../../../../../../src/evidence/model/flowTypes.js';
import { simulateDatagrams, startAt } from '../simulation/simulateDatagrams.js';

describe('clients that ask and wait', () => {
  it.each(['ipv4', 'ipv6'] as const)('are answered over %s', (family) => {
    const { report, requests } = simulateDatagrams({
      family,
      asking: { requests: 3, pause: 0.1 },
      flows: { count: 40 },
    });
    expect(report.fates).toMatchObject({ answered: 40, unanswered: 0, unfinished: 0 });
    expect(report).toMatchObject({ opened: 40, connected: 40, answered: 40, closed: 40, timedOut: 0 });
    expect(report).toMatchObject({ sent: 120, received: 120, unreadable: 0 });
    expect(requests).toHaveLength(120);
    expect(report.firstByte?.count).toBe(40);
    expect(report.byConversation['dns']?.answered).toBe(40);
    // What the agent prints can be read again.
    expect(flowReportLineSchema.parse(JSON.parse(JSON.stringify({ report }))).report.lastReplies).toEqual(
      report.lastReplies,
    );
  });

  it('ask again when the reply has come and the pause is over, and are silent before the last', () => {
    const { requests } = simulateDatagrams({
      asking: { requests: 4, pause: 0.2, idle: 1.5 },
      flows: { count: 1 },
      answer: () => ({ by: 'realserver1', after: 50 }),
    });
    const times = requests.map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    // A timer of the wheel is late by 10 ms at most, and a tick takes two.
    for (const [index, least] of [250, 250, 1550].entries()) {
      expect(gaps[index]).toBeGreaterThanOrEqual(least);
      expect(gaps[index]).toBeLessThan(least + 20);
    }
  });

  it('wait for a reply as long as they are told, go on, and are unanswered', () => {
    const { report, requests } = simulateDatagrams({
      asking: { requests: 3, wait: 1 },
      flows: { count: 10 },
      answer: ({ sequence }) => (sequence === 2 ? 'drop' : { by: 'realserver1' }),
    });
    expect(report.fates).toMatchObject({ answered: 0, unanswered: 10 });
    expect(report.timedOut).toBe(10);
    const [first] = requests;
    const ofFirst = requests.filter(({ id }) => id === first?.id).map(({ at }) => at);
    expect(ofFirst).toHaveLength(3);
    expect((ofFirst[2] ?? 0) - (ofFirst[1] ?? 0)).toBeGreaterThanOrEqual(1000);
  });

  it('are answered by a reply that comes late, while they are still there, and not by one that comes twice', () => {
    const { report } = simulateDatagrams({
      asking: { requests: 2, wait: 0.5 },
      flows: { count: 5 },
      answer: ({ sequence }) => ({ by: 'realserver1', after: sequence === 1 ? 600 : 300 }),
    });
    expect(report.fates.answered).toBe(5);
    const twice = simulateDatagrams({
      asking: { requests: 2, wait: 0.5 },
      flows: { count: 5 },
      answer: ({ sequence }) => (sequence === 1 ? { by: 'realserver1', times: 2 } : 'drop'),
    });
    expect(twice.report.fates.unanswered).toBe(5);
    const tooLate = simulateDatagrams({
      asking: { requests: 1, wait: 0.5 },
      flows: { count: 5 },
      answer: () => ({ by: 'realserver1', after: 700 }),
    });
    expect(tooLate.report.fates.unanswered).toBe(5);
  });

  it('count ICMP errors, and wait on', () => {
    const { report } = simulateDatagrams({
      asking: { wait: 0.3 },
      flows: { count: 4 },
      answer: () => ({ icmp: [3, 10] }),
    });
    expect(report.icmp).toEqual({ '3/10': 4 });
    expect(report.fates.unanswered).toBe(4);
    expect(report.examples[0]).toMatchObject({ fate: 'unanswered', step: 'request 1' });
  });
});

describe('clients of a stream', () => {
  const asking = { as: 'quic', requests: 5, pause: 0.1 } as const;

  it("send whatever comes back behind the first reply, and get the realserver's own", () => {
    const { report, requests } = simulateDatagrams({ asking, flows: { count: 8 } });
    expect(report.fates.answered).toBe(8);
    expect(requests.every(({ pushes, pause }) => pushes === 2 && pause === 0.1)).toBe(true);
    expect(report.received).toBe(8 * 15);
    const slow = simulateDatagrams({
      asking,
      flows: { count: 1 },
      answer: ({ sequence }) => ({ by: 'realserver1', after: sequence === 1 ? 0 : 1000 }),
    });
    const times = slow.requests.map(({ at }) => at);
    expect((times[4] ?? 0) - (times[0] ?? 0)).toBeLessThan(500);
    expect(slow.report.fates.answered).toBe(1);
  });

  it('are unanswered where a reply is missing, or one that nobody asked for', () => {
    const without = (answer: 'reply' | 'push') =>
      simulateDatagrams({
        asking: { ...asking, wait: 0.5 },
        flows: { count: 3 },
        answer: ({ sequence }) => {
          if (sequence !== 4) return { by: 'realserver1' };
          return answer === 'reply' ? 'drop' : { by: 'realserver1', pushes: 1 };
        },
      }).report.fates;
    expect(without('reply')).toMatchObject({ answered: 0, unanswered: 3 });
    expect(without('push')).toMatchObject({ answered: 0, unanswered: 3 });
  });
});

describe('a load of UDP', () => {
  it('is connected when each has heard something or waited in vain, and over when each is', () => {
    const moments: Record<string, number> = {};
    simulateDatagrams({
      asking: { requests: 2, pause: 1, wait: 0.5 },
      flows: { count: 4, rate: 1000 },
      answer: ({ id, sequence }) => (id === 'f3' && sequence === 1 ? 'drop' : { by: 'realserver1' }),
      watch: (load, now) => {
        if (load.areConnected) moments['connected'] ??= now;
        if (load.isQuiet) moments['quiet'] ??= now;
        return false;
      },
    });
    expect(moments['connected']).toBeGreaterThanOrEqual(500);
    expect(moments['connected']).toBeLessThan(600);
    expect(moments['quiet']).toBeGreaterThanOrEqual(1500);
  });

  it('keeps to the number that may be in progress', () => {
    let most = 0;
    const { report } = simulateDatagrams({
      asking: { wait: 0.2 },
      flows: { count: 30, concurrency: 10 },
      answer: () => 'drop',
      watch: (load) => {
        most = Math.max(most, load.second(0, 0).inProgress);
        return false;
      },
    });
    expect(most).toBe(10);
    expect(report.fates.unanswered).toBe(30);
  });

  it('tells who sent the last replies, where, and when', () => {
    const { report } = simulateDatagrams({
      asking: { requests: 2, pause: 1.5 },
      ports: [53, 853],
      flows: { count: 6, rate: 1000 },
      answer: ({ sequence, id }) => ({
        by: sequence === 1 ? 'realserver1' : id === 'f0' ? 'director' : 'realserver2',
      }),
    });
    expect(report.lastReplies).toEqual([
      { by: 'director', port: 53, second: startAt + 1, flows: 1 },
      { by: 'realserver2', port: 853, second: startAt + 1, flows: 3 },
      { by: 'realserver2', port: 53, second: startAt + 1, flows: 2 },
    ]);
  });

  it('ends with flows that are not over', () => {
    const { report } = simulateDatagrams({
      asking: { requests: 2, pause: 60 },
      flows: { count: 3 },
      watch: (_, now) => now > 1000,
    });
    expect(report.fates).toMatchObject({ unfinished: 3, answered: 0 });
  });

  it('does not take what others are told for an answer', () => {
    const { report } = simulateDatagrams({
      asking: { wait: 0.2 },
      flows: { count: 2 },
      answer: ({ id }) => ({ by: id === 'f0' ? 'two words' : 'realserver1' }),
    });
    expect(report.fates).toMatchObject({ answered: 1, unanswered: 1 });
    expect(report.unreadable).toBe(1);
  });

  it('has the same openings with the same ends, and others with others', () => {
    const openings = (count: number) => simulateDatagrams({ flows: { count } }).report.openings;
    expect(openings(5)).toBe(openings(5));
    expect(openings(5)).not.toBe(openings(6));
  });
});
