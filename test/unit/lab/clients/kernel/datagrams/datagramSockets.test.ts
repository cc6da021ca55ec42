import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { datagramSockets } from '../../../../../../lab/clients/kernel/datagrams/datagramSockets.js';
import { driveAtOnce, freshPorts } from '../../dialogues.js';

/** A server of UDP that answers as the test says. */
async function serve(
  answer: (request: string, from: RemoteInfo, socket: Socket) => void,
  host = '127.0.0.1',
) {
  const socket = createSocket(host === '127.0.0.1' ? 'udp4' : 'udp6');
  const requests: string[] = [];
  socket.on('message', (message, from) => {
    requests.push(message.toString());
    answer(message.toString(), from, socket);
  });
  socket.bind(0, host);
  await once(socket, 'listening');
  return {
    target: { host, port: socket.address().port },
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        socket.close(resolve);
      }),
  };
}

const replied = (request: string, from: RemoteInfo, socket: Socket) => {
  const [, id = '', sequence = '', pushes = '0'] = request.split(' ');
  socket.send(`reply ${id} ${sequence} realserver1\n`, from.port, from.address);
  for (let push = 0; push < Number(pushes); push += 1)
    socket.send(`push ${id} ${sequence} realserver1\n`, from.port, from.address);
};

const dns = { as: 'dns', pause: 0, wait: 0.3 } as const;
const quic = { as: 'quic', pause: 0.01, wait: 1 } as const;

function start(target: { host: string; port: number }, datagrams: typeof dns | typeof quic, requests = 3) {
  const options = { sourceAddress: target.host, datagrams, requests, idle: 0, ports: freshPorts().ports };
  return driveAtOnce(datagramSockets(options), target, 1);
}

describe('a client of UDP', () => {
  it.each(['127.0.0.1', '::1'])('at %s asks one after the other, and has every answer', async (host) => {
    await using server = await serve(replied, host);
    const { connections } = await start(server.target, dns);
    expect(server.requests.map((request) => request.split(' ')[2])).toEqual(['1', '2', '3']);
    expect(connections[0]).toMatchObject({
      ...{ complete: true, error: undefined, address: host, port: server.target.port },
      datagrams: { asked: 3, answered: 3, wanted: 0 },
    });
    expect(connections[0]?.datagrams?.replies.map(({ to, by }) => [to, by])).toEqual([
      [1, 'realserver1'],
      [2, 'realserver1'],
      [3, 'realserver1'],
    ]);
  });

  it('goes on to its next request when one is not answered', async () => {
    await using server = await serve((request, from, socket) => {
      if (request.split(' ')[2] !== '2') replied(request, from, socket);
    });
    const { connections } = await start(server.target, dns);
    expect(connections[0]).toMatchObject({ complete: false, datagrams: { asked: 3, answered: 2 } });
  });

  it('takes no answer that is not to its own request', async () => {
    await using server = await serve((_, from, socket) => {
      socket.send('reply c99 1 realserver1\n', from.port, from.address);
    });
    const { connections } = await start(server.target, dns, 1);
    expect(connections[0]).toMatchObject({ complete: false, datagrams: { asked: 1, answered: 0 } });
  });

  it('tells that its datagrams are refused', async () => {
    const { target, [Symbol.asyncDispose]: close } = await serve(replied);
    await close();
    const { connections } = await start(target, dns, 2);
    expect(connections[0]).toMatchObject({
      complete: false,
      error: 'ECONNREFUSED',
      datagrams: { answered: 0 },
    });
  });

  it('streams both ways', async () => {
    await using server = await serve(replied);
    const { connections } = await start(server.target, quic, 4);
    expect(connections[0]).toMatchObject({
      complete: true,
      datagrams: { asked: 4, answered: 4, wanted: 8, pushed: 8 },
    });
  });

  it('has not all of a stream whose other way is lost', async () => {
    await using server = await serve((request, from, socket) => {
      replied(request.replace(/ 2 ([\d.]+)\n$/, ' 0 $1\n'), from, socket);
    });
    const { connections } = await start(server.target, { ...quic, wait: 0.2 } as never, 2);
    expect(connections[0]).toMatchObject({
      complete: false,
      datagrams: { answered: 2, wanted: 4, pushed: 0 },
    });
  });
});
