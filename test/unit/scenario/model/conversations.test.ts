import type { Step } from '../../../../src/contracts/agents/conversation.js';
import { type Load, timesReopened } from '../../../../src/contracts/agents/load.js';
import { describe, expect, it } from 'vitest';
import { stepProblems } from '../../../../src/contracts/agents/stepOrder.js';
import {
  builtInConversation,
  conversationNames,
  conversationOf,
} from '../../../../src/scenario/model/builtInConversations.js';
import { listScenarios } from '../../../../src/scenario/library/library.js';
import { plainScenario } from '../../report/scenarios.js';

const of = (changes: Partial<Load>) => conversationOf({ ...plainScenario.load, ...changes });

/** One word a step. */
function words(steps: readonly Step[]): string {
  return steps
    .map((step) => {
      if (step.do === 'expect') return step.what;
      if (step.do === 'close') return `close-${step.how}${step.ack === 'riding' ? '-riding' : ''}`;
      if (step.do === 'wait') return `wait-${step.seconds}`;
      if (step.do === 'send') return [step.do, step.then, step.upload, step.download, step.rate].join('-');
      return step.do;
    })
    .join(' ');
}

function steps(changes: Partial<Load>): string {
  const found = of(changes);
  if ('impossible' in found) throw new Error(found.impossible);
  return words(found.conversation.steps);
}

describe('the built-in conversations', () => {
  it('are in order by the rules that a scenario has to keep', () => {
    for (const name of conversationNames) {
      expect(stepProblems(builtInConversation(name).steps), name).toEqual([]);
    }
  });

  it.each([
    ['server-first', 'open send-close-0-0-0 reply fin close-fin'],
    ['server-first-riding', 'open send-close-0-0-0 reply fin close-fin-riding'],
    ['client-first', 'open send-keep-0-0-0 reply close-fin'],
    ['client-rst', 'open send-keep-0-0-0 reply close-rst'],
    ['half-close', 'open send-keep-0-0-0 close-half reply fin'],
    ['upload', 'open send-close-65536-0-0 reply fin close-fin'],
    ['download', 'open send-close-0-65536-0 reply fin close-fin'],
    [
      'server-first-reopen',
      'open send-close-0-0-0 reply fin close-fin reopen send-close-0-0-0 reply fin close-fin',
    ],
    ['client-first-reopen', 'open send-keep-0-0-0 reply close-fin reopen send-keep-0-0-0 reply close-fin'],
    ['hold', 'open send-keep-0-0-0 reply hold'],
  ] as const)('%s', (name, expected) => {
    expect(words(builtInConversation(name).steps)).toBe(expected);
  });
});

describe('the conversation that a load of kernel sockets is', () => {
  it.each([
    ['server-first', {}],
    ['client-first', { close: { first: 'client', how: 'fin', after: 0 } }],
    ['client-rst', { close: { first: 'client', how: 'rst', after: 0 } }],
    ['half-close', { close: { first: 'client', how: 'half-close', after: 0 } }],
    ['upload', { upload: 65536 }],
    ['download', { download: 65536 }],
    ['server-first-reopen', { reopen: true }],
    ['client-first-reopen', { reopen: true, close: { first: 'client', how: 'fin', after: 0 } }],
    ['load', { download: 65537 }],
  ] as const)('has the name %s where it is that one', (name, load) => {
    expect(of(load)).toMatchObject({ conversation: { name } });
  });

  it('makes earlier requests keep the connection', () => {
    expect(steps({ requests: 3 })).toBe(
      'open send-keep-0-0-0 reply send-keep-0-0-0 reply send-close-0-0-0 reply fin close-fin',
    );
  });

  it('is silent before the last request, or before the close of a client that closes first', () => {
    expect(steps({ idle: 5 })).toBe('open wait-5 send-close-0-0-0 reply fin close-fin');
    expect(steps({ idle: 5, close: { first: 'client', how: 'rst', after: 0 } })).toBe(
      'open send-keep-0-0-0 reply wait-5 close-rst',
    );
    expect(steps({ idle: 5, close: { first: 'client', how: 'half-close', after: 0 } })).toBe(
      'open wait-5 send-keep-0-0-0 close-half reply fin',
    );
  });

  it('waits before it follows the server where a busy client does', () => {
    expect(steps({ close: { first: 'server', how: 'fin', after: 4 } })).toBe(
      'open send-close-0-0-0 reply fin wait-4 close-fin',
    );
  });

  it('has the body and the rate on the last request', () => {
    expect(steps({ requests: 2, upload: 100, rate: 10 })).toBe(
      'open send-keep-0-0-0 reply send-close-100-0-10 reply fin close-fin',
    );
    expect(steps({ download: 100, rate: 10 })).toContain('send-close-0-100-10');
    // As the kernel's client: of both it makes an upload.
    expect(steps({ upload: 100, download: 100 })).toContain('send-close-100-0-0');
  });

  it('does not care how connect() is called', () => {
    expect(of({ connect: 'blocking' })).toEqual(of({}));
  });

  it('is none where the kernel picks the ports', () => {
    expect(of({ ports: 'kernel' })).toEqual({
      impossible: expect.stringContaining('ports: kernel') as string,
    });
  });

  it('is in order for each scenario of the library whose clients a raw socket can be like', async () => {
    const without: string[] = [];
    for (const { id, load } of await listScenarios()) {
      // Flows of UDP have no steps.
      if (load.datagrams !== undefined) continue;
      const found = conversationOf(load);
      const isOfKernel = load.ports === 'kernel' || load.keepalive !== undefined || timesReopened(load) > 1;
      expect('impossible' in found, id).toBe(isOfKernel);
      if ('impossible' in found) without.push(id);
      else expect(stepProblems(found.conversation.steps), id).toEqual([]);
    }
    expect(without).toContain('close/ports-run-out');
  });
});
