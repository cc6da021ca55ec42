import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What a server saw of one connection, in order. */
export type Seen = ('request' | 'end' | 'reset' | 'close')[];

/** A request of a client, body and all. */
export interface Request {
  readonly path: string;
  /** The head's lines. */
  readonly head: readonly string[];
  readonly bodyBytes: number;
}

export interface TestServer extends AsyncDisposable {
  readonly target: { readonly host: string; readonly port: number };
  readonly seen: readonly Seen[];
  /** Of all connections, in the order in which they were complete. */
  readonly requests: readonly Request[];
}

type Answer = (socket: Socket, path: string, request: Request) => void;

const body = 'hello\n';
export const reply = `HTTP/1.1 200 OK\r\nX-Realserver: realserver1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** A TCP server on loopback that notes what each client does; `answer` is called once for each request. */
export async function listen(answer: Answer, host = '127.0.0.1'): Promise<TestServer> {
  const seen: Seen[] = [];
  const requests: Request[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const mine: Seen = [];
    seen.push(mine);
    sockets.add(socket);
    const read = requestReader((request) => {
      mine.push('request');
      requests.push(request);
      answer(socket, request.path, request);
    });
    socket.on('data', read);
    socket.on('end', () => {
      mine.push('end');
      socket.end();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET') mine.push('reset');
    });
    socket.on('close', () => mine.push('close'));
  });
  return opened(server, host, { seen, requests }, () => {
    sockets.forEach((socket) => socket.destroy());
  });
}

/** Behaves as the lab's realservers: what is below /close is answered and closed by the server, /keep is left open. */
export const realserver: Answer = (socket, path, request) => {
  const range = /^range: bytes=0-(\d+)$/im.exec(request.head.join('\n'))?.[1];
  const text = range === undefined ? reply : zeros(Number(range) + 1);
  if (path.startsWith('/close')) socket.end(text);
  else socket.write(text);
};

function zeros(count: number): string {
  return `HTTP/1.1 206 Partial Content\r\nContent-Length: ${count}\r\n\r\n${'\0'.repeat(count)}`;
}

/** Tells of each request when its body, by its Content-Length, has come. */
function requestReader(complete: (request: Request) => void): (chunk: Buffer) => void {
  let head = '';
  let bodyBytes = 0;
  return (chunk) => {
    if (!head.endsWith('\r\n\r\n')) {
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n') + 4;
      if (end < 4) return;
      bodyBytes = head.length - end;
      head = head.slice(0, end);
    } else {
      bodyBytes += chunk.length;
    }
    const expected = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    if (bodyBytes < expected) return;
    const lines = head.trimEnd().split('\r\n');
    complete({ path: lines[0]?.split(' ')[1] ?? '', head: lines, bodyBytes });
    head = '';
    bodyBytes = 0;
  };
}

/** HTTP servers that answer in turn under these names, as realservers behind a director with round robin. */
export async function listenAsRealservers(names: readonly string[], host = '127.0.0.1'): Promise<TestServer> {
  let turn = 0;
  const server = createHttpServer((_, response) => {
    const name = names[turn % names.length];
    turn += 1;
    response.writeHead(name === 'broken' ? 500 : 200, { 'X-Realserver': name ?? '' }).end(body);
  });
  return opened(server, host, { seen: [], requests: [] }, () => {
    server.closeAllConnections();
  });
}

async function opened(
  server: Server,
  host: string,
  notes: Pick<TestServer, 'seen' | 'requests'>,
  closeAll: () => void,
): Promise<TestServer> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    target: { host, port: (server.address() as AddressInfo).port },
    ...notes,
    [Symbol.asyncDispose]: () => {
      closeAll();
      return new Promise<void>((resolve) =>
        server.close(() => {
          resolve();
        }),
      );
    },
  };
}
