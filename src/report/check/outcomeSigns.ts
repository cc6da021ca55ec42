import type { PacketPrediction } from '../../prediction/model/prediction.js';
import type { ShownOutcome } from '../../prediction/model/shownOutcome.js';

/** What the sender of a packet that is taken gets for it: a TCP reset, an ICMP error, nothing, or what a rule makes of it elsewhere. */
type Reply = 'reset' | 'error' | 'silence' | 'diverted';

/** What users and realservers show of an outcome, which depends on the packets that are taken and on what their senders get for them. */
export function outcomeSigns(outcome: ShownOutcome, packets: readonly PacketPrediction[]): readonly string[] {
  switch (outcome) {
    case 'unreachable':
      return [`${clientsOfSyn(repliesTo(['SYN'], packets))}; realservers show nothing`];
    case 'handshake-blocked':
      return [
        isReset(['ACK'], packets)
          ? 'clients are connected for a moment, and are reset; realservers stay in SYN-RECV'
          : 'realservers stay in SYN-RECV; clients wait, or believe that they are connected',
      ];
    case 'transfer-blocked':
      return [
        isReset(['data'], packets)
          ? 'clients are reset when they send their request; realservers stay ESTAB'
          : 'connections are ESTAB at both ends, and requests are sent again and again',
      ];
    case 'close-blocked':
      return signsOfClosing(packets);
    case 'unanswered':
      return ['clients ask again until they give up; sockets of realservers show nothing of it'];
    case 'unknown':
    case 'healthy':
    case 'answered':
      return [];
  }
}

/** A SYN is the one packet whose sender takes an ICMP error for an answer (tcp_v4_err() in SYN-SENT). */
function clientsOfSyn(replies: ReadonlySet<Reply>): string {
  const [first, ...others] = replies;
  switch (others.length === 0 ? first : undefined) {
    case 'reset':
      return 'clients are refused at once (connection refused)';
    case 'error':
      return 'clients get an error at once (no route to host, or connection refused)';
    case 'diverted':
      return 'clients get what answers in the place of the service, or no answer';
    case 'silence':
      return 'clients stay in SYN-SENT until they give up';
    case undefined:
      return 'clients stay in SYN-SENT until they give up, or get an error';
  }
}

/** An ICMP error does not end a connection that is open, and nothing answers an RST. */
function signsOfClosing(packets: readonly PacketPrediction[]): readonly string[] {
  const [fins, serverFins] = [['FIN', 'FIN with data'], ["realserver's FIN"]] as const;
  const isTaken = (names: readonly string[]) => repliesTo(names, packets).size > 0;
  if (isTaken(fins))
    return [
      ...(isReset(fins, packets)
        ? [
            "where the realserver closes first, it stays in FIN-WAIT-2; the client's socket ends by the reset that its FIN is answered with",
            "where the client closes first, its socket ends by that reset, and the realserver's stays ESTAB",
          ]
        : [
            'where the realserver closes first, it stays in FIN-WAIT-2 and the client in LAST-ACK',
            'where the client closes first, it stays in FIN-WAIT-1 and the realserver ESTAB',
          ]),
      'new connections from a port in use wait, and at 1,000 connections a second 60,000 such sockets pile up in a minute',
    ];
  if (isTaken(serverFins))
    return isReset(serverFins, packets)
      ? [
          "where the realserver closes first, its socket ends by the reset that its FIN is answered with, and the client's stays ESTAB",
          "where the client closes first, it stays in FIN-WAIT-2; the realserver's socket ends by that reset",
        ]
      : [
          'where the realserver closes first, it stays in FIN-WAIT-1 and the client ESTAB',
          'where the client closes first, it stays in FIN-WAIT-2 and the realserver in LAST-ACK',
        ];
  return [
    ...(isTaken(['RST', 'RST,ACK'])
      ? ['where the client resets, its socket is gone and the realserver stays ESTAB']
      : []),
    ...(isTaken(["realserver's RST"])
      ? ['where the realserver resets, its socket is gone and the client stays ESTAB']
      : []),
  ];
}

/** Whether all that takes these packets answers with a TCP reset. */
function isReset(names: readonly string[], packets: readonly PacketPrediction[]): boolean {
  const replies = repliesTo(names, packets);
  return replies.size === 1 && replies.has('reset');
}

/** What senders get for packets of these names that are taken for certain; empty: they are not. */
function repliesTo(names: readonly string[], packets: readonly PacketPrediction[]): ReadonlySet<Reply> {
  const taken = packets.filter(
    ({ packet, fate }) => names.includes(packet) && (fate === 'refused' || fate === 'diverted'),
  );
  return new Set(
    taken.flatMap(({ fate, by }) =>
      by.map(({ how }): Reply => (fate === 'diverted' ? 'diverted' : replyOf(how))),
    ),
  );
}

function replyOf(how: string): Reply {
  if (!/^reject\b/i.test(how)) return 'silence';
  return /\btcp[- ]re?se?t\b/.test(how) ? 'reset' : 'error';
}
