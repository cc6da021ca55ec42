import { describe, expect, it } from 'vitest';
import { setImmediate as turn } from 'node:timers/promises';
import { framePiece, streamWindow, type FrameType } from '../../../../../src/engine/vm/relay/frames.js';
import { RelayStream } from '../../../../../src/engine/vm/relay/relayStream.js';

/** A stream, and what it has sent: the frame's type, and the length of its payload; of W the credit. */
function stream() {
  const sent: (readonly [FrameType, number])[] = [];
  const made = new RelayStream(5, (type, payload) => {
    const value = type === 'W' ? payload!.readUInt32BE() : (payload?.length ?? 0);
    sent.push([type, value]);
  });
  return { made, sent };
}

describe('RelayStream', () => {
  it('sends no more than it has credit for, in pieces of a frame', async () => {
    const { made, sent } = stream();
    made.end(Buffer.alloc(streamWindow + 10));
    await turn();
    expect(sent).toEqual(Array.from({ length: 4 }, () => ['D', framePiece]));
    expect(made.isSent).toBe(false);
    made.receiveCredit(4);
    made.receiveCredit(framePiece);
    await turn();
    expect(sent.slice(4)).toEqual([
      ['D', 4],
      ['D', 6],
      ['E', 0],
    ]);
    expect(made.isSent).toBe(true);
  });

  it('puts together what is written at once', async () => {
    const { made, sent } = stream();
    made.cork();
    made.write('head');
    made.write('body');
    made.uncork();
    await turn();
    expect(sent).toEqual([['D', 8]]);
  });

  it('gives credit for what a reader takes, in pieces', async () => {
    const { made, sent } = stream();
    made.receive(Buffer.alloc(framePiece - 1));
    made.receive(Buffer.alloc(framePiece));
    await turn();
    expect(sent).toEqual([]);
    made.resume();
    await turn();
    expect(sent).toEqual([['W', 2 * framePiece - 1]]);
    made.receive(Buffer.alloc(framePiece - 1));
    await turn();
    expect(sent).toHaveLength(1);
  });

  it('counts from full windows after quiet', async () => {
    const { made, sent } = stream();
    made.write(Buffer.alloc(streamWindow));
    made.receive(Buffer.alloc(streamWindow));
    made.renewCredit();
    made.forgetOwed();
    sent.length = 0;
    made.resume();
    made.write(Buffer.alloc(1));
    await turn();
    expect(sent).toEqual([['D', 1]]);
  });

  it('is closed by a frame only while the guest has it', async () => {
    const open = stream();
    open.made.destroy();
    await turn();
    expect(open.sent).toEqual([['C', 0]]);

    const ended = stream();
    ended.made.resume();
    ended.made.receiveEnd();
    await turn();
    await turn();
    expect(ended.made.destroyed).toBe(true);
    expect(ended.sent).toEqual([['E', 0]]);

    const failed = stream();
    const error = new Error('gone');
    const seen = new Promise((resolve) => failed.made.once('error', resolve));
    failed.made.fail(error);
    expect(await seen).toBe(error);
    expect(failed.sent).toEqual([]);
  });

  it('tells that Docker ended it although nobody reads', async () => {
    const { made } = stream();
    const ended = new Promise((resolve) => made.once('close', resolve));
    made.receiveEnd();
    await ended;
    expect(made.writableEnded).toBe(true);
  });
});
