import type { Io } from '../../frame/io.js';

/** What a key asks for. */
export type Key = 'quit' | 'again' | 'explain';

const keys: Readonly<Record<string, Key>> = { q: 'quit', r: 'again', e: 'explain' };
/** What a terminal sends for Ctrl-C when it leaves all keys to the program. */
const controlC = '\u0003';

/** Reports which keys are pressed, when standard input is a terminal. Disposing of it leaves the terminal as it was. */
export class Keys implements Disposable {
  /** Whether there are keys: standard input is a terminal. */
  readonly areRead: boolean;

  constructor(
    private readonly io: Pick<Io, 'stdin' | 'interrupt'>,
    private readonly pressed: (key: Key) => void,
  ) {
    const { stdin } = io;
    this.areRead = stdin?.isTTY === true && stdin.setRawMode !== undefined;
    if (!this.areRead) return;
    stdin?.setRawMode?.(true);
    stdin?.on('data', this.#take);
    stdin?.resume();
  }

  [Symbol.dispose](): void {
    if (!this.areRead) return;
    const { stdin } = this.io;
    stdin?.off('data', this.#take);
    stdin?.setRawMode?.(false);
    stdin?.pause();
  }

  readonly #take = (typed: Buffer | string): void => {
    for (const character of String(typed)) {
      if (character === controlC) this.io.interrupt?.();
      const key = keys[character.toLowerCase()];
      if (key !== undefined) this.pressed(key);
    }
  };
}
