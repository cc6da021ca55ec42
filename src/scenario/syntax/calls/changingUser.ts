import { after, gluedTo } from './callArguments.js';
import type { ShellWord } from '../shellVariables.js';
import type { Word } from '../word.js';

/** Options of su and runuser that have a value. */
const ofSu: readonly string[] = ['-s', '-c', '-g', '-G', '-w', '--shell', '--command', '--group'];

/** Programs that run another as a user, each with where it names that. What they run may be anything: they are known to nobody here. */
export const changingUser: Readonly<Record<string, (args: readonly ShellWord[]) => readonly Word[]>> = {
  su: (args) => withoutOptions(ofSu, args).slice(0, 1),
  runuser: (args) => {
    const named = after(['-u', '--user'], args);
    return named.length > 0 ? named : withoutOptions(ofSu, args).slice(0, 1);
  },
  setpriv: (args) => args.flatMap((word) => gluedTo(word, '--reuid')),
  'start-stop-daemon': (args) => after(['-c', '--chuid'], args),
};

/** Arguments that are neither options nor the values of these. */
function withoutOptions(withValue: readonly string[], args: readonly ShellWord[]): readonly ShellWord[] {
  return args.filter(
    ({ text }, index) => !text.startsWith('-') && !withValue.includes(args[index - 1]?.text ?? ''),
  );
}
