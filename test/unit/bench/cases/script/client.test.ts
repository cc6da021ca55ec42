import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../../../src/support/packageRoot.js';

const run = promisify(execFile);
const script = path.join(packageRoot, 'bench/cases/script/client.sh');

/** What a server saw of its connections. */
interface Seen {
  readonly requests: string[];
  /** How each one ended, and who was first: `client` or `server`. */
  readonly ends: string[];
  /** The most connections there were at once. */
  atOnce: number;
}

let server: Server | undefined;
afterEach(() => server?.close());

/** A realserver that answers with `text`, and closes behind that when the path asks for it. */
async function realserver(text: string): Promise<{ readonly port: string; readonly seen: Seen }> {
  const seen: Seen = { requests: [], ends: [], atOnce: 0 };
  const open = new Set<Socket>();
  server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    seen.atOnce = Math.max(seen.atOnce, open.size);
    let isFirst = false;
    let request = '';
    socket.on('data', (piece: Buffer) => {
      // A request may come in pieces.
      request += piece.toString();
      if (!request.endsWith('\r\n\r\n')) return;
      const line = request.split('\r\n')[0] ?? '';
      seen.requests.push(line);
      socket.write(
        `HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\nX-Realserver: realserver1\r\n\r\n${text}`,
      );
      isFirst = line.includes('/close/');
      if (isFirst) socket.end();
    });
    socket.on('end', () => {
      seen.ends.push(isFirst ? 'server' : 'client');
      socket.end();
    });
    socket.on('error', (error) => seen.ends.push(error.message));
    socket.on('close', () => open.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: String((server.address() as AddressInfo).port), seen };
}

describe('client.sh', () => {
  it.each(['server', 'client'])(
    'holds its connections at once and ends them by FINs, %s first',
    async (first) => {
      const { port, seen } = await realserver('lvs-lab realserver1\n');
      const { stdout } = await run('bash', [script, '127.0.0.1', first, '3', port]);
      expect(stdout).toBe('realserver1\n'.repeat(3));
      const folder = first === 'server' ? 'close' : 'keep';
      expect(seen.requests).toEqual(Array.from({ length: 3 }, () => `GET /${folder}/text HTTP/1.1`));
      await expect.poll(() => seen.ends).toEqual([first, first, first]);
      expect(seen.atOnce).toBe(3);
    },
  );

  it('uses the ports in turn', async () => {
    const { port, seen } = await realserver('lvs-lab realserver1\n');
    await expect(run('bash', [script, '127.0.0.1', 'server', '2', port, '1'])).rejects.toMatchObject({
      code: 1,
    });
    expect(seen.requests).toEqual([]);
  });

  it('does not count a reply that is not whole', async () => {
    const { port } = await realserver('lvs-lab real');
    expect((await run('bash', [script, '127.0.0.1', 'server', '2', port])).stdout).toBe('');
  });
});
