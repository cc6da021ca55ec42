import type { Sender } from '../../contracts/words/nodes.js';
import type { Signal } from '../../scenario/model/expectation.js';
import type { SeenConnection } from '../connections/seenConnection.js';

/**
 * The signal that most of the given connections got, which are the blocked ones; silence when none got any. ICMP is rate-limited, so
 * a few errors for many connections are the signal all the same. A RST counts when the client received it on such a connection. RSTs
 * that the client sent do not: they are how a client closes, and how its kernel answers segments for sockets that are gone.
 */
export function signalOf(blocked: readonly SeenConnection[]): Signal {
  const counts = new Map<string, { readonly signal: Signal; connections: number }>();
  for (const connection of blocked) {
    for (const [name, signal] of signalsOf(connection)) {
      const entry = counts.get(name);
      if (entry === undefined) counts.set(name, { signal, connections: 1 });
      else entry.connections += 1;
    }
  }
  const [dominant] = [...counts.values()].sort((one, other) => other.connections - one.connections);
  return dominant?.signal ?? { kind: 'silence' };
}

/** Each signal the connection got, once, by a name for it. */
function signalsOf({ wire }: SeenConnection): Map<string, Signal> {
  const signals = new Map<string, Signal>();
  for (const { type, code, from } of wire.errors) {
    signals.set(`icmp ${type}/${code} ${from}`, { kind: 'icmp', type, code, from });
  }
  for (const from of resetSenders(wire.client?.resets)) {
    signals.set(`reset ${from}`, { kind: 'tcp-reset', from });
  }
  return signals;
}

function resetSenders(resets: ReadonlyMap<Sender, number> | undefined): Sender[] {
  return [...(resets?.keys() ?? [])];
}
