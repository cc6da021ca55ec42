import type { FlowClose } from '../words/conversations.js';
import type { Step } from './conversation.js';

/** A mistake in the order of a conversation's steps. */
export interface StepProblem {
  /** The number of the step, counted from 0; undefined: the mistake is in the conversation as a whole. */
  readonly index: number | undefined;
  /** What was expected, and what was found. */
  readonly message: string;
}

/** The state of a conversation after some of its steps. */
interface ConversationState {
  readonly isOpen: boolean;
  /** Whether a request has been sent whose reply has not been awaited yet. */
  readonly isAsking: boolean;
  /** Whether a request has been sent that is never answered. */
  readonly isUnanswered: boolean;
  /** Whether the server closes by itself after a reply. */
  readonly serverCloses: boolean;
  readonly closed: FlowClose | undefined;
  readonly isReopened: boolean;
  readonly isHeld: boolean;
}

const start: ConversationState = {
  isOpen: false,
  isAsking: false,
  isUnanswered: false,
  serverCloses: false,
  closed: undefined,
  isReopened: false,
  isHeld: false,
};

/**
 * All mistakes in the order of a conversation's steps, at most one per step. Authors of scenarios are told of them, and the agent refuses a
 * conversation that has any.
 */
export function stepProblems(steps: readonly Step[]): readonly StepProblem[] {
  if (steps.length === 0) {
    return [{ index: undefined, message: 'expected steps that begin with `open`, found none' }];
  }
  let state = start;
  const problems = steps.flatMap((step, index): StepProblem[] => {
    const message = problemOf(step, state);
    state = after(step, state);
    return message === undefined ? [] : [{ index, message }];
  });
  if (problems.length > 0 || state.closed !== undefined || state.isHeld) return problems;
  const message = `expected a conversation that ends with a \`close\` or \`hold\`, found one that ends with \`${named(steps.at(-1))}\` and leaves its connection to nobody`;
  return [{ index: steps.length - 1, message }];
}

function problemOf(step: Step, state: ConversationState): string | undefined {
  if (state.isHeld) return `expected nothing behind \`hold\`, found \`${named(step)}\``;
  if (!state.isOpen && step.do !== 'open') return `expected \`open\` first, found \`${named(step)}\``;
  switch (step.do) {
    case 'open':
      return state.isOpen
        ? 'expected `open` once, found it again; `reopen` starts again from the same port'
        : undefined;
    case 'send':
      return sendProblem(state);
    case 'expect':
      return expectProblem(step, state);
    case 'close':
      return closeProblem(step, state);
    case 'reopen':
      return reopenProblem(state);
    case 'wait':
    case 'hold':
      return undefined;
  }
}

function sendProblem({
  closed,
  serverCloses,
  isAsking,
  isUnanswered,
}: ConversationState): string | undefined {
  if (closed !== undefined) return 'expected nothing to be sent behind a `close`, found `send`';
  if (isUnanswered)
    return 'expected nothing to be sent behind a request that is never answered (`reply: false`), found `send`';
  if (serverCloses) {
    return 'expected nothing to be sent behind a request after which the server closes, found `send`; earlier requests have `then: keep`';
  }
  return isAsking ? 'expected `expect: reply` between two requests, found `send`' : undefined;
}

function expectProblem(
  { what }: Extract<Step, { readonly do: 'expect' }>,
  { closed, isAsking, serverCloses }: ConversationState,
): string | undefined {
  if (closed === 'rst')
    return `expected nothing to be waited for behind \`close: rst\`, found \`expect: ${what}\``;
  if (what === 'reply') {
    if (!isAsking) return 'expected a `send` before `expect: reply`, found none that still wants its reply';
    if (closed === 'fin') {
      return 'expected `close: half` before a reply that is still to come, found `fin`';
    }
  }
  if (what === 'fin' && !serverCloses && closed === undefined) {
    return 'expected something that makes the server close before `expect: fin`, found neither `send: { then: close }` nor a `close`';
  }
  return undefined;
}

function closeProblem(
  { how, ack }: Extract<Step, { readonly do: 'close' }>,
  { closed, serverCloses }: ConversationState,
): string | undefined {
  if (closed !== undefined && !(closed === 'half' && how === 'rst')) {
    return `expected one \`close\` for a connection, found \`${how}\` behind \`${closed}\``;
  }
  if (ack === 'apart') return undefined;
  if (how !== 'fin') return `expected \`how: fin\` with \`ack: riding\`, found \`${how}\``;
  return serverCloses
    ? undefined
    : "expected a server that closes first with `ack: riding`, found none; there is no FIN of the server's to acknowledge";
}

function reopenProblem({ closed, isReopened }: ConversationState): string | undefined {
  if (closed === undefined) return 'expected a `close` before `reopen`, found none';
  return isReopened ? 'expected `reopen` at most once, found it again' : undefined;
}

function after(step: Step, state: ConversationState): ConversationState {
  switch (step.do) {
    case 'open':
      return { ...state, isOpen: true };
    case 'send':
      return step.reply === false
        ? { ...state, isUnanswered: true }
        : { ...state, isAsking: true, serverCloses: step.then === 'close' };
    case 'expect':
      return step.what === 'reply' ? { ...state, isAsking: false } : state;
    case 'close':
      return { ...state, closed: step.how };
    case 'reopen':
      return { ...start, isOpen: true, isReopened: true };
    case 'hold':
      return { ...state, isHeld: true };
    case 'wait':
      return state;
  }
}

function named(step: Step | undefined): string {
  if (step === undefined) return 'nothing';
  return step.do === 'expect' ? `expect: ${step.what}` : step.do;
}
