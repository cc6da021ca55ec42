import type { Target } from '../../../../src/contracts/agents/driveOrder.js';
import type { ClientConnection } from '../../../../src/evidence/model/loadReport.js';
import { once } from 'node:events';
import { connect, type Socket, type TcpNetConnectOpts } from 'node:net';
import { HttpReply } from '../../http/httpReply.js';
import type { SerialQueue } from './serialQueue.js';
import type { ConnectAttempts } from './connectAttempts.js';
import { closesBehindRequest, type LoadPattern } from '../../../../src/contracts/agents/load.js';
import { type Closing, type Request, requestsOf } from '../../http/requests.js';
import { send } from '../../http/send.js';

/** Where a connection goes, from which address, what is requested on it and how it closes. */
export interface ConnectionOptions {
  readonly target: Target;
  readonly sourceAddress: string;
  readonly pattern: LoadPattern;
  readonly closing: Closing;
  /** Seconds of silence after which the kernel probes the server; undefined: never. */
  readonly keepalive?: number | undefined;
  /** How a socket connects; undefined: as Node does. */
  readonly connectTo?: ((options: TcpNetConnectOpts) => Socket) | undefined;
}

/** Options of a connection, and the queue in which those that close behind a short request do so one at a time. */
export interface KernelConnectionOptions extends ConnectionOptions {
  /** All connections of the load share this queue. */
  readonly halfCloses: SerialQueue;
}

/** How long a client that closed first waits for the server's FIN before it leaves the socket to the kernel. */
const lingerMilliseconds = 2000;

/** One TCP connection of the kernel's, from connect() until its socket is closed. */
export class KernelConnection {
  /** Resolves when connect() has succeeded or failed; never rejects. */
  readonly opened: Promise<void>;
  /**
   * Resolves when the socket is closed; never rejects. The kernel may go on without it for minutes: a FIN nobody acknowledged
   * is sent again from an orphan in LAST-ACK or FIN-WAIT-1, and a TIME-WAIT has no socket at all.
   */
  readonly over: Promise<void>;
  readonly #options: KernelConnectionOptions;
  readonly #opening: ConnectAttempts;
  readonly #socket: Socket;
  readonly #requests: Request[];
  #isOpened: () => void = () => undefined;
  #isOver: () => void = () => undefined;
  #localAddress: string;
  #localPort: number;
  #connectSeconds: number | undefined;
  #firstByteSeconds: number | undefined;
  #bytesSent = 0;
  readonly #bytesToSend: number;
  #bytesReceived = 0;
  /** The reply to the latest request. Each request gets a new one, so that the reply to an earlier request never passes for it. */
  #reply = new HttpReply();
  #serverClosed = false;
  #clientClosed: ClientConnection['clientClosed'];
  #failure: NodeJS.ErrnoException | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Connects at once. `localPort` undefined: no bind(), the kernel picks the port in connect(). */
  constructor(options: KernelConnectionOptions, opening: ConnectAttempts, localPort: number | undefined) {
    this.#options = options;
    this.#opening = opening;
    this.#localAddress = options.sourceAddress;
    this.#localPort = localPort ?? 0;
    this.#requests = requestsOf(options.target.address, options.pattern, options.closing);
    this.#bytesToSend = this.#requests.reduce((sum, { head, bodyBytes }) => sum + head.length + bodyBytes, 0);
    this.opened = new Promise((resolve) => (this.#isOpened = resolve));
    this.over = new Promise((resolve) => (this.#isOver = resolve));
    this.#socket = this.#connect(localPort);
  }

  /** Why the connection failed; undefined: it has not failed so far. */
  get failure(): NodeJS.ErrnoException | undefined {
    return this.#failure;
  }

  report(): ClientConnection {
    return {
      localAddress: this.#localAddress,
      localPort: this.#localPort,
      port: this.#options.target.port,
      address: this.#options.target.address,
      openedAt: this.#opening.at,
      connectSeconds: this.#connectSeconds,
      portWaitSeconds: this.#opening.portWaitSeconds,
      firstByteSeconds: this.#firstByteSeconds,
      connected: this.#connectSeconds !== undefined,
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
      httpStatus: this.#reply.status,
      complete: this.#isComplete,
      ...(this.#options.pattern.reply === false && { unanswered: true }),
      serverClosed: this.#serverClosed,
      clientClosed: this.#clientClosed,
      error: this.#failure === undefined ? undefined : (this.#failure.code ?? this.#failure.message),
    };
  }

  /** Nothing is missing where nothing was asked for, or where all of a request is on its way that is never answered. */
  get #isComplete(): boolean {
    const { requests, reply } = this.#options.pattern;
    if (requests === 0) return this.#connectSeconds !== undefined;
    return reply === false ? this.#bytesSent === this.#bytesToSend : this.#reply.complete;
  }

  /** Whether the client's end is to leave in one go with the last request. */
  get #closesBehindRequest(): boolean {
    const { pattern, closing } = this.#options;
    return closesBehindRequest({ ...pattern, close: closing });
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #connect(localPort: number | undefined): Socket {
    const { target, sourceAddress, pattern, connectTo = connect } = this.#options;
    const socket = connectTo({
      host: target.address,
      port: target.port,
      ...(localPort === undefined ? {} : { localAddress: sourceAddress, localPort }),
      allowHalfOpen: true,
      // Nagle's algorithm holds a last short segment of data back while others are on their way: then the FIN rides on it.
      noDelay: !(this.#closesBehindRequest && pattern.upload > 0),
    });
    // connect() itself is called on the next tick, and by then the kernel has picked.
    if (localPort === undefined) {
      process.nextTick(() => {
        this.#readLocalEnd(socket);
      });
    }
    socket.on('connect', () => {
      this.#connectSeconds = this.#opening.seconds();
      this.#isOpened();
      const { keepalive, pattern } = this.#options;
      if (keepalive !== undefined) socket.setKeepAlive(true, keepalive * 1000);
      if (pattern.requests > 0) this.#nextRequest();
      else this.#leaveAfterIdle();
    });
    socket.on('data', (chunk: Buffer) => {
      this.#receive(chunk);
    });
    socket.on('end', () => {
      this.#serverClosed = true;
      this.#reply.end();
      this.#follow();
    });
    socket.on('error', (error) => (this.#failure = error));
    socket.on('close', () => {
      clearTimeout(this.#timer);
      this.#isOpened();
      this.#isOver();
    });
    return socket;
  }

  /** A connect() that found no free port has left no socket to read, and the port stays 0. */
  #readLocalEnd(socket: Socket): void {
    this.#localPort = socket.localPort ?? 0;
    this.#localAddress = socket.localAddress ?? this.#localAddress;
  }

  #nextRequest(): void {
    const request = this.#requests.shift();
    if (request === undefined) return;
    this.#reply = new HttpReply();
    this.#firstByteSeconds = undefined;
    const { pattern, closing } = this.#options;
    const isLast = this.#requests.length === 0;
    if (isLast && pattern.idle > 0 && !closesAfterReply(closing)) {
      this.#after(pattern.idle * 1000, () => {
        this.#send(request);
      });
    } else {
      this.#send(request);
    }
  }

  #send(request: Request): void {
    if (!this.#socket.writable) return;
    const { halfCloses, pattern } = this.#options;
    const isLast = this.#requests.length === 0;
    const closesBehind = isLast && this.#closesBehindRequest;
    if (closesBehind && request.bodyBytes === 0) {
      halfCloses.take(() => this.#sendAndClose(request));
      return;
    }
    const written = this.#write(request, closesBehind);
    if (isLast && pattern.reply === false && !closesBehind) {
      void written.then(() => {
        this.#leaveAfterIdle();
      });
    }
  }

  /**
   * Node writes at once, and sends the FIN a turn of its event loop later. What other connections have to do in that turn would come
   * between the two, and on an emulated processor take longer than the reply.
   */
  async #sendAndClose(request: Request): Promise<void> {
    if (!this.#socket.writable) return;
    const finished = once(this.#socket, 'finish').catch(() => undefined);
    await this.#write(request, true);
    await Promise.race([finished, this.over]);
  }

  #write(request: Request, closesBehind: boolean): Promise<void> {
    return send(this.#socket, request, {
      rate: this.#options.pattern.rate,
      sent: (bytes) => (this.#bytesSent += bytes),
      written: () => {
        if (closesBehind) this.#closeBehindRequest();
      },
    });
  }

  #closeBehindRequest(): void {
    if (this.#options.closing.how === 'fin') {
      this.#leave();
    } else if (this.#clientClosed === undefined) {
      this.#clientClosed = 'half-close';
      this.#socket.end();
    }
  }

  #receive(chunk: Buffer): void {
    this.#bytesReceived += chunk.length;
    this.#firstByteSeconds ??= this.#opening.seconds();
    const wasComplete = this.#reply.complete;
    this.#reply.push(chunk);
    if (!wasComplete && this.#reply.complete) this.#answered();
  }

  #answered(): void {
    const { closing } = this.#options;
    if (this.#requests.length > 0) this.#nextRequest();
    else if (closing.first === 'client') {
      if (closesAfterReply(closing)) this.#leaveAfterIdle();
      else this.#leave();
    }
  }

  /** Closes after the server has closed, unless the client has closed already: at once, or after the scenario's delay. */
  #follow(): void {
    const { after } = this.#options.closing;
    if (after === 0) this.#close();
    else {
      this.#after(after * 1000, () => {
        this.#close();
      });
    }
  }

  /** Closes first, after the silence that the scenario wants. */
  #leaveAfterIdle(): void {
    const { idle } = this.#options.pattern;
    if (idle === 0) this.#leave();
    else
      this.#after(idle * 1000, () => {
        this.#leave();
      });
  }

  /** Closes first, unless the client has closed already, and waits two seconds at most for the server to close too. */
  #leave(): void {
    this.#close();
    this.#after(lingerMilliseconds, () => {
      this.#socket.destroy();
    });
  }

  #close(): void {
    if (this.#clientClosed !== undefined) return;
    if (this.#options.closing.how === 'rst') {
      this.#clientClosed = 'rst';
      this.#socket.resetAndDestroy();
    } else {
      this.#clientClosed = 'fin';
      this.#socket.end();
    }
  }

  /** Sets the connection's only timer, instead of the one that was set before. Does nothing once the socket is destroyed. */
  #after(milliseconds: number, act: () => void): void {
    clearTimeout(this.#timer);
    if (!this.#socket.destroyed) this.#timer = setTimeout(act, milliseconds);
  }
}

/** True when the client is the first to close, and has the whole reply by then. */
function closesAfterReply({ first, how }: Closing): boolean {
  return first === 'client' && how !== 'half-close';
}
