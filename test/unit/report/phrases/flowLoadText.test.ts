import type { Flows } from '../../../../src/contracts/agents/flowProfile.js';
import { describe, expect, it } from 'vitest';
import { flowExpectationText, flowLoadText } from '../../../../src/report/phrases/flowLoadText.js';
import { builtInConversation } from '../../../../src/scenario/model/builtInConversations.js';
import type { FlowExpectation } from '../../../../src/scenario/model/expectation.js';
import { richScenario } from '../scenarios.js';

const plain: Flows = {
  count: 1,
  rate: 200,
  ramp: 0,
  concurrency: 1000,
  sources: 1,
  seed: 1,
  retries: { open: 5, data: 8, close: 8 },
  mix: [{ weight: 3, conversation: builtInConversation('client-rst') }],
};
const nothing: FlowExpectation = {
  ...{
    outcome: undefined,
    share: undefined,
    shares: {},
    sockets: {},
    ipvs: {},
    connect: undefined,
    firstByte: undefined,
  },
};

describe('flows in words', () => {
  it('are short for the plainest ones', () => {
    expect(flowLoadText(plain)).toBe(
      '1 conversation, 200 a second, from 1 address, at most 1000 at a time; each client-rst',
    );
  });

  it('have everything that was asked for', () => {
    expect(richScenario.flows && flowLoadText(richScenario.flows)).toBe(
      '40000 conversations, 800 a second after 5 s in which the rate grows, from 16 addresses, at most 2000 at a time, seed 7; ' +
        '9 parts server-first, 1 part custom (open, send uploading 64 KiB at 1 KiB a second to a server that keeps the connection, ' +
        'wait for the reply, wait 1.5 s, send downloading 1 KiB to a server that closes, ' +
        "wait for the server's FIN, close by FIN that acknowledges the server's, wait for the acknowledgement, reopen, " +
        'close by FIN, half, close by RST, hold); ' +
        'at most 1 retransmission of a SYN; no retransmission of a FIN',
    );
  });

  it('say how late a server answers, or that it does not', () => {
    const send = { do: 'send', then: 'keep', upload: 0, download: 0, rate: 0 } as const;
    const words = (changes: { readonly think?: number; readonly reply?: false }) =>
      flowLoadText({
        ...plain,
        mix: [{ weight: 1, conversation: { name: 'custom', steps: [{ ...send, ...changes }] } }],
      });
    expect(words({})).toContain('(send to a server that keeps the connection)');
    expect(words({ think: 3 })).toContain(
      '(send to a server that answers after 3 s and keeps the connection)',
    );
    expect(words({ reply: false })).toContain('(send to a server that never answers)');
  });
});

describe('what is expected of flows, in words', () => {
  it('is the same outcome when nothing more is', () => {
    expect(flowExpectationText(nothing)).toBe('the same outcome');
    expect(flowExpectationText({ ...nothing, share: { atLeast: 50 } })).toBe(
      'with the outcome at least 50 %',
    );
  });

  it('names each bound with its unit', () => {
    const { flows } = richScenario.expect;
    expect(flows && flowExpectationText(flows)).toBe(
      'transfer-blocked, stuck at least 99.5 %, sockets in FIN-WAIT-2 on each realserver at least 20000 and at most 30000, ' +
        'IPVS entries in ESTABLISHED at least 39000, 99th percentile of connect at most 500 ms, ' +
        '99th percentile of the first byte at most 1 s',
    );
  });
});
