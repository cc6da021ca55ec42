import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What a server saw of one connection, in order. */
export type Seen = ('request' | 'end' | 'reset' | 'close')[];

export interface TestServer extends AsyncDisposable {
  readonly target: { readonly host: string; readonly port: number };
  readonly seen: readonly Seen[];
}

type Answer = (socket: Socket, path: string) => void;

const body = 'hello\n';
export const reply = `HTTP/1.1 200 OK\r\nX-Realserver: realserver1\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** A TCP server on loopback that notes what each client does; `answer` is called once for each request. */
export async function listen(answer: Answer): Promise<TestServer> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const mine: Seen = [];
    seen.push(mine);
    sockets.add(socket);
    socket.on('data', (data) => {
      mine.push('request');
      answer(socket, data.toString().split(' ')[1] ?? '');
    });
    socket.on('end', () => {
      mine.push('end');
      socket.end();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET') mine.push('reset');
    });
    socket.on('close', () => mine.push('close'));
  });
  return opened(server, seen, () => {
    sockets.forEach((socket) => socket.destroy());
  });
}

/** Behaves as the lab's realservers: /close is answered and closed by the server, /keep is left open. */
export const realserver: Answer = (socket, path) => {
  if (path === '/close') socket.end(reply);
  else socket.write(reply);
};

/** HTTP servers that answer in turn under these names, as realservers behind a director with round robin. */
export async function listenAsRealservers(names: readonly string[]): Promise<TestServer> {
  let turn = 0;
  const server = createHttpServer((_, response) => {
    const name = names[turn % names.length];
    turn += 1;
    response.writeHead(name === 'broken' ? 500 : 200, { 'X-Realserver': name ?? '' }).end(body);
  });
  return opened(server, [], () => {
    server.closeAllConnections();
  });
}

async function opened(server: Server, seen: Seen[], closeAll: () => void): Promise<TestServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    target: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    seen,
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
