import { describe, expect, it } from 'vitest';
import type { Messages } from '../../../../../../lab/clients/raw/io/messages.js';
import { FrameSender } from '../../../../../../lab/clients/raw/io/sender.js';

interface Answer {
  readonly sent: number;
  readonly error: string | undefined;
}

/** A socket that answers with these, one after the other, and then takes everything. */
function socket(answers: readonly Answer[]) {
  const asked: [number, number][] = [];
  let waits = 0;
  return {
    asked,
    waits: () => waits,
    send: (_: Messages, from: number, count: number): Answer => {
      asked.push([from, count]);
      return answers[asked.length - 1] ?? { sent: count, error: undefined };
    },
    waitForRoom: () => {
      waits += 1;
    },
  };
}

function put(sender: FrameSender, frames: number): void {
  for (let frame = 0; frame < frames; frame += 1) {
    const at = sender.reserve();
    sender.bytes.fill(frame, at, at + 1514);
    sender.commit(1514);
  }
}

const full = { sent: 0, error: 'ENOBUFS' };

describe('a sender', () => {
  it('hands over all frames in one call', () => {
    const kernel = socket([]);
    const sender = new FrameSender(kernel);
    put(sender, 5);
    expect(kernel.asked).toEqual([]);
    expect(sender.flush()).toBe(true);
    expect(kernel.asked).toEqual([[0, 5]]);
    expect(sender.flush()).toBe(false);
    expect(kernel.asked).toHaveLength(1);
  });

  it('hands over when there is no room for another frame, and loses none', () => {
    const kernel = socket([]);
    const sender = new FrameSender(kernel);
    put(sender, 300);
    sender.flush();
    expect(kernel.asked.reduce((sum, [, count]) => sum + count, 0)).toBe(300);
    expect(kernel.asked.length).toBeGreaterThan(1);
  });

  it('goes on behind what the kernel took', () => {
    const kernel = socket([{ sent: 3, error: undefined }]);
    const sender = new FrameSender(kernel);
    put(sender, 5);
    sender.flush();
    expect(kernel.asked).toEqual([
      [0, 5],
      [3, 2],
    ]);
    expect(sender.errors).toEqual({});
  });

  it('waits where there is no room for a moment', () => {
    const kernel = socket([full, full]);
    const sender = new FrameSender(kernel);
    put(sender, 2);
    sender.flush();
    expect(kernel.asked).toEqual([
      [0, 2],
      [0, 2],
      [0, 2],
    ]);
    expect(kernel.waits()).toBe(2);
    expect(sender.errors).toEqual({});
  });

  it('gives frames up, and counts them, where there is no room for long', () => {
    const kernel = { ...socket([]), send: () => full };
    const sender = new FrameSender(kernel);
    put(sender, 2);
    sender.flush();
    expect(sender.errors).toEqual({ ENOBUFS: 2 });
  });

  it('gives up at once a frame that the kernel will never take, and sends the others', () => {
    const kernel = socket([{ sent: 0, error: 'EMSGSIZE' }]);
    const sender = new FrameSender(kernel);
    put(sender, 3);
    sender.flush();
    expect(kernel.asked).toEqual([
      [0, 3],
      [1, 2],
    ]);
    expect(kernel.waits()).toBe(0);
    expect(sender.errors).toEqual({ EMSGSIZE: 1 });
  });
});
