import type { Conversation, Step } from '../../contracts/agents/conversation.js';
import {
  type Flows,
  type Retries,
  retriedSegments,
  usualRetries,
} from '../../contracts/agents/flowProfile.js';
import { customName, loadName } from '../../scenario/model/builtInConversations.js';
import type { FlowExpectation } from '../../scenario/model/expectation.js';
import { boundsText } from '../../verdict/model/expectationText.js';
import { bytesText, countText } from '../text/countText.js';
import { durationText } from '../../support/duration.js';

/**
 * A raw-socket load in words: `4000 conversations, 500 a second, from 16 addresses, at most 1000 at a time; each server-first; no
 * retransmission of a FIN`.
 */
export function flowLoadText(flows: Flows): string {
  const { rate, ramp, sources, concurrency, seed, mix, retries, datagrams } = flows;
  return [
    [
      countText(flows.count, 'conversation'),
      `${rate} a second${ramp > 0 ? ` after ${durationText(ramp, 'set')} in which the rate grows` : ''}`,
      `from ${sources} ${sources === 1 ? 'address' : 'addresses'}`,
      `at most ${concurrency} at a time`,
      ...(seed === 1 ? [] : [`seed ${seed}`]),
    ].join(', '),
    ...(datagrams === undefined
      ? [mixText(mix), ...retriesParts(retries)]
      : ['each as a client of the load']),
  ].join('; ');
}

function mixText(mix: Flows['mix']): string {
  const [only] = mix;
  if (mix.length === 1 && only !== undefined) return `each ${conversationText(only.conversation)}`;
  return mix
    .map(({ weight, conversation }) =>
      `${weight} parts ${conversationText(conversation)}`.replace(/^1 parts/, '1 part'),
    )
    .join(', ');
}

/** A conversation in words: a built-in one by its name, any other step by step. */
function conversationText({ name, steps }: Conversation): string {
  const isWritten = name.startsWith(customName) || name === loadName;
  return isWritten ? `${name} (${steps.map(stepText).join(', ')})` : name;
}

function stepText(step: Step): string {
  switch (step.do) {
    case 'open':
    case 'reopen':
    case 'hold':
      return step.do;
    case 'send':
      return [
        'send',
        ...(step.upload > 0 ? [`uploading ${bytesText(step.upload)}`] : []),
        ...(step.download > 0 ? [`downloading ${bytesText(step.download)}`] : []),
        ...(step.rate > 0 ? [`at ${bytesText(step.rate)} a second`] : []),
        sendingTo(step),
      ].join(' ');
    case 'expect':
      return `wait for ${awaited[step.what]}`;
    case 'wait':
      return `wait ${durationText(step.seconds, 'set')}`;
    case 'close':
      return `close by ${closings[step.how]}${step.ack === 'riding' ? " that acknowledges the server's" : ''}`;
  }
}

function sendingTo({ then, think, reply }: Extract<Step, { do: 'send' }>): string {
  if (reply === false) return 'to a server that never answers';
  const waits = think === undefined ? '' : `answers after ${durationText(think, 'set')} and `;
  return `to a server that ${waits}${then === 'close' ? 'closes' : 'keeps the connection'}`;
}

const awaited = { reply: 'the reply', fin: "the server's FIN", acked: 'the acknowledgement' } as const;
const closings = { fin: 'FIN', rst: 'RST', half: 'FIN, half' } as const;

/** How retransmissions differ from the default, in words. */
function retriesParts(retries: Retries): string[] {
  const named = { open: 'a SYN', data: 'data', close: 'a FIN' } as const;
  return retriedSegments.flatMap((key) => {
    const times = retries[key];
    if (times === usualRetries[key]) return [];
    return [
      times === 0
        ? `no retransmission of ${named[key]}`
        : `at most ${countText(times, 'retransmission')} of ${named[key]}`,
    ];
  });
}

/** What the flows must show beside their outcome: `stuck at least 99.9 %`, `FIN-WAIT-2 at least 20000 on each realserver`. */
export function flowExpectationText(expected: FlowExpectation): string {
  const { outcome, share, shares, sockets, ipvs, connect, firstByte } = expected;
  const parts = [
    ...(outcome === undefined ? [] : [outcome]),
    ...(share === undefined ? [] : [`with the outcome ${boundsText(share, (n) => `${n} %`)}`]),
    ...Object.entries(shares).map(([fate, bounds]) => `${fate} ${boundsText(bounds, (n) => `${n} %`)}`),
    ...Object.entries(sockets).map(
      ([state, bounds]) => `sockets in ${state} on each realserver ${boundsText(bounds)}`,
    ),
    ...Object.entries(ipvs).map(([state, bounds]) => `IPVS entries in ${state} ${boundsText(bounds)}`),
    ...(connect === undefined ? [] : [`99th percentile of connect ${boundsText(connect, setText)}`]),
    ...(firstByte === undefined
      ? []
      : [`99th percentile of the first byte ${boundsText(firstByte, setText)}`]),
  ];
  return parts.length === 0 ? 'the same outcome' : parts.join(', ');
}

const setText = (seconds: number): string => durationText(seconds, 'set');
