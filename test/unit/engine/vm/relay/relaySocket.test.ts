import { once } from 'node:events';
import { chmod, mkdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RelaySocket } from '../../../../../src/engine/vm/relay/relaySocket.js';
import { LabError } from '../../../../../src/support/errors.js';
import { tempFolder } from '../../tempFolder.js';
import { echo, startGuest, untilEnd, type Serve } from './guest.js';

/** A relay with its socket, and a function that connects a client to it. */
async function served(serve: Serve) {
  const guest = await startGuest(serve);
  const relay = await guest.connect();
  const socket = await RelaySocket.listen(relay, path.join(tempFolder(), 'docker'));
  const connectTo = (): Socket => {
    const client = connect({ path: socket.path, allowHalfOpen: true });
    onTestFinished(() => void client.destroy());
    return client;
  };
  return { relay, socket, client: connectTo };
}

describe('RelaySocket', () => {
  it('makes each connection a stream', async () => {
    const { relay, socket, client } = await served(echo);
    await using _closing = socket;
    const clients = Array.from({ length: 5 }, client);
    const answers = clients.map((one, index) => {
      one.end(`client ${index}`);
      return untilEnd(one);
    });
    expect(await Promise.all(answers)).toEqual(clients.map((_, index) => `client ${index}`));
    expect(relay.nextStream).toBe(6);
  });

  it('lets either side end first', async () => {
    const heard: Promise<string>[] = [];
    const { socket, client } = await served((connection) => {
      heard.push(untilEnd(connection));
      connection.end('first');
    });
    await using _closing = socket;
    const one = client();
    expect(await untilEnd(one)).toBe('first');
    one.end('then I');
    await once(one, 'close');
    expect(await heard[0]).toBe('then I');
  });

  it('closes what a client or Docker breaks off', async () => {
    const connections: Socket[] = [];
    const { socket, client } = await served((connection) => {
      connections.push(connection);
      connection.write('x');
    });
    await using _closing = socket;
    const [byClient, byDocker] = [client(), client()];
    await Promise.all([once(byClient, 'data'), once(byDocker, 'data')]);
    for (const connection of connections) connection.on('end', () => connection.destroy()).resume();
    byClient.destroy();
    await Promise.race(connections.map((connection) => once(connection, 'close')));
    const ended = once(byDocker, 'end');
    for (const connection of connections) connection.destroy();
    await ended;
  });

  it('closes all connections when it is disposed, and when the relay is', async () => {
    const { relay, socket, client } = await served((connection) => connection.write('x'));
    const one = client();
    await once(one, 'data');
    const closed = once(one, 'close');
    one.on('end', () => one.destroy());
    await socket[Symbol.asyncDispose]();
    await closed;

    await using again = await RelaySocket.listen(relay, path.join(tempFolder(), 'docker'));
    relay.close();
    const late = connect(again.path);
    await once(late, 'close');
  });

  it('refuses a folder that others can look into', async () => {
    const { relay, socket } = await served(echo);
    await using _closing = socket;
    const folder = path.join(tempFolder(), 'open');
    await mkdir(folder);
    await chmod(folder, 0o755);
    await expect(RelaySocket.listen(relay, path.join(folder, 'docker'))).rejects.toThrow(LabError);
  });
});
