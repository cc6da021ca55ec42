import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Keys, type Key } from '../../../../../src/cli/commands/watch/keys.js';

/** Standard input that writes down what it is told. */
class FakeInput extends EventEmitter {
  readonly told: string[] = [];
  constructor(readonly isTTY: boolean) {
    super();
  }
  setRawMode(isRaw: boolean): void {
    this.told.push(isRaw ? 'raw' : 'cooked');
  }
  resume(): void {
    this.told.push('resume');
  }
  pause(): void {
    this.told.push('pause');
  }
}

function pressing(isTTY: boolean) {
  const stdin = new FakeInput(isTTY);
  const pressed: (Key | 'interrupt')[] = [];
  const keys = new Keys({ stdin, interrupt: () => pressed.push('interrupt') }, (key) => pressed.push(key));
  return { stdin, pressed, keys };
}

describe('keys', () => {
  it('are read one by one at a terminal, which is left as it was', () => {
    const { stdin, pressed, keys } = pressing(true);
    expect(keys.areRead).toBe(true);
    stdin.emit('data', Buffer.from('r'));
    stdin.emit('data', 'xEq\u001b[A');
    expect(pressed).toEqual(['again', 'explain', 'quit']);
    keys[Symbol.dispose]();
    stdin.emit('data', 'q');
    expect(pressed.length).toBe(3);
    expect(stdin.told).toEqual(['raw', 'resume', 'cooked', 'pause']);
    expect(stdin.listenerCount('data')).toBe(0);
  });

  it('have Ctrl-C, which the terminal then leaves to the program', () => {
    const { stdin, pressed } = pressing(true);
    stdin.emit('data', '\u0003');
    expect(pressed).toEqual(['interrupt']);
  });

  it('are left alone where there is no terminal', () => {
    const { stdin, pressed, keys } = pressing(false);
    expect(keys.areRead).toBe(false);
    stdin.emit('data', 'q');
    keys[Symbol.dispose]();
    expect(pressed).toEqual([]);
    expect(stdin.told).toEqual([]);
    expect(new Keys({ interrupt: () => undefined }, () => undefined).areRead).toBe(false);
  });
});
