import type { SettlementKind } from '../model/phase.js';
import type { LoadReport } from '../model/loadReport.js';
import type { TcpState } from '../../contracts/words/network.js';
import { clientKey, socketKey, type Service } from '../model/connectionKey.js';
import type { SampleBlock } from './samples.js';
import { parseSs } from '../listings/ss.js';
import { durationText } from '../../support/duration.js';

/** The connections to the service that a node still had at one moment, without closed ones (TIME-WAIT). */
interface OpenConnections {
  readonly time: number;
  readonly states: ReadonlyMap<string, TcpState>;
}

/** One end of the connections on a node: a node may have both. */
interface End {
  readonly node: string;
  readonly onClient: boolean;
  readonly history: OpenConnections[];
}

export type Settlement =
  | { readonly settled: true; readonly how: SettlementKind }
  /** `why` says what is still awaited. */
  | { readonly settled: false; readonly why: string };

/** One sample may be a coincidence, and two may lie on both sides of a retransmission. */
const samplesNeeded = 3;

/**
 * Decides whether the load's connections have stopped changing: all of them are closed on every node, or no state has changed on any node
 * for `quietSeconds` and over at least three samples. Only samples from after the load count, by the nodes' own clocks, so a sampler that
 * hangs settles nothing.
 */
function settlement(ends: readonly End[], load: LoadReport, quietSeconds: number): Settlement {
  const keys = new Set(load.connections.map((one) => clientKey(one.localAddress, one.localPort)));
  const clients = new Set([...keys].map(addressIn));
  /** Whether a node on the way has translated the connection's address: only the load's connections come to the service. */
  const behindTranslator = (key: string): boolean => !clients.has(addressIn(key));
  let open = 0;
  let changing: string | undefined;
  for (const { node, history } of ends) {
    const samples = history
      .filter(({ time }) => time > load.finishedAt)
      .map(({ time, states }) => ({
        time,
        states: only(states, (key) => keys.has(key) || behindTranslator(key)),
      }));
    const last = samples.at(-1);
    if (last === undefined) return { settled: false, why: `${node} has no sample from after the load yet` };
    open += last.states.size;
    if (!isQuiet(samples, quietSeconds)) changing ??= node;
  }
  if (open === 0) return { settled: true, how: 'closed-down' };
  if (changing === undefined) return { settled: true, how: 'unchanged' };
  return {
    settled: false,
    why: `${open} sockets are open, and ${changing} was not quiet for ${durationText(quietSeconds, 'set')} yet`,
  };
}

interface SettleOptions extends Service {
  /** The name of the node on which the connections are made, and those of the nodes that serve: all must have reported. */
  readonly client: string;
  readonly serving: readonly string[];
  readonly quietSeconds: number;
}

/** Follows the samplers' output during a run, and tells when the final state can be collected. */
export class SettleWatch {
  readonly #options: SettleOptions;
  readonly #ends: readonly End[];

  constructor(options: SettleOptions) {
    this.#options = options;
    this.#ends = [
      { node: options.client, onClient: true, history: [] },
      ...options.serving.map((node) => ({ node, onClient: false, history: [] })),
    ];
  }

  /** Takes a node's next block; blocks of other nodes and kinds are ignored. Throws EvidenceError for rows it cannot read. */
  feed(node: string, block: SampleBlock): void {
    if (block.kind !== 'ss') return;
    for (const { history, onClient } of this.#ends.filter((end) => end.node === node)) {
      history.push({ time: block.time, states: openConnections(block.text, onClient, this.#options) });
      // What is older than the quiet time is of no use any more, and a large load has large samples.
      const horizon = block.time - this.#options.quietSeconds;
      while (history.length > samplesNeeded && (history[1]?.time ?? Infinity) <= horizon) history.shift();
    }
  }

  state(load: LoadReport): Settlement {
    return settlement(this.#ends, load, this.#options.quietSeconds);
  }
}

function openConnections(text: string, onClient: boolean, service: Service): Map<string, TcpState> {
  const states = new Map<string, TcpState>();
  for (const socket of parseSs(text)) {
    const key = socketKey(socket, onClient, service);
    const over = socket.state === 'TIME-WAIT' || socket.state === 'LISTEN';
    if (key !== undefined && !over) states.set(key, socket.state);
  }
  return states;
}

function only(
  states: ReadonlyMap<string, TcpState>,
  isWanted: (key: string) => boolean,
): Map<string, TcpState> {
  return new Map([...states].filter(([key]) => isWanted(key)));
}

/** The address in a connection's name. */
function addressIn(key: string): string {
  return key.slice(0, key.lastIndexOf(':'));
}

function isQuiet(samples: readonly OpenConnections[], quietSeconds: number): boolean {
  const last = samples.at(-1);
  if (last === undefined) return false;
  const changed = samples.findLastIndex(({ states }) => !equal(states, last.states));
  const quiet = samples.slice(changed + 1);
  return quiet.length >= samplesNeeded && last.time - (quiet[0]?.time ?? last.time) >= quietSeconds;
}

function equal(one: ReadonlyMap<string, TcpState>, other: ReadonlyMap<string, TcpState>): boolean {
  return one.size === other.size && [...one].every(([key, state]) => other.get(key) === state);
}
