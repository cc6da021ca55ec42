import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, type Socket } from 'node:net';
import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { GuestRelay } from '../../../../../src/engine/vm/relay/guestRelay.js';
import type { RelayStream } from '../../../../../src/engine/vm/relay/relayStream.js';
import { streamWindow } from '../../../../../src/engine/vm/relay/frames.js';
import { LabError } from '../../../../../src/support/errors.js';
import { waitFor } from '../../../../../src/support/wait.js';
import { echo, startGuest, untilEnd } from './guest.js';

const megabytes = (count: number): Buffer => randomBytes(count << 20);
const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** The next bytes of a stream, this many. */
async function take(stream: RelayStream, count: number): Promise<Buffer> {
  const got: Buffer[] = [];
  for (let left = count; left > 0;) {
    const piece = (stream.read(Math.min(left, stream.readableLength)) ?? Buffer.alloc(0)) as Buffer;
    if (piece.length === 0) await once(stream, 'readable');
    got.push(piece);
    left -= piece.length;
  }
  return Buffer.concat(got);
}

const ask = async (stream: RelayStream, line: string): Promise<string> => {
  stream.write(line);
  return (await take(stream, line.length)).toString();
};

describe('GuestRelay', () => {
  it('has many streams at once, numbered from 1', async () => {
    const guest = await startGuest(echo);
    const relay = await guest.connect();
    const streams = Array.from({ length: 60 }, () => relay.open());
    expect(streams.map(({ id }) => id)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    expect(relay.nextStream).toBe(61);
    const answers = streams.map(async (stream, index) => {
      stream.end(`stream ${index}`);
      return text(stream);
    });
    expect(await Promise.all(answers)).toEqual(streams.map((_, index) => `stream ${index}`));
  });

  it('carries 50 MB both ways at once, beside a stream that nobody reads', async () => {
    const body = megabytes(50);
    let unread = 0;
    const guest = await startGuest((connection) => {
      connection.once('data', (first) => {
        if (first.toString() !== 'flood') {
          connection.unshift(first);
          echo(connection);
          return;
        }
        const more = (): void => {
          while (connection.write(Buffer.alloc(1 << 16))) unread += 1 << 16;
        };
        connection.on('drain', more);
        more();
      });
    });
    const relay = await guest.connect();
    const slow = relay.open();
    slow.write('flood');
    const quick = relay.open();
    const [got] = await Promise.all([buffer(quick), pipeline(Readable.from(pieces(body)), quick)]);
    expect(digest(got)).toBe(digest(body));
    // What nobody reads is bounded by the window, and what the sockets on the way hold.
    expect(slow.readableLength).toBeGreaterThan(0);
    expect(slow.readableLength).toBeLessThanOrEqual(streamWindow);
    expect(unread).toBeLessThan(4 << 20);
    expect(await ask(relay.open(), 'still there')).toBe('still there');
  });

  it('gives a slow reader everything', async () => {
    const body = megabytes(3);
    const guest = await startGuest((connection) => connection.end(body));
    const relay = await guest.connect();
    const pieces: Buffer[] = [];
    for await (const piece of relay.open()) {
      pieces.push(piece as Buffer);
      await sleep(1);
    }
    expect(digest(Buffer.concat(pieces))).toBe(digest(body));
  });

  it('lets Docker answer after the end of what it was sent', async () => {
    const guest = await startGuest((connection) => {
      void untilEnd(connection).then((all) => connection.end(`got ${all}`));
    });
    const relay = await guest.connect();
    const stream = relay.open();
    stream.end('everything');
    expect(await untilEnd(stream)).toBe('got everything');
  });

  it('can send after Docker ended its side', async () => {
    let received: Promise<string> | undefined;
    const guest = await startGuest((connection) => {
      received = untilEnd(connection);
      connection.end('hello');
    });
    const relay = await guest.connect();
    const stream = relay.open();
    stream.allowHalfOpen = true;
    expect(await untilEnd(stream)).toBe('hello');
    const closed = once(stream, 'close');
    stream.end('and good-bye');
    expect(await received).toBe('and good-bye');
    await closed;
  });

  it('closes what either side closes', async () => {
    const connections: Socket[] = [];
    const guest = await startGuest((connection) => {
      connections.push(connection);
      connection.write('hi');
    });
    const relay = await guest.connect();
    const [byHost, byDocker] = [relay.open(), relay.open()];
    await Promise.all([take(byHost, 2), take(byDocker, 2)]);
    const closed = once(connections[0]!, 'close');
    connections[0]!.on('end', () => connections[0]!.end()).resume();
    byHost.destroy();
    await closed;
    const ended = once(byDocker, 'close');
    connections[1]!.destroy();
    await ended;
    expect(byDocker.writableEnded).toBe(true);
  });

  it('gets what Docker answered before it stopped to listen', async () => {
    const guest = await startGuest((connection) => {
      connection.once('data', () => {
        connection.pause();
        connection.write('no', () => connection.destroy());
      });
    });
    const relay = await guest.connect();
    const stream = relay.open();
    const refused = Promise.race([take(stream, 2), once(stream, 'error')]);
    stream.on('error', () => undefined);
    stream.write(megabytes(4));
    expect(String(await refused)).toBe('no');
  });

  it('says why a stream could not be opened', async () => {
    const guest = await startGuest(echo);
    const relay = await guest.connect();
    await rm(guest.docker);
    const [error] = (await once(relay.open(), 'error')) as [Error];
    expect(error).toBeInstanceOf(LabError);
    expect(error.message).toMatch(/connection 1 to the guest's Docker ended: .*docker: No such file/);
  });

  it('hands streams over to another process, and loses nothing', async () => {
    const size = 8 << 20;
    const numbers = Buffer.from(Uint32Array.from({ length: size / 4 }, (_, index) => index).buffer);
    const sent: Buffer[] = [];
    const guest = await startGuest((connection) => {
      connection.once('data', (first) => {
        if (first.toString() === 'count') {
          connection.write(numbers);
          return;
        }
        sent.push(first);
        connection.on('data', (data) => sent.push(data));
      });
    });
    const first = await guest.connect();
    const [down, up] = [first.open(), first.open()];
    const got: Buffer[] = [];
    down.on('data', (data: Buffer) => got.push(data));
    down.write('count');
    const body = megabytes(2);
    up.write(body.subarray(0, 1 << 20));
    await waitFor('some of it', () => (Buffer.concat(got).length > 1 << 20 ? true : undefined), {
      seconds: 20,
      everyMs: 1,
    });
    await first.quiet();
    const before = Buffer.concat(got).length;
    expect(before).toBeLessThan(size);
    // Nothing comes, whatever Docker has to say.
    await sleep(150);
    expect(Buffer.concat(got).length).toBe(before);
    down.on('error', () => undefined);
    up.on('error', () => undefined);
    first.close();

    const second = await guest.connect({ nextStream: first.nextStream });
    const [downAgain, upAgain] = [second.adopt(down.id), second.adopt(up.id)];
    expect(() => second.adopt(up.id)).toThrow(RangeError);
    expect(() => second.adopt(second.nextStream)).toThrow(RangeError);
    downAgain.on('data', (data: Buffer) => got.push(data));
    await second.resume();
    upAgain.write(body.subarray(1 << 20));
    const arrived = () =>
      Buffer.concat(got).length === size && Buffer.concat(sent).length === body.length ? true : undefined;
    await waitFor('all of it', arrived, { seconds: 30 });
    expect(digest(Buffer.concat(got))).toBe(digest(numbers));
    expect(digest(Buffer.concat(sent))).toBe(digest(body));
    expect(second.open().id).toBe(3);
  });

  it('goes on by itself after being quiet, also with what was written meanwhile', async () => {
    const guest = await startGuest(echo);
    const relay = await guest.connect();
    const stream = relay.open();
    expect(await ask(stream, 'before')).toBe('before');
    const quiet = relay.quiet();
    stream.write('mean');
    await quiet;
    await expect(relay.quiet()).rejects.toThrow(RangeError);
    stream.write('while');
    const late = relay.open();
    late.write('late');
    await sleep(100);
    expect(stream.readableLength).toBe(0);
    await relay.resume();
    expect((await take(stream, 9)).toString()).toBe('meanwhile');
    expect((await take(late, 4)).toString()).toBe('late');
    // The windows are as they were: bodies larger than them come through, in one direction and the other.
    const body = megabytes(3);
    const got = take(stream, body.length);
    for (let round = 0; round < 3; round++) {
      const asked = relay.quiet();
      stream.write(body.subarray(round << 20, (round + 1) << 20));
      await asked;
      await relay.resume();
    }
    expect(digest(await got)).toBe(digest(body));
  });

  it('is quiet only when what was written has been sent', async () => {
    const received: Buffer[] = [];
    const guest = await startGuest((connection) => connection.on('data', (data) => received.push(data)));
    const relay = await guest.connect();
    const body = megabytes(4);
    relay.open().write(body);
    await relay.quiet();
    // What is in the guest's hands reaches Docker while it is quiet.
    const arrived = () => (Buffer.concat(received).length === body.length ? true : undefined);
    await waitFor('all of it', arrived, { seconds: 20 });
    expect(digest(Buffer.concat(received))).toBe(digest(body));
  });

  it('wakes a guest whose clock is right', async () => {
    const guest = await startGuest(echo);
    const relay = await guest.connect();
    await relay.wake(new Date(), randomBytes(64));
    expect(await ask(relay.open(), 'awake')).toBe('awake');
  });

  it('sets a clock that is wrong, which here it may not', async () => {
    const guest = await startGuest(echo);
    const relay = await guest.connect();
    const woken = relay.wake(new Date(Date.now() + 86_400_000), randomBytes(64)).catch(() => undefined);
    expect(await guest.ended).toEqual({
      code: 1,
      stderr: 'relay: cannot set the clock: Operation not permitted\n',
    });
    relay.close();
    await woken;
  });

  it('ends the guest’s program', async () => {
    const guest = await startGuest(echo);
    const relay = await guest.connect();
    await relay.wake(new Date(), randomBytes(64));
    relay.powerOff();
    expect(await guest.ended).toEqual({ code: 0, stderr: '' });
  });

  it('rejects all that waits when the connection ends', async () => {
    const guest = await startGuest(echo);
    const connections: Socket[] = [];
    const silent = createServer((connection) => connections.push(connection.resume()));
    const at = `${guest.port}.silent`;
    await new Promise<void>((resolve) => silent.listen(at, resolve));
    const relay = await GuestRelay.connect(at);
    const stream = relay.open();
    const broken = once(stream, 'error');
    const waiting = [relay.wake(new Date(), randomBytes(4)), relay.resume(), relay.quiet(), relay.lost];
    await waitFor('the connection', () => connections[0], { seconds: 5, everyMs: 5 });
    connections[0]!.destroy();
    for (const result of await Promise.allSettled(waiting)) {
      expect(result.status === 'rejected' && (result.reason as unknown)).toBeInstanceOf(LabError);
    }
    expect((await broken)[0]).toBeInstanceOf(LabError);
    expect((await once(relay.open(), 'error'))[0]).toBeInstanceOf(LabError);
    await expect(relay.quiet()).rejects.toThrow(LabError);
    silent.close();
    await expect(GuestRelay.connect(`${at}.none`)).rejects.toThrow(LabError);
  });

  it('is not lost when it is closed', async () => {
    const guest = await startGuest(echo);
    const relay = await guest.connect();
    relay.close();
    const outcome = await Promise.race([relay.lost.catch(() => 'lost'), sleep(100, 'nothing')]);
    expect(outcome).toBe('nothing');
  });
});

/** Cuts bytes in pieces of odd sizes. */
function* pieces(bytes: Buffer): Generator<Buffer> {
  const size = 77_777;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
