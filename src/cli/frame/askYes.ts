import type { Io } from './io.js';

/** Asks a question on the terminal: whether the answer begins with `y`. Undefined: there is no terminal. Rejects with the signal's reason. */
export async function askYes(
  question: string,
  { stdin, stderr, signal }: Pick<Io, 'stdin' | 'stderr' | 'signal'>,
): Promise<boolean | undefined> {
  if (stdin?.isTTY !== true || stderr.isTTY !== true) return undefined;
  stderr.write(question);
  return await new Promise((resolve, reject) => {
    const end = () => {
      stdin.off('data', take);
      signal.removeEventListener('abort', stop);
      stdin.pause();
    };
    const take = (typed: Buffer | string) => {
      end();
      resolve(/^\s*y/i.test(typed.toString()));
    };
    const stop = () => {
      end();
      reject(signal.reason as Error);
    };
    if (signal.aborted) {
      stop();
      return;
    }
    stdin.on('data', take);
    signal.addEventListener('abort', stop);
    stdin.resume();
  });
}
