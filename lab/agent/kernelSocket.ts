import { connect, type Socket } from 'node:net';
import type { ClientConnection } from '../../src/evidence/types.js';
import type { Closing, Target } from './arguments.js';
import type { ClientKind, Conversation } from './conversation.js';
import { HttpReply } from './httpReply.js';
import type { LocalPorts } from './localPorts.js';

interface KernelSocketOptions {
  readonly target: Target;
  readonly sourceAddress: string;
  readonly ports: LocalPorts;
  readonly closing: Closing;
}

/** How long a client that closed first waits for the server's FIN before it leaves the socket to the kernel. */
const lingerMilliseconds = 2000;
const attemptsAtPorts = 64;

/** Clients made of the kernel's own TCP sockets. */
export function kernelSockets(options: KernelSocketOptions): ClientKind {
  return {
    name: `kernel sockets of Node.js ${process.version}`,
    nonBlockingConnect: true,
    open: () => new KernelSocketConversation(options),
  };
}

class KernelSocketConversation implements Conversation {
  readonly done: Promise<void>;
  readonly #options: KernelSocketOptions;
  readonly #reply = new HttpReply();
  #finish: () => void = () => undefined;
  #socket: Socket;
  #localPort = 0;
  #attempts = 0;
  #connected = false;
  #bytesSent = 0;
  #bytesReceived = 0;
  #serverClosed = false;
  #clientClosed: ClientConnection['clientClosed'];
  #error: string | undefined;
  #linger: NodeJS.Timeout | undefined;

  constructor(options: KernelSocketOptions) {
    this.#options = options;
    this.done = new Promise((resolve) => (this.#finish = resolve));
    this.#socket = this.#connect();
  }

  report(): ClientConnection {
    return {
      localAddress: this.#options.sourceAddress,
      localPort: this.#localPort,
      connected: this.#connected,
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
      httpStatus: this.#reply.status,
      complete: this.#reply.complete,
      serverClosed: this.#serverClosed,
      clientClosed: this.#clientClosed,
      error: this.#error,
    };
  }

  abandon(): void {
    this.#socket.destroy();
  }

  #connect(): Socket {
    this.#localPort = this.#options.ports.take();
    this.#attempts += 1;
    const socket = connect({
      ...this.#options.target,
      localAddress: this.#options.sourceAddress,
      localPort: this.#localPort,
      allowHalfOpen: true,
      noDelay: true,
    });
    let failure: NodeJS.ErrnoException | undefined;
    socket.on('connect', () => {
      this.#request();
    });
    socket.on('data', (chunk: Buffer) => {
      this.#receive(chunk);
    });
    socket.on('end', () => {
      this.#serverEnded();
    });
    socket.on('error', (error) => (failure = error));
    socket.on('close', () => {
      this.#socketClosed(failure);
    });
    return socket;
  }

  #request(): void {
    const { target, closing } = this.#options;
    const path = closing.first === 'server' ? '/close' : '/keep';
    const request = `GET ${path} HTTP/1.1\r\nHost: ${target.host}\r\n\r\n`;
    this.#connected = true;
    this.#bytesSent = request.length;
    if (closing.how === 'half-close') {
      this.#socket.end(request);
      this.#clientClosed = 'half-close';
    } else {
      this.#socket.write(request);
    }
  }

  #receive(chunk: Buffer): void {
    this.#bytesReceived += chunk.length;
    this.#reply.push(chunk);
    if (!this.#reply.complete || this.#options.closing.first === 'server') return;
    this.#close();
    this.#linger ??= setTimeout(() => this.#socket.destroy(), lingerMilliseconds);
  }

  #serverEnded(): void {
    this.#serverClosed = true;
    this.#reply.end();
    this.#close();
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

  #socketClosed(failure: NodeJS.ErrnoException | undefined): void {
    clearTimeout(this.#linger);
    if (failure !== undefined && isPortTaken(failure) && this.#attempts < attemptsAtPorts) {
      this.#socket = this.#connect();
      return;
    }
    if (failure !== undefined) this.#error = failure.code ?? failure.message;
    this.#finish();
  }
}

/** The local port belongs to somebody: at bind(), or at connect() to a connection that lingers with the same four numbers. */
function isPortTaken(error: NodeJS.ErrnoException): boolean {
  return error.code === 'EADDRINUSE' || (error.code === 'EADDRNOTAVAIL' && error.syscall === 'connect');
}
