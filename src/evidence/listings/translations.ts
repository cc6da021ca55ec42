import { clientKey } from '../model/connectionKey.js';
import type { Translation } from '../model/evidence.js';

const ends = /\bsrc=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)/g;

/**
 * The connections of TCP and flows of UDP in the output of `conntrack -L` whose address or port was translated. An entry has the addresses and ports of the
 * first packet and of the expected reply; without a translation, each is the other's mirror image.
 */
export function parseTranslations(text: string): Translation[] {
  return text.split('\n').flatMap((line) => {
    const [original, reply] = /^(?:tcp|udp) /.test(line) ? [...line.matchAll(ends)].map(endsOf) : [];
    if (original === undefined || reply === undefined) return [];
    const translation = {
      client: original.source,
      server: original.destination,
      clientBehind: reply.destination,
      serverBehind: reply.source,
    };
    const same =
      translation.client === translation.clientBehind && translation.server === translation.serverBehind;
    return same ? [] : [translation];
  });
}

function endsOf([, source = '', destination = '', sourcePort, destinationPort]: RegExpExecArray) {
  return {
    source: clientKey(source, Number(sourcePort)),
    destination: clientKey(destination, Number(destinationPort)),
  };
}
