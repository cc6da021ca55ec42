import type { FlowClose, FinAck } from '../../contracts/words/conversations.js';
import type { Conversation, Step } from '../../contracts/agents/conversation.js';
import { type Load, type LoadPattern, timesReopened } from '../../contracts/agents/load.js';

type Send = Extract<Step, { readonly do: 'send' }>;

const open: Step = { do: 'open' };
const reply: Step = { do: 'expect', what: 'reply' };
const fin: Step = { do: 'expect', what: 'fin' };
const builtInBody = 64 * 1024;

function send(
  then: Send['then'],
  body: Partial<Pick<Send, 'upload' | 'download' | 'rate' | 'think' | 'reply'>> = {},
): Send {
  return { do: 'send', then, upload: 0, download: 0, rate: 0, ...body };
}

function close(how: FlowClose, ack: FinAck = 'apart'): Step {
  return { do: 'close', how, ack };
}

/** Steps in which the server closes after its reply, and the client follows. */
function serverFirst(request: Send = send('close'), ack: FinAck = 'apart'): readonly Step[] {
  return [open, request, reply, fin, close('fin', ack)];
}

const clientFirst: readonly Step[] = [open, send('keep'), reply, close('fin')];

/** The steps followed by the same once more from the same port. */
function twice(steps: readonly Step[]): readonly Step[] {
  return [...steps, { do: 'reopen' }, ...steps.slice(1)];
}

const builtIn = {
  'server-first': serverFirst(),
  'server-first-riding': serverFirst(send('close'), 'riding'),
  'client-first': clientFirst,
  'client-rst': [open, send('keep'), reply, close('rst')],
  'half-close': [open, send('keep'), close('half'), reply, fin],
  upload: serverFirst(send('close', { upload: builtInBody })),
  download: serverFirst(send('close', { download: builtInBody })),
  'server-first-reopen': twice(serverFirst()),
  'client-first-reopen': twice(clientFirst),
  hold: [open, send('keep'), reply, { do: 'hold' }],
} as const satisfies Readonly<Record<string, readonly Step[]>>;

/** The name of a conversation whose steps the scenario gives. */
export const customName = 'custom';

/** The name of a conversation that does what kernel sockets do, unless it is one of the built-in ones. */
export const loadName = 'load';

type ConversationName = keyof typeof builtIn;

/** The names of built-in conversations, for which a scenario gives no steps. */
export const conversationNames = Object.keys(builtIn) as readonly ConversationName[];

/** The built-in conversation with this name. */
export function builtInConversation(name: ConversationName): Conversation {
  return { name, steps: builtIn[name] };
}

/** A conversation that looks on the wire like a load of kernel sockets, or why a raw socket cannot do the same. */
export type LoadConversation = { readonly conversation: Conversation } | { readonly impossible: string };

/**
 * The conversation that does what each connection of a load does; it has the name of the built-in one with these steps, else `load`. How
 * connect() is called makes no difference on the wire; who picks the port does. The load is one of TCP.
 */
export function conversationOf(load: Load): LoadConversation {
  if (load.keepalive !== undefined) {
    return {
      impossible:
        'its kernel asks whether the server is there (`keepalive`), and raw sockets pass the kernel by',
    };
  }
  if (timesReopened(load) > 1) {
    return {
      impossible: 'each of its ports is used more than twice (`reopen`), and raw flows use one twice at most',
    };
  }
  if (load.ports === 'kernel') {
    return {
      impossible: 'the kernel picks its local ports (`ports: kernel`), and raw sockets pass the kernel by',
    };
  }
  const steps = loadSteps(load);
  const same = conversationNames.find((name) => isSame(builtIn[name], steps));
  return { conversation: { name: same ?? loadName, steps } };
}

/** The steps that each connection of a load takes. */
export function loadSteps(load: LoadDialogue): readonly Step[] {
  const once = stepsOf(load);
  return timesReopened(load) > 0 ? twice(once) : once;
}

/** The parts of a load that decide what a connection says and how it ends. */
type LoadDialogue = LoadPattern & Pick<Load, 'close' | 'reopen'>;

function stepsOf(load: LoadDialogue): readonly Step[] {
  const { requests, upload, download, rate, idle, think, reply: answer, close: ending } = load;
  const { first, how, after } = ending;
  if (requests === 0) return [open, ...waiting(idle), close(how === 'rst' ? 'rst' : 'fin')];
  const earlier = Array.from({ length: requests - 1 }, () => [send('keep'), reply]).flat();
  const silence = waiting(idle);
  // Of the two, kernel sockets make an upload.
  const body = {
    ...(upload > 0 ? { upload, rate } : { download, rate }),
    ...(think !== undefined && { think }),
    ...(answer === false && { reply: answer }),
  };
  const begun = [open, ...earlier];
  if (first === 'server') {
    return [...begun, ...silence, send('close', body), reply, fin, ...waiting(after), close('fin')];
  }
  const last = send('keep', body);
  if (how === 'half-close') return [...begun, ...silence, last, close('half'), reply, fin];
  return [...begun, last, ...(answer === false ? [] : [reply]), ...silence, close(how)];
}

function waiting(seconds: number): readonly Step[] {
  return seconds > 0 ? [{ do: 'wait', seconds }] : [];
}

function isSame(one: readonly Step[], other: readonly Step[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
