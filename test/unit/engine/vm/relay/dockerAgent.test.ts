import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { dockerOverAgent } from '../../../../../src/engine/docker/connection.js';
import { DockerAgent } from '../../../../../src/engine/vm/relay/dockerAgent.js';
import { RelayStream } from '../../../../../src/engine/vm/relay/relayStream.js';
import { startGuest } from './guest.js';

/** As much of Docker's API as is needed: `/version`, an exec that sends back what it gets, and a large archive. */
function dockerServer(): Server {
  const server = createServer((request, response) => {
    if (request.url === '/version') {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ Version: '1' }));
    } else if (request.url?.endsWith('/exec') === true) {
      request.resume().on('end', () => response.writeHead(201).end(JSON.stringify({ Id: 'e' })));
    } else {
      response.end(Buffer.alloc(1 << 20, 'x'));
    }
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    // Options come first, in one piece with the headers.
    expect(head.length).toBe(Number(request.headers['content-length']));
    socket.pipe(socket);
  });
  onTestFinished(() => {
    server.closeAllConnections();
  });
  return server;
}

async function client() {
  const server = dockerServer();
  let connections = 0;
  const guest = await startGuest((connection) => {
    connections++;
    server.emit('connection', connection);
  });
  const relay = await guest.connect();
  const agent = new DockerAgent(relay);
  return { relay, agent, docker: dockerOverAgent(agent), connections: () => connections };
}

describe('DockerAgent', () => {
  it('keeps a connection for the next request', async () => {
    const { docker, relay, connections } = await client();
    for (let request = 0; request < 5; request++) expect(await docker.version()).toEqual({ Version: '1' });
    expect(connections()).toBe(1);
    expect(relay.nextStream).toBe(2);
  });

  it('takes off a connection what Node guards it with while nobody uses it', async () => {
    const { docker, relay } = await client();
    const opened: RelayStream[] = [];
    const open = relay.open.bind(relay);
    vi.spyOn(relay, 'open').mockImplementation(() => {
      const stream = open();
      opened.push(stream);
      return stream;
    });
    const guards: number[] = [];
    for (let request = 0; request < 3; request++) {
      await docker.version();
      await setImmediate();
      guards.push(opened[0]?.listenerCount('error') ?? 0);
    }
    expect(opened).toHaveLength(1);
    expect(new Set(guards).size).toBe(1);
  });

  it('has as many connections as there are requests at once, and closes them when it is destroyed', async () => {
    const { docker, agent, connections } = await client();
    const bodies = Array.from({ length: 8 }, async () =>
      text(await docker.getContainer('c').getArchive({ path: '/' })),
    );
    for (const body of await Promise.all(bodies)) expect(body).toHaveLength(1 << 20);
    expect(connections()).toBe(8);
    const kept = Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? []);
    expect(kept.length).toBeGreaterThan(0);
    const closed = Promise.all(kept.map((socket) => once(socket, 'close')));
    agent.destroy();
    await closed;
  });

  it('hands out the stream behind an exec, which has an end of input and a number', async () => {
    const { docker } = await client();
    const exec = await docker.getContainer('c').exec({ Cmd: ['cat'], AttachStdin: true });
    const stream = await exec.start({ hijack: true, stdin: true });
    expect(stream).toBeInstanceOf(RelayStream);
    expect((stream as unknown as RelayStream).id).toBeGreaterThan(0);
    stream.end('through');
    expect(await text(stream)).toBe('through');
  });

  it('gives the requests the reason when the relay is gone', async () => {
    const { docker, relay } = await client();
    await docker.version();
    relay.close();
    await expect(docker.version()).rejects.toThrow("the connection to the guest's relay ended");
  });
});
