import type { TcpState } from '../../contracts/words/network.js';
import { socketKey, type Service } from '../../evidence/model/connectionKey.js';
import type { NodeEvidence } from '../../evidence/model/evidence.js';

/** What a node's socket samples say of one connection. */
export interface SocketHistory {
  /** The states seen, in order, without repetitions. */
  readonly states: readonly TcpState[];
  /** The state in the last sample from the connection's lifetime; `gone`: it had no socket there. */
  readonly final: TcpState | 'gone';
}

/** The history of a connection that was in no sample. */
export const neverSeen: SocketHistory = { states: [], final: 'gone' };

/** A socket of a connection in one of a node's samples. */
export interface SampledSocket {
  /** When the sample was begun; the socket was seen at some moment from then `until` the sample's end. */
  readonly time: number;
  readonly until: number;
  readonly state: TcpState;
}

/** A node's samples, sorted by the client's `address:port`. */
export interface SampledSockets {
  readonly byKey: ReadonlyMap<string, readonly SampledSocket[]>;
  readonly sampleTimes: readonly number[];
}

/** The sockets of a node at one end of the connections: the client's, or the one that serves. */
export function sampledSocketsOf(
  { samples }: NodeEvidence,
  service: Service,
  { onClient }: { readonly onClient: boolean },
): SampledSockets {
  const byKey = new Map<string, SampledSocket[]>();
  for (const { time, until, sockets } of samples) {
    for (const socket of sockets) {
      const key = socketKey(socket, onClient, service);
      if (key === undefined) continue;
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, [{ time, until, state: socket.state }]);
      else known.push({ time, until, state: socket.state });
    }
  }
  return { byKey, sampleTimes: samples.map(({ time }) => time) };
}

/** All sockets seen of a connection, in order, under the client's end as it is or as somebody has translated it. */
export function samplesOf({ byKey }: SampledSockets, names: readonly string[]): readonly SampledSocket[] {
  const seen = names.flatMap((name) => byKey.get(name) ?? []);
  return names.length === 1 ? seen : seen.sort((one, other) => one.time - other.time);
}

/** From when on samples may show a connection, and the next connection that has its port. */
export interface Lifetime {
  readonly from: number;
  readonly next: { readonly from: number } | undefined;
}

/** What the samples from a connection's lifetime say of sockets with one of these names of it. */
export function historyOf(
  sampled: SampledSockets,
  names: readonly string[],
  { from, next }: Lifetime,
): SocketHistory {
  const until = next?.from ?? Infinity;
  const { sampleTimes } = sampled;
  const seen = samplesOf(sampled, names).filter(({ time }) => time >= from && time < until);
  const lastSample = sampleTimes.findLast((time) => time < until);
  const last = seen.at(-1);
  return {
    states: seen.map(({ state }) => state).filter((state, index, all) => state !== all[index - 1]),
    final: last?.time === lastSample ? (last?.state ?? 'gone') : 'gone',
  };
}
