import { type TcpState, tcpStates } from '../../contracts/words/network.js';
import { parseEndpoint } from '../text/endpoint.js';
import { EvidenceError } from '../text/error.js';
import { nonEmptyLines } from '../text/lines.js';
import { type Socket } from '../model/evidence.js';

const states: ReadonlySet<string> = new Set(tcpStates);

/** Parses the output of `ss -Htan`: one socket per row. Throws EvidenceError that quotes a row it cannot read. */
export function parseSs(text: string): Socket[] {
  return nonEmptyLines(text).map(parseRow);
}

function parseRow(row: string): Socket {
  const [state, , , local, peer] = row.split(/\s+/);
  if (!isTcpState(state) || local === undefined || peer === undefined) {
    throw new EvidenceError(
      `Expected a row of ss -Htan (state, queues, local and peer address), found ${JSON.stringify(row)}.`,
    );
  }
  const here = parseEndpoint(local);
  const there = parseEndpoint(peer);
  return {
    state,
    localAddress: here.address,
    localPort: here.port,
    peerAddress: there.address,
    peerPort: there.port,
  };
}

function isTcpState(word: string | undefined): word is TcpState {
  return word !== undefined && states.has(word);
}
