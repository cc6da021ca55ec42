import { describe, expect, it } from 'vitest';
import {
  expectationText,
  fateCountsText,
  flagsText,
  icmpText,
  signalText,
} from '../../../../src/verdict/model/expectationText.js';
import { flags } from '../dialogue.js';

describe('formatIcmp', () => {
  it.each([
    [3, 10, 'ICMP 3/10 (host-prohibited)'],
    [3, 13, 'ICMP 3/13 (communication-prohibited)'],
    [3, 3, 'ICMP 3/3 (port-unreachable)'],
    [11, 0, 'ICMP 11/0 (time-exceeded)'],
    [3, 99, 'ICMP 3/99'],
    [1, 1, 'ICMPv6 1/1 (adm-prohibited)'],
    [1, 4, 'ICMPv6 1/4 (port-unreachable)'],
    [1, 99, 'ICMPv6 1/99'],
    [2, 0, 'ICMPv6 2/0 (packet-too-big)'],
  ])('names type %i code %i', (type, code, name) => {
    expect(icmpText(type, code)).toBe(name);
  });
});

describe('formatSignal', () => {
  it('says what it is and who sent it', () => {
    expect(signalText({ kind: 'icmp', type: 3, code: 10, from: 'director' })).toBe(
      'ICMP 3/10 (host-prohibited) from director',
    );
    expect(signalText({ kind: 'tcp-reset', from: 'realserver' })).toBe('TCP reset from realserver');
    expect(signalText({ kind: 'silence' })).toBe('silence');
  });
});

describe('formatExpectation', () => {
  it('gives outcome, signal and bounds, as far as there are any', () => {
    expect(expectationText({ outcome: 'healthy', signal: undefined })).toBe('healthy');
    const signal = { kind: 'silence' } as const;
    expect(expectationText({ outcome: 'data-lost', signal })).toBe('data-lost with silence');
    expect(expectationText({ outcome: 'data-lost', signal, connections: { atLeast: 1, atMost: 3 } })).toBe(
      'data-lost with silence in at least 1 and at most 3 connections',
    );
    const connect = { atLeast: 0.9, atMost: 5 };
    expect(expectationText({ outcome: 'healthy', signal: undefined, connect })).toBe(
      'healthy, connect() at least 900 ms and at most 5 s',
    );
    expect(expectationText({ outcome: 'healthy', signal, connect: { atMost: 1 } })).toBe(
      'healthy with silence, connect() at most 1 s',
    );
  });
});

describe('formatFlags', () => {
  it.each(['S', 'S.', 'F.', 'P.', 'FP.', 'R', 'R.', '.'])('writes %s as tcpdump does', (text) => {
    expect(flagsText(flags(text))).toBe(text);
  });

  it('tells unknown flags from none', () => {
    expect(flagsText(undefined)).toBe('?');
    expect(flagsText(flags(''))).toBe('none');
  });
});

describe('formatFates', () => {
  it('gives the most frequent first, and says when there is only one', () => {
    expect(fateCountsText({ healthy: 3, 'close-blocked': 7 }, 10)).toBe(
      '7 of 10 connections close-blocked, 3 healthy',
    );
    expect(fateCountsText({ healthy: 10 }, 10)).toBe('all 10 connections healthy');
    expect(fateCountsText({}, 0)).toBe('no connections');
  });
});
