import type { Step } from '../../../../../../src/contracts/agents/conversation.js';
import type { FlowFate } from '../../../../../../src/contracts/words/flowFates.js';
import { describe, expect, it } from 'vitest';
import { serverFirst, simulate, type SimulationOptions } from '../simulation/simulate.js';
import type { WireSegment } from '../simulation/wireFormat.js';

const open: Step = { do: 'open' };
const request = (then: 'close' | 'keep', upload = 0): Step => ({
  do: 'send',
  then,
  upload,
  download: 0,
  rate: 0,
});
const reply: Step = { do: 'expect', what: 'reply' };
const fin: Step = { do: 'expect', what: 'fin' };
const close = (how: 'fin' | 'rst' | 'half'): Step => ({ do: 'close', how, ack: 'apart' });
const clientFirst = [open, request('keep'), reply, close('fin')];
const retries = { open: 3, data: 3, close: 3 };

const isClosing = (segment: WireSegment): boolean => segment.flags.has('fin') || segment.flags.has('rst');
const prohibited = { icmp: [3, 10] } as const;

/** Fates of 20 flows, those that no flow had left out. */
function fatesOf(options: SimulationOptions): Partial<Record<FlowFate, number>> {
  const { fates } = simulate({ flows: { retries }, until: 40_000, ...options }).report;
  return Object.fromEntries(Object.entries(fates).filter(([, count]) => count > 0));
}

describe('the story', () => {
  const story: SimulationOptions = {
    flows: { retries },
    director: (segment) => (isClosing(segment) ? prohibited : 'forward'),
  };

  it('leaves flows in closing whose FINs are rejected, and counts FINs and ICMP errors', () => {
    const { report, load, serverHolds } = simulate({ ...story, until: 40_000 });
    expect(report.fates).toMatchObject({ closing: 20, closed: 0 });
    expect(report).toMatchObject({ answered: 20, closing: 20, closed: 0, retransmitted: 60, finsSent: 80 });
    expect(report.icmp).toEqual({ '3/10': 80 });
    expect(report.examples).toHaveLength(20);
    expect(report.examples[0]).toEqual({
      client: '10.9.1.7:1024',
      fate: 'closing',
      step: 'close fin',
      retransmissions: 3,
    });
    expect(serverHolds).toBe(20);
    expect(load.isOver).toBe(true);
  });

  it('has a twin in which all close', () => {
    const { report, serverHolds } = simulate({ ...story, director: () => 'forward' });
    expect(report.fates).toMatchObject({ closing: 0, closed: 20 });
    expect(report).toMatchObject({ retransmitted: 0, finsSent: 20, icmp: {} });
    expect(serverHolds).toBe(0);
  });

  it('retransmits FINs after 0.2, 0.6 and 1.4 seconds, and gives up', () => {
    const times = new Map<number, number[]>();
    simulate({
      flows: { count: 1, retries },
      until: 60_000,
      director: (segment, now) => {
        if (!isClosing(segment)) return 'forward';
        times.set(segment.sourcePort, [...(times.get(segment.sourcePort) ?? []), now]);
        return 'drop';
      },
    });
    const sent = times.get(1024) ?? [];
    const waits = sent.map((time) => Math.round((time - sent[0]!) / 50) * 50);
    expect(waits).toEqual([0, 200, 600, 1400]);
  });

  it('has its flows stuck from the first retransmission on, and timed out behind the last one', () => {
    const { seconds, report } = simulate({ ...story, until: 40_000 });
    expect(seconds[0]).toMatchObject({ opened: 20, inProgress: 0, stuck: 20, timedOut: 0 });
    // The last one is sent after 1.4 s, and waited for until 3.
    expect(seconds[4]).toMatchObject({ stuck: 20, timedOut: 20 });
    expect(report.timedOut).toBe(20);
    const healthy = simulate({ ...story, director: () => 'forward' });
    expect(healthy.report.timedOut).toBe(0);
    expect(healthy.seconds.every(({ stuck }) => stuck === 0)).toBe(true);
  });

  it('sends each FIN once where nothing is to be retransmitted', () => {
    const none = { open: 0, data: 0, close: 0 };
    const { report } = simulate({ ...story, flows: { retries: none }, until: 40_000 });
    expect(report.fates).toMatchObject({ closing: 20 });
    expect(report).toMatchObject({ finsSent: 20, retransmitted: 0 });
  });

  it('is quiet when FINs are retransmitted only, and over when none will be any more', () => {
    const quietAt: number[] = [];
    const { endedAt } = simulate({
      ...story,
      director: (segment) => (isClosing(segment) ? 'drop' : 'forward'),
      until: 40_000,
      watch: (load, now) => {
        if (load.isQuiet) quietAt.push(now);
        return load.isOver;
      },
    });
    expect(quietAt[0]).toBeLessThan(1000);
    expect(endedAt).toBeGreaterThan(2500);
    expect(endedAt).toBeLessThan(4500);
  });
});

describe('what becomes of flows', () => {
  it.each<[string, Partial<Record<FlowFate, number>>, SimulationOptions]>([
    ['SYNs are dropped: opening', { opening: 20 }, { director: () => 'drop' }],
    ['SYNs are answered by RST: refused', { refused: 20 }, { director: () => 'reset' }],
    ['SYNs are answered by 3/10: refused', { refused: 20 }, { director: () => prohibited }],
    ['SYNs are answered by 3/4: opening', { opening: 20 }, { director: () => ({ icmp: [3, 4] }) }],
    ['SYNs are answered by 11/0: refused', { refused: 20 }, { director: () => ({ icmp: [11, 0] }) }],
    [
      'SYNs are answered by ICMPv6 1/1: refused',
      { refused: 20 },
      { family: 'ipv6', director: () => ({ icmp: [1, 1] }) },
    ],
    [
      'SYNs are answered by ICMPv6 2/0: opening',
      { opening: 20 },
      { family: 'ipv6', director: () => ({ icmp: [2, 0] }) },
    ],
    [
      'requests are rejected: transfer',
      { transfer: 20 },
      { director: ({ payload }) => (payload.length > 0 ? prohibited : 'forward') },
    ],
    [
      'requests are answered by RST: reset',
      { reset: 20 },
      { director: ({ payload }) => (payload.length > 0 ? 'reset' : 'forward') },
    ],
    [
      'replies are lost: transfer',
      { transfer: 20 },
      { replies: ({ payload }) => (payload.length > 0 ? 'drop' : 'forward') },
    ],
    [
      'the server does not close although it was asked to: closing',
      { closing: 20 },
      { steps: [open, request('keep'), fin, close('fin')] },
    ],
    [
      'FINs of the client that closes first are dropped: closing',
      { closing: 20 },
      { steps: clientFirst, director: (segment) => (isClosing(segment) ? 'drop' : 'forward') },
    ],
    [
      "the server's FIN gets lost behind the client's: closing",
      { closing: 20 },
      { steps: clientFirst, replies: ({ flags }) => (flags.has('fin') ? 'drop' : 'forward') },
    ],
    [
      'the end of an upload is dropped with its FIN: data',
      { data: 20 },
      {
        steps: [open, request('keep', 5000), close('half'), reply, fin],
        director: ({ payload, flags }) =>
          (payload.length > 0 && payload.length < 1460) || flags.has('fin') ? 'drop' : 'forward',
      },
    ],
    ['the client resets: closed', { closed: 20 }, { steps: [open, request('keep'), reply, close('rst')] }],
    ['they are held', { held: 20 }, { steps: [open, request('keep'), reply, { do: 'hold' }] }],
    [
      'nothing is left to do for an open connection: held',
      { held: 20 },
      { steps: [open, request('keep'), reply] },
    ],
    [
      'they are held, and their requests were never acknowledged: transfer',
      { transfer: 20 },
      {
        steps: [open, request('keep'), { do: 'hold' }],
        director: ({ payload }) => (payload.length > 0 ? 'drop' : 'forward'),
      },
    ],
    [
      'the load ends in the middle of a wait: unfinished',
      { unfinished: 20 },
      { steps: [open, request('keep'), reply, { do: 'wait', seconds: 100 }, close('fin')], until: 20_000 },
    ],
    [
      'the load ends right behind the SYNs: unfinished',
      { unfinished: 20 },
      { director: () => 'drop', until: 900 },
    ],
    [
      'half-closed flows get no reply: transfer',
      { transfer: 20 },
      {
        steps: [open, request('keep'), close('half'), reply, fin],
        replies: ({ payload, flags }) => (payload.length > 0 || flags.has('fin') ? 'drop' : 'forward'),
      },
    ],
  ])('%s', (_what, fates, options) => {
    expect(fatesOf(options)).toEqual(fates);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('adds up to the flows opened, whatever happens (%i)', (chance) => {
    const faults = [
      'forward',
      'forward',
      'forward',
      'forward',
      'forward',
      'drop',
      prohibited,
      'reset',
    ] as const;
    let packet = chance;
    const options: SimulationOptions = {
      chance,
      flows: {
        count: 150,
        rate: 100,
        seed: chance,
        retries: { open: 1, data: 2, close: 1 },
        mix: [
          { weight: 3, conversation: { name: 'server-first', steps: serverFirst } },
          { weight: 1, conversation: { name: 'reset', steps: [open, request('keep'), reply, close('rst')] } },
          {
            weight: 1,
            conversation: { name: 'hold', steps: [open, request('keep'), reply, { do: 'hold' }] },
          },
          {
            weight: 1,
            conversation: {
              name: 'again',
              steps: [...clientFirst, { do: 'reopen' }, ...clientFirst.slice(1)],
            },
          },
        ],
      },
      wire: { loss: 0.1, jitter: 3, duplication: 0.1 },
      // The last seeds are stopped in the middle.
      until: chance > 5 ? 1100 : 60_000,
      director: () => {
        packet = (packet * 5 + 3) % 1021;
        return faults[packet % faults.length]!;
      },
    };
    const { report, load } = simulate(options);
    const sum = (fates: Readonly<Record<FlowFate, number>>): number =>
      Object.values(fates).reduce((all, count) => all + count, 0);
    expect(sum(report.fates)).toBe(report.opened);
    const byConversation = Object.values(report.byConversation).map(sum);
    expect(byConversation).toHaveLength(4);
    expect(byConversation.reduce((all, count) => all + count, 0)).toBe(report.opened);
    expect(report.fates.closed).toBe(report.closed);
    expect(report.fates.reset).toBe(report.reset);
    expect(report.fates.refused).toBe(report.refused);
    expect(load.isOver).toBe(chance <= 5);
    if (chance > 5) expect(report.opened).toBeLessThan(150);
  });
});

describe('a request that is never answered', () => {
  const never: Step = { do: 'send', then: 'keep', upload: 20_000, download: 0, rate: 0, reply: false };
  const steps: readonly Step[] = [open, never, { do: 'wait', seconds: 0.3 }, close('fin')];

  it('closes when the client has, and has had no reply to wait for', () => {
    const { report, server } = simulate({ steps, flows: { retries } });
    expect(report.fates).toMatchObject({ closed: 20 });
    expect(report).toMatchObject({ answered: 0, closed: 20 });
    expect(new Set(server.requests)).toEqual(new Set(['/never/upload']));
  });

  it('is stuck in closing where the FIN behind it is rejected, and in data where it rides on that', () => {
    const director = (segment: WireSegment) => (isClosing(segment) ? prohibited : 'forward');
    expect(fatesOf({ steps, director })).toEqual({ closing: 20 });
    expect(fatesOf({ steps: [open, never, close('fin')], director })).toEqual({ data: 20 });
  });
});
