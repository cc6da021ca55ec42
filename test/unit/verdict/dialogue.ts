import type {
  CapturedIcmp,
  CapturedSegment,
  ClientConnection,
  TcpState,
} from '../../../src/evidence/types.js';

export const vip = '10.0.0.9';
export const port = 80;
export const clientAddress = '10.0.0.2';
export const macs = {
  client: '02:00:00:00:00:02',
  director: '02:00:00:00:00:03',
  realserver1: '02:00:00:00:00:04',
} as const;
type Name = keyof typeof macs;

/** How far a segment of the client's gets. */
type Reach = 'client' | 'director' | 'realserver';

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
 * One connection to the service and everything that the lab's evidence would have on it. The captures of client and director
 * grow with each step; sequence numbers are relative, the client's from 1000 and the server's from 5000.
 */
export class Dialogue {
  connection: ClientConnection;
  clientState: TcpState | 'gone' = 'gone';
  realserverState: TcpState | 'gone' = 'gone';
  /** States of earlier samples, one sample each. */
  earlier: { client?: TcpState; realserver?: TcpState }[] = [];
  ipvsState: string | undefined = 'ESTABLISHED';
  readonly clientSegments: CapturedSegment[] = [];
  readonly directorSegments: CapturedSegment[] = [];
  readonly icmp: CapturedIcmp[] = [];

  constructor(readonly localPort: number) {
    this.connection = {
      localAddress: clientAddress,
      localPort,
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

  client(
    text: string,
    { seq, ack = 0, payload = 0 }: { seq: number; ack?: number; payload?: number },
    reach: Reach = 'realserver',
  ): this {
    const segment = this.#segment(text, seq, ack, payload, 'client', 'director');
    this.clientSegments.push(segment);
    if (reach !== 'client') this.directorSegments.push(segment);
    if (reach === 'realserver') {
      this.directorSegments.push({
        ...segment,
        sourceMac: macs.director,
        destinationMac: macs.realserver1,
      });
    }
    return this;
  }

  server(
    text: string,
    { seq, ack = 0, payload = 0 }: { seq: number; ack?: number; payload?: number },
    from: Name = 'realserver1',
  ): this {
    const { source, destination, sourcePort, destinationPort, ...rest } = this.#segment(
      text,
      seq,
      ack,
      payload,
      from,
      'client',
    );
    this.clientSegments.push({
      ...rest,
      source: destination,
      destination: source,
      sourcePort: destinationPort,
      destinationPort: sourcePort,
    });
    return this;
  }

  /** An ICMP error at the client that quotes a segment of the client's. */
  refuse(quoted: string, from: Name = 'director', type = 3, code = 10): this {
    this.icmp.push({
      time: 100,
      sourceMac: macs[from],
      destinationMac: macs.client,
      source: vip,
      destination: clientAddress,
      type,
      code,
      quoted: {
        source: clientAddress,
        sourcePort: this.localPort,
        destination: vip,
        destinationPort: port,
        flags: flags(quoted),
      },
    });
    return this;
  }

  #segment(
    text: string,
    sequence: number,
    acknowledgement: number,
    payloadLength: number,
    from: Name,
    to: Name,
  ): CapturedSegment {
    return {
      time: 100,
      sourceMac: macs[from],
      destinationMac: macs[to],
      ttl: 64,
      source: clientAddress,
      sourcePort: this.localPort,
      destination: vip,
      destinationPort: port,
      flags: flags(text),
      sequence,
      acknowledgement,
      payloadLength,
    };
  }
}

/** Handshake, request and complete reply. */
export function conversation(localPort: number): Dialogue {
  return new Dialogue(localPort)
    .client('S', { seq: 1000 })
    .server('S.', { seq: 5000, ack: 1001 })
    .client('.', { seq: 1001, ack: 5001 })
    .client('P.', { seq: 1001, ack: 5001, payload: 100 })
    .server('P.', { seq: 5001, ack: 1101, payload: 200 });
}

/** The server closes first, and all is well. */
export function healthy(localPort: number): Dialogue {
  const dialogue = conversation(localPort)
    .server('F.', { seq: 5201, ack: 1101 })
    .client('F.', { seq: 1101, ack: 5202 })
    .server('.', { seq: 5202, ack: 1102 });
  dialogue.realserverState = 'TIME-WAIT';
  dialogue.ipvsState = 'FIN_WAIT';
  return dialogue;
}

/** The story: the server closes first, and the director rejects the client's FIN, and its retransmission. */
export function story(localPort: number): Dialogue {
  const dialogue = conversation(localPort)
    .server('F.', { seq: 5201, ack: 1101 })
    .client('F.', { seq: 1101, ack: 5202 }, 'director')
    .refuse('F.')
    .client('F.', { seq: 1101, ack: 5202 }, 'director');
  dialogue.clientState = 'LAST-ACK';
  dialogue.realserverState = 'FIN-WAIT-2';
  return dialogue;
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
