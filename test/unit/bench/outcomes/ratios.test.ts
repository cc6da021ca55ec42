import { describe, expect, it } from 'vitest';
import { ratiosOf } from '../../../../bench/outcomes/ratios.js';
import { outcome } from './samples.js';

describe('ratiosOf', () => {
  it('compares connections where there are some, else packets', () => {
    const outcomes = [
      outcome('agent', { connectionsPerSecond: 30, packetsPerSecond: 1 }),
      outcome('wrk', { connectionsPerSecond: 20, packetsPerSecond: 100 }),
      outcome("the agent's sockets", { kind: 'SYNs, dropped', packetsPerSecond: 400 }),
      outcome('hping3 --flood', { kind: 'SYNs, dropped', packetsPerSecond: 100 }),
    ];
    expect(ratiosOf(outcomes)).toEqual({
      'agent : wrk (conversations)': 1.5,
      "the agent's sockets : hping3 --flood (SYNs, dropped)": 4,
    });
  });

  it('compares nothing with other work, and others not with each other', () => {
    const outcomes = [
      outcome("the agent's sockets", { kind: 'SYNs, answered' }),
      outcome('hping3 --flood', { kind: 'SYNs, dropped' }),
      outcome('wrk'),
      outcome('ab'),
    ];
    expect(ratiosOf(outcomes)).toEqual({});
  });
});
