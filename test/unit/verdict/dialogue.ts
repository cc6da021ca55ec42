import type { ClientConnection } from '../../../src/evidence/model/loadReport.js';
import type { TcpState } from '../../../src/contracts/words/network.js';
import type { Capture, CapturedIcmp, CapturedSegment } from '../../../src/evidence/model/evidence.js';
import { addresses, flat, macs, port, type Network, type NodeName } from './network.js';

/** How far a segment of the client's gets. */
type Reach = 'client' | 'router' | 'director' | 'realserver';
interface Numbers {
  readonly seq: number;
  readonly ack?: number;
  readonly payload?: number;
}
type Frame = Pick<CapturedSegment, 'sourceMac' | 'destinationMac'>;
interface Recording {
  segments: CapturedSegment[];
  icmp: CapturedIcmp[];
}

const letters = { S: 'syn', '.': 'ack', F: 'fin', R: 'rst', P: 'psh' } as const;

export function flags(text: string): CapturedSegment['flags'] {
  const set = new Set(Array.from(text, (letter) => letters[letter as keyof typeof letters]));
  return {
    syn: set.has('syn'),
    ack: set.has('ack'),
    fin: set.has('fin'),
    rst: set.has('rst'),
    psh: set.has('psh'),
  };
}

/**
 * One connection to the service and everything that the lab's evidence would have on it. The captures grow with each step;
 * sequence numbers are relative, the client's from 1000 and the server's from 5000.
 */
export class Dialogue {
  connection: ClientConnection;
  clientState: TcpState | 'gone' = 'gone';
  realserverState: TcpState | 'gone' = 'gone';
  /** States of earlier samples, one sample each; the first is at 101 s unless told otherwise. */
  earlier: { client?: TcpState; realserver?: TcpState; time?: number; until?: number }[] = [];
  ipvsState: string | undefined = 'ESTABLISHED';
  /** Whose sockets the server's end is among. */
  servedBy: NodeName = 'realserver1';
  /** The director that has the VIP. */
  via: 'director' | 'director2' = 'director';
  readonly captures: Record<'client' | 'router' | 'director' | 'director2', Recording> = {
    client: { segments: [], icmp: [] },
    router: { segments: [], icmp: [] },
    director: { segments: [], icmp: [] },
    director2: { segments: [], icmp: [] },
  };
  #time = 100;

  constructor(
    readonly localPort: number,
    readonly network: Network = flat,
  ) {
    this.connection = {
      localAddress: network.client,
      localPort,
      port,
      openedAt: 99,
      connectSeconds: 0.01,
      portWaitSeconds: 0,
      firstByteSeconds: 0.02,
      connected: true,
      bytesSent: 100,
      bytesReceived: 200,
      httpStatus: 200,
      complete: true,
      serverClosed: true,
      clientClosed: 'fin',
      error: undefined,
    };
  }

  /** The client's ICMP errors. */
  get icmp(): CapturedIcmp[] {
    return this.captures.client.icmp;
  }

  /** What follows happens at this time. */
  at(time: number): this {
    this.#time = time;
    return this;
  }

  client(text: string, numbers: Numbers, reach: Reach = 'realserver'): this {
    const { client, router } = this.captures;
    const { routed, forwarding, realserver1 } = this.network;
    const director = macs[this.via];
    const segment = this.#fromClient(text, numbers);
    const arriving = this.captures[this.via].segments;
    if (!routed) {
      const frame = { ...segment, sourceMac: macs.client, destinationMac: director };
      client.segments.push(frame);
      if (reach !== 'client') arriving.push(frame);
    } else {
      client.segments.push({ ...segment, sourceMac: macs.client, destinationMac: macs.routerFront });
      const frame = { ...segment, ttl: 63, sourceMac: macs.routerLan, destinationMac: director };
      if (reach === 'director' || reach === 'realserver') {
        router.segments.push(frame);
        arriving.push(frame);
      }
    }
    if (reach === 'realserver' && this.servedBy !== 'director') {
      arriving.push({
        ...segment,
        sourceMac: director,
        destinationMac: macs.realserver1,
        tunnelled: forwarding === 'tun',
        destination: forwarding === 'nat' ? realserver1 : segment.destination,
      });
    }
    return this;
  }

  server(text: string, numbers: Numbers, from: NodeName = 'realserver1'): this {
    const { source, destination, sourcePort, destinationPort, ...rest } = this.#fromClient(text, numbers);
    const segment = {
      ...rest,
      source: destination,
      destination: source,
      sourcePort: destinationPort,
      destinationPort: sourcePort,
    };
    this.#toClient(from, (recording, frame, address) => {
      recording.segments.push({ ...segment, ...frame, source: address ?? segment.source });
    });
    return this;
  }

  /** An ICMP error at the client that quotes a segment of the client's. */
  refuse(quoted: string, from: NodeName = 'director', type = 3, code = 10): this {
    const { client, vip, realserver1 } = this.network;
    const family = client.includes(':') ? 'ipv6' : 'ipv4';
    this.#toClient(from, (recording, frame, address) => {
      recording.icmp.push({
        time: this.#time,
        ...frame,
        family,
        source: from === 'router' ? addresses.router : (address ?? vip),
        destination: client,
        type,
        code,
        quoted: {
          source: client,
          sourcePort: this.localPort,
          destination: address === undefined ? vip : realserver1,
          destinationPort: port,
          flags: flags(quoted),
        },
      });
    });
    return this;
  }

  /** Records what somebody sends the client wherever it passes; `address` replaces the VIP before NAT has been undone. */
  #toClient(from: NodeName, record: (recording: Recording, frame: Frame, address?: string) => void): void {
    const { client, router } = this.captures;
    const { routed, forwarding, realserver1 } = this.network;
    const director = macs[this.via];
    if (!routed) {
      const frame = {
        sourceMac: from === 'router' ? macs.routerFront : macs[from],
        destinationMac: macs.client,
      };
      record(client, frame);
      if (from === this.via) record(this.captures[this.via], frame);
      return;
    }
    let last: NodeName = from;
    if (from !== 'router' && from !== this.via && forwarding === 'nat') {
      record(this.captures[this.via], { sourceMac: macs.realserver1, destinationMac: director }, realserver1);
      last = this.via;
    }
    if (last === this.via)
      record(this.captures[this.via], { sourceMac: director, destinationMac: macs.routerLan });
    if (last !== 'router') record(router, { sourceMac: macs[last], destinationMac: macs.routerLan });
    record(client, { sourceMac: macs.routerFront, destinationMac: macs.client });
  }

  #fromClient(
    text: string,
    { seq, ack = 0, payload = 0 }: Numbers,
  ): Omit<CapturedSegment, 'sourceMac' | 'destinationMac'> {
    return {
      time: this.#time,
      ttl: 64,
      tunnelled: false,
      source: this.network.client,
      sourcePort: this.localPort,
      destination: this.network.vip,
      destinationPort: port,
      flags: flags(text),
      sequence: seq,
      acknowledgement: ack,
      payloadLength: payload,
    };
  }
}

/** All dialogues' frames at a node, as one capture. */
export function captureOf(dialogues: readonly Dialogue[], node: keyof Dialogue['captures']): Capture {
  const byTime = (one: { readonly time: number }, other: { readonly time: number }) => one.time - other.time;
  return {
    segments: dialogues.flatMap(({ captures }) => captures[node].segments).sort(byTime),
    icmp: dialogues.flatMap(({ captures }) => captures[node].icmp).sort(byTime),
    other: {},
    neighbours: [],
    truncated: false,
  };
}

/** Handshake, request and complete reply. */
export function conversation(localPort: number, network: Network = flat): Dialogue {
  return new Dialogue(localPort, network)
    .client('S', { seq: 1000 })
    .server('S.', { seq: 5000, ack: 1001 })
    .client('.', { seq: 1001, ack: 5001 })
    .client('P.', { seq: 1001, ack: 5001, payload: 100 })
    .server('P.', { seq: 5001, ack: 1101, payload: 200 });
}

/** The server closes first, and all is well. */
export function healthy(localPort: number, network: Network = flat): Dialogue {
  const dialogue = conversation(localPort, network)
    .server('F.', { seq: 5201, ack: 1101 })
    .client('F.', { seq: 1101, ack: 5202 })
    .server('.', { seq: 5202, ack: 1102 });
  dialogue.realserverState = 'TIME-WAIT';
  dialogue.ipvsState = 'FIN_WAIT';
  return dialogue;
}

/** The server closes first, and the client's FIN, and its retransmission, get no further than the director. Nobody says a word. */
export function silent(localPort: number, network: Network = flat): Dialogue {
  const dialogue = conversation(localPort, network)
    .server('F.', { seq: 5201, ack: 1101 })
    .client('F.', { seq: 1101, ack: 5202 }, 'director')
    .client('F.', { seq: 1101, ack: 5202 }, 'director');
  dialogue.clientState = 'LAST-ACK';
  dialogue.realserverState = 'FIN-WAIT-2';
  return dialogue;
}

/** The story: the director rejects the client's FIN. */
export function story(localPort: number, network: Network = flat): Dialogue {
  return silent(localPort, network).refuse('F.');
}

/** The client resets a connection that the server left open, and all is well. */
export function resetHealthy(localPort: number): Dialogue {
  const dialogue = conversation(localPort).client('R.', { seq: 1101, ack: 5201 });
  dialogue.connection = { ...dialogue.connection, clientClosed: 'rst', serverClosed: false };
  dialogue.ipvsState = 'CLOSE';
  return dialogue;
}

/** The director rejects the client's RST. */
export function resetBlocked(localPort: number): Dialogue {
  const dialogue = conversation(localPort).client('R.', { seq: 1101, ack: 5201 }, 'director').refuse('R.');
  dialogue.connection = { ...dialogue.connection, clientClosed: 'rst', serverClosed: false };
  dialogue.realserverState = 'ESTAB';
  return dialogue;
}

/** The client has no complete reply; `connected` is what its application saw of connect(). */
export function incomplete(dialogue: Dialogue, connected: boolean, error?: string): Dialogue {
  dialogue.connection = {
    ...dialogue.connection,
    connected,
    connectSeconds: connected ? dialogue.connection.connectSeconds : undefined,
    firstByteSeconds: undefined,
    complete: false,
    httpStatus: undefined,
    serverClosed: false,
    clientClosed: undefined,
    error,
  };
  return dialogue;
}
