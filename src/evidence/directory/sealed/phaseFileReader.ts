import type { Phase } from '../../../contracts/words/phases.js';
import type { SealedFolder } from './sealedFolder.js';
import { messageOf } from '../../../support/errors.js';

/**
 * Reads one file of a phase and parses it. Undefined when that fails; then a problem that names the file is noted. A problem is also noted
 * when the file is no longer what it was when it was complete: its contents are still shown, but prove nothing.
 */
export type PhaseFileReader = <T>(name: string, parse: (bytes: Buffer) => T) => Promise<T | undefined>;

/** Makes a reader of a phase's files, which notes problems and goes on. */
export function phaseFileReader(
  folder: SealedFolder,
  phase: Phase,
  note: (problem: string) => void,
): PhaseFileReader {
  return async (name, parse) => {
    const { bytes, problem } = await folder.read(`${phase}/${name}`);
    if (problem !== undefined) note(`${name}: ${problem}`);
    if (bytes === undefined) return undefined;
    try {
      return parse(bytes);
    } catch (error) {
      // That it cannot be read follows from its being another file than was recorded.
      if (problem === undefined) note(`${name}: ${messageOf(error)}`);
      return undefined;
    }
  };
}
