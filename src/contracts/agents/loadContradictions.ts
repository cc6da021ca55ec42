import type { MemberPart } from '../words/memberPart.js';
import type { Load, LoadPattern } from './load.js';

/** Keys of a load that are valid by themselves and do not go together. Authors of scenarios are told of them, and the agent refuses a load that has any. */
export interface LoadContradiction {
  readonly path: readonly string[];
  /** What is wrong. */
  readonly at: MemberPart;
  readonly message: string;
}

/** Contradictions within `close`; paths begin there. */
export function closeContradictions({ first, how, after }: Load['close']): readonly LoadContradiction[] {
  const found: (LoadContradiction | false)[] = [
    first === 'server' &&
      how !== 'fin' && {
        path: ['how'],
        at: 'value',
        message: `expected \`fin\` with \`first: server\`, found \`${how}\`; the realserver's nginx closes with FIN only`,
      },
    first === 'client' &&
      after > 0 && {
        path: ['after'],
        at: 'key',
        message:
          'expected `after` with `first: server` only, found it with `first: client`; say `idle` for silence before the client closes',
      },
  ];
  return found.filter((one) => one !== false);
}

/** The contradiction of a `rate` without `upload` or `download`: nothing would be slowed down. */
export function rateContradictions({
  rate,
  upload,
  download,
}: Pick<LoadPattern, 'rate' | 'upload' | 'download'>): readonly LoadContradiction[] {
  if (rate === 0 || upload > 0 || download > 0) return [];
  const message =
    'expected `upload` or `download` beside `rate`, found neither; nothing would go that slowly';
  return [{ path: ['rate'], at: 'key', message }];
}

/** A connection without a request: what needs one to be there. */
function requestContradictions({
  requests,
  upload,
  download,
  think,
  reply,
  close,
}: Pick<
  Load,
  'requests' | 'upload' | 'download' | 'think' | 'reply' | 'close'
>): readonly LoadContradiction[] {
  if (requests !== 0) return [];
  const wrong = [
    ...endsOfServers(close),
    ...(upload > 0 ? [['upload']] : []),
    ...(download > 0 ? [['download']] : []),
    ...(think === undefined ? [] : [['think']]),
    ...(reply === undefined ? [] : [['reply']]),
  ];
  return wrong.map((path) => ({
    path,
    at: 'value',
    message: `expected \`close: { first: client }\` by FIN or RST and no body with \`requests: 0\`, found another \`${path.join('.')}\`; a realserver that is asked for nothing neither answers nor closes`,
  }));
}

/** A request that is never answered: what would need an answer. */
function replyContradictions({
  requests,
  download,
  idle,
  think,
  reply,
  close,
}: Pick<Load, 'requests' | 'download' | 'idle' | 'think' | 'reply' | 'close'>): readonly LoadContradiction[] {
  if (reply !== false || requests === 0) return [];
  if (close.first === 'client' && close.how === 'rst' && idle === 0)
    return [
      {
        path: ['close', 'how'],
        at: 'value',
        message:
          'expected `idle` beside `how: rst` and `reply: false`, found none; a RST right behind the request throws away what of it has not been sent',
      },
    ];
  const wrong = [
    ...endsOfServers(close),
    ...(download > 0 ? [['download']] : []),
    ...(think === undefined ? [] : [['think']]),
  ];
  return wrong.map((path) => ({
    path,
    at: 'value',
    message: `expected \`close: { first: client }\` by FIN or RST, no \`download\` and no \`think\` with \`reply: false\`, found another \`${path.join('.')}\`; a realserver that never answers sends nothing, and closes when the client has`,
  }));
}

/** The keys of `close` that have the realserver close first, or answer a client that has closed. */
function endsOfServers({ first, how }: Load['close']): string[][] {
  return [
    ...(first === 'server' ? [['close', 'first']] : []),
    ...(how === 'half-close' ? [['close', 'how']] : []),
  ];
}

/** Keys that only connections of TCP have. */
export function datagramContradictions(
  load: Omit<Load, 'datagrams' | 'close'> & { readonly datagrams?: unknown; readonly close?: unknown },
): readonly LoadContradiction[] {
  if (load.datagrams === undefined) return [];
  const given = [
    ...(load.close === undefined ? [] : ['close']),
    ...(['upload', 'download', 'rate'] as const).filter((key) => load[key] > 0),
    ...(['later', 'think', 'reply'] as const).filter((key) => load[key] !== undefined),
    ...(load.reopen ? ['reopen'] : []),
    ...(load.connect === 'blocking' ? ['connect'] : []),
  ];
  return [
    ...given.map((key) => ({
      path: [key],
      at: 'key' as const,
      message: `expected no \`${key}\` beside \`datagrams\`, found it; only connections of TCP have it`,
    })),
    ...(load.requests > 0
      ? []
      : [
          {
            path: ['requests'],
            at: 'value' as const,
            message:
              'expected a request at least beside `datagrams`, found 0; a client of UDP that asks for nothing sends nothing',
          },
        ]),
  ];
}

/** What no client of the lab can do. */
export function clientContradictions({
  connect,
  requests,
  upload,
  download,
  rate,
  idle,
  reopen,
  keepalive,
  sources,
  think,
  reply,
  datagrams,
  from,
  close,
}: Load): readonly LoadContradiction[] {
  const unknownToBlocking = [
    ...(requests > 1 ? [['requests']] : []),
    ...(rate > 0 ? [['rate']] : []),
    ...(idle > 0 ? [['idle']] : []),
    ...(requests === 0 ? [['requests']] : []),
    ...(reopen === false ? [] : [['reopen']]),
    ...(keepalive === undefined ? [] : [['keepalive']]),
    ...(sources === undefined ? [] : [['sources']]),
    ...(reply === undefined ? [] : [['reply']]),
    ...(close.after > 0 ? [['close', 'after']] : []),
  ];
  return [
    ...requestContradictions({ requests, upload, download, think, reply, close }),
    ...replyContradictions({ requests, download, idle, think, reply, close }),
    ...placeContradictions({ from, sources, datagrams }),
    ...(upload > 0 && download > 0
      ? [
          {
            path: ['download'],
            at: 'key' as const,
            message: 'expected `upload` or `download`, found both; a connection has one of them',
          },
        ]
      : []),
    ...(connect === 'blocking' ? unknownToBlocking : []).map((path) => ({
      path,
      at: 'key' as const,
      message: `expected no \`${path.join('.')}\` with \`connect: blocking\`, found it; that client makes one request, and waits for nothing but the reply`,
    })),
  ];
}

/** What a program on the director or a realserver cannot be asked. */
function placeContradictions({
  from,
  sources,
  datagrams,
}: Pick<Load, 'from' | 'sources' | 'datagrams'>): readonly LoadContradiction[] {
  if (from === undefined) return [];
  const given = [
    ...(sources === undefined ? [] : ['sources']),
    ...(datagrams === undefined ? [] : ['datagrams']),
  ];
  const why = {
    sources: "those are addresses of the client's network",
    datagrams: 'only connections of TCP are followed from another node than the client',
  } as Readonly<Record<string, string>>;
  return given.map((key) => ({
    path: [key],
    at: 'key',
    message: `expected no \`${key}\` beside \`from\`, found it; ${why[key] ?? ''}`,
  }));
}

/** All contradictions of a load. */
export function loadContradictions(load: Load): readonly LoadContradiction[] {
  return [
    ...closeContradictions(load.close).map((one) => ({ ...one, path: ['close', ...one.path] })),
    ...rateContradictions(load),
    ...clientContradictions(load),
  ];
}
