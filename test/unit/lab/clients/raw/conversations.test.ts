import type { Step } from '../../../../../src/contracts/agents/conversation.js';
import { describe, expect, it } from 'vitest';
import { serverFirst, simulate, type SimulationOptions } from './simulation/simulate.js';

const send = (then: 'close' | 'keep', more: Partial<Extract<Step, { do: 'send' }>> = {}): Step => ({
  do: 'send',
  then,
  upload: 0,
  download: 0,
  rate: 0,
  ...more,
});
const open: Step = { do: 'open' };
const reply: Step = { do: 'expect', what: 'reply' };
const fin: Step = { do: 'expect', what: 'fin' };
const acked: Step = { do: 'expect', what: 'acked' };
const close = (how: 'fin' | 'rst' | 'half', ack: 'apart' | 'riding' = 'apart'): Step => ({
  do: 'close',
  how,
  ack,
});

const conversations: Readonly<Record<string, readonly Step[]>> = {
  'server-first': serverFirst,
  'server-first, riding': [open, send('close'), reply, fin, close('fin', 'riding')],
  'client-first': [open, send('keep'), reply, close('fin')],
  'half-close': [open, send('keep'), close('half'), reply, fin],
  upload: [open, send('close', { upload: 30_000 }), reply, fin, close('fin')],
  'upload, closed behind it at once': [open, send('keep', { upload: 5000 }), close('half'), reply, fin],
  download: [open, send('close', { download: 40_000 }), reply, fin, close('fin')],
  'three requests': [
    open,
    send('keep'),
    reply,
    send('keep', { upload: 100 }),
    reply,
    send('close'),
    fin,
    close('fin'),
  ],
  'requests without waiting': [
    open,
    send('keep'),
    send('keep', { download: 3000 }),
    send('close'),
    reply,
    fin,
    close('fin'),
  ],
  'a wait and an acknowledgement': [
    open,
    send('keep'),
    acked,
    { do: 'wait', seconds: 0.05 },
    reply,
    close('fin'),
    acked,
  ],
  'client-first, opened again': [
    open,
    send('keep'),
    reply,
    close('fin'),
    { do: 'reopen' },
    send('close'),
    fin,
    close('fin'),
  ],
};

const networks: Readonly<Record<string, Partial<SimulationOptions>>> = {
  'a perfect network': {},
  'segments split anywhere': { server: { largestSegment: 5, padding: 5 } },
  'reordering and duplicates': { wire: { jitter: 8, duplication: 0.2 }, server: { largestSegment: 200 } },
  loss: { wire: { loss: 0.1, jitter: 2 }, server: { largestSegment: 700 } },
  'a small window, closed at first': { server: { window: 900, closedWindow: 700 }, wire: { loss: 0.05 } },
  'segments put together by the receiver': { server: { largestSegment: 60_000, padding: 40 }, kept: 512 },
  'unknown options and a small MSS': {
    server: { mss: 300, options: Buffer.from('fe08f989000000000103030a1e040101', 'hex') },
  },
  'IPv6 with loss': { family: 'ipv6', wire: { loss: 0.1, jitter: 2 }, mss: 1220 },
};

describe.each(Object.entries(networks))('through %s', (_network, options) => {
  it.each(Object.entries(conversations))('%s closes with its replies complete', (_name, steps) => {
    const isLossy = (options.wire?.loss ?? 0) > 0;
    for (const chance of isLossy ? [1, 2, 3] : [1]) {
      const count = options.server?.largestSegment === 5 ? 2 : 20;
      const { report, server, serverHolds, load } = simulate({
        steps,
        ...options,
        chance,
        flows: { count, retries: { open: 12, data: 15, close: 15 } },
      });
      expect(report.fates).toMatchObject({ closed: count });
      expect(report).toMatchObject({ opened: count, connected: count, answered: count, closing: count });
      expect(report).toMatchObject({ closed: count, unreadable: 0, examples: [] });
      expect(load.isOver).toBe(true);
      expect(serverHolds).toBe(0);
      const sends = steps.filter((step) => step.do === 'send');
      const connections = steps.some((step) => step.do === 'reopen') ? 2 : 1;
      expect(server.opened).toBe(count * connections);
      // A SYN that overtakes the last ACK of the old connection has to reset it.
      const isReset = connections === 2 && options.wire !== undefined;
      expect(server.closed).toBeGreaterThanOrEqual(isReset ? count : count * connections);
      if (!isReset) expect(server.reset).toBe(0);
      expect(server.requests).toHaveLength(count * sends.length);
      expect(server.bodyBytes).toBe(count * sends.reduce((sum, step) => sum + step.upload, 0));
    }
  });
});
