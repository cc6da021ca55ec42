import type { ClientConnection } from '../../evidence/model/loadReport.js';
import type { SeenConnection } from '../connections/seenConnection.js';
import { refusalText } from './connectionText.js';
import type { Decision } from './decision.js';
import { moreTime } from '../model/moreTime.js';

type Datagrams = NonNullable<ClientConnection['datagrams']>;

/** What became of a client of UDP: who answered it, or how far its requests came. */
export function answersFate(connection: SeenConnection, datagrams: Datagrams): Decision {
  const { report, server, wire, resolution } = connection;
  const by = [...new Set(datagrams.replies.map((reply) => reply.by))].join(' and ');
  if (report.complete) {
    const because = `All ${datagrams.asked} requests were answered, by ${by}`;
    return server.stale === undefined
      ? { fate: 'answered', because: `${because}.` }
      : { fate: 'answered-stale', because: `${because}, though ${server.stale}.` };
  }
  const what = [
    `${datagrams.answered} of ${datagrams.asked} requests were answered${by === '' ? '' : `, by ${by}`}`,
    ...(datagrams.wanted > 0
      ? [`${datagrams.pushed} of ${datagrams.wanted} datagrams came that the realserver sends by itself`]
      : []),
  ].join(', and ');
  const sent = wire.client?.sent.payload ?? 0;
  const inVain = resolution.unresolved.find(({ role }) => role === 'client');
  if (sent === 0 && inVain === undefined)
    return unexplained(
      `${what}; the client's capture has no request of it (${report.error ?? 'no error reported'})`,
    );
  const came = wire.client?.datagrams ?? 0;
  if (came >= datagrams.asked + datagrams.wanted)
    return unexplained(
      `${what}; the client's capture has ${came} that came: its program was too slow to read them; ${moreTime}`,
    );
  const details = [
    inVain?.because,
    passageText(connection),
    server.stale === undefined ? undefined : `the last reply came though ${server.stale}`,
    refusalText(connection),
    report.error === undefined ? undefined : `the client's socket was told ${report.error}`,
  ];
  const all = [what, ...details.filter((one) => one !== undefined)].join('; ');
  return { fate: 'unanswered', because: `${all}.` };
}

function unexplained(what: string): Decision {
  return { fate: 'unexplained', because: `${what}.` };
}

/** How many of the requests came to a director, and how many it sent on; undefined when no capture tells. */
function passageText({ wire }: SeenConnection): string | undefined {
  const { arrived, forwarded } = wire.director ?? {};
  const sent = wire.client?.sent.payload ?? 0;
  if (arrived === undefined || forwarded === undefined) return undefined;
  return `${sent} datagrams left the client, ${arrived.payload} came to the director and ${forwarded.payload} left it for a realserver`;
}
