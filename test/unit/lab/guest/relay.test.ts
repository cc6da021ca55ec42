import { connect } from 'node:net';
import { once } from 'node:events';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  creditPayload,
  encodeFrame,
  FrameDecoder,
  streamWindow,
} from '../../../../src/engine/vm/relay/frames.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';
import { echo, startGuest, type Serve } from '../../engine/vm/relay/guest.js';

/** A host that speaks in bytes. */
async function rawHost(serve: Serve = echo) {
  const guest = await startGuest(serve);
  const host = connect(guest.port);
  onTestFinished(() => void host.destroy());
  await once(host, 'connect');
  const decoder = new FrameDecoder();
  const say = (...frames: readonly Buffer[]): void => void host.write(Buffer.concat(frames));
  const hear = async (): Promise<readonly string[]> => {
    const [bytes] = (await once(host, 'data')) as [Buffer];
    return decoder.push(bytes).map(({ type, stream, payload }) => `${type} ${stream} ${payload.toString()}`);
  };
  return { guest, say, hear };
}

describe('lab/guest/relay.pl', () => {
  it('ignores what is for a stream that it does not have', async () => {
    const { say, hear } = await rawHost();
    const about = (['D', 'E', 'C'] as const).map((type) => encodeFrame(type, 9));
    say(...about, encodeFrame('W', 9, creditPayload(1)), encodeFrame('Q', 0, Buffer.from('n')));
    expect(await hear()).toEqual(['Q 0 n']);
    say(encodeFrame('R', 0, Buffer.from('m')));
    expect(await hear()).toEqual(['R 0 m']);
  });

  it.each([
    ['an unknown type', Buffer.from('z\0\0\0\x01\0\0\0\0'), 'no frame: type 0x7a, stream 1, length 0'],
    [
      'a payload that is too long',
      encodeFrame('D', 1, Buffer.alloc(65_537)),
      'type 0x44, stream 1, length 65537',
    ],
    ['credit that is no number', encodeFrame('W', 1, Buffer.from('12')), 'a credit that is no number'],
    ['a time that is none', encodeFrame('T', 0, Buffer.from('soon x')), 'a time that is none'],
    ['a stream twice', Buffer.concat([encodeFrame('O', 1), encodeFrame('O', 1)]), 'stream 1, which is open'],
  ])('ends at %s', async (_, bytes, complaint) => {
    const { guest, say } = await rawHost();
    say(bytes);
    const { code, stderr } = await guest.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^relay: the host /);
    expect(stderr).toContain(complaint);
  });

  it('sends no more than a window without credit', async () => {
    const { say, hear } = await rawHost();
    const piece = encodeFrame('D', 1, Buffer.alloc(60_000, 'x'));
    say(encodeFrame('O', 1));
    let got = 0;
    const count = (heard: readonly string[]): void => {
      for (const frame of heard) if (frame.startsWith('D')) got += frame.length - 'D 1 '.length;
    };
    for (let sent = 0; sent < 6; sent++) say(piece);
    while (got < streamWindow) count(await hear());
    say(encodeFrame('Q', 0, Buffer.from('n')));
    const last = await hear();
    count(last);
    expect(last.at(-1)).toBe('Q 0 n');
    expect(got).toBe(streamWindow);
    // Quiet is full windows again.
    say(encodeFrame('R', 0, Buffer.from('m')));
    while (got < 360_000) count(await hear());
    expect(got).toBe(360_000);
  });

  it('ends at a host that does not wait for credit', async () => {
    const { guest, say } = await rawHost((connection) => void connection.pause());
    const piece = encodeFrame('D', 1, Buffer.alloc(65_536));
    say(encodeFrame('O', 1), ...Array.from({ length: 64 }, () => piece));
    expect(await guest.ended).toEqual({
      code: 1,
      stderr: 'relay: the host sent more on stream 1 than it had credit for\n',
    });
  });

  it('needs no more of Perl than perl-base has', () => {
    const text = readFileSync(path.join(packageRoot, 'lab', 'guest', 'relay.pl'), 'utf8');
    const modules = [...text.matchAll(/^use ([A-Z]\w+(?:::\w+)*)/gm)].map(([, name]) => name!);
    expect(modules).toContain('Socket');
    const base = new Set(['Config', 'Errno', 'Fcntl', 'Socket']);
    expect(modules.filter((name) => !base.has(name))).toEqual([]);
  });

  it('says what it wants', () => {
    const relay = path.join(packageRoot, 'lab', 'guest', 'relay.pl');
    expect(() => execFileSync('perl', [relay], { stdio: 'pipe' })).toThrow(
      'usage: relay.pl PORT DOCKER_SOCKET',
    );
    expect(() => execFileSync('perl', [relay, '/nowhere/port', 'x'], { stdio: 'pipe' })).toThrow(
      'relay: cannot open the port /nowhere/port: No such file or directory',
    );
  });
});
