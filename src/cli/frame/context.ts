import { noPaint, paintFor, type Paint } from '../../report/text/colour.js';
import { errorText } from '../../report/text/errorText.js';
import { withoutForeignControls } from '../../report/text/controlCharacters.js';
import type { Io } from './io.js';
import type { Services } from './services.js';

/** Everything that a command gets: the process's streams, the services, and ways to print. */
export interface Context {
  readonly io: Io;
  readonly services: Services;
  /** Writes text to stdout. */
  readonly print: (text: string) => void;
  /** Writes status to stderr. */
  readonly tell: (text: string) => void;
  /** Writes a value to stdout as JSON. */
  readonly printJson: (value: unknown) => void;
  /** Writes an error to stderr for people. */
  readonly complain: (error: unknown) => void;
  /** Colours for stdout. */
  readonly paint: Paint;
  readonly debug: boolean;
}

export function makeContext(io: Io, services: Services): Context {
  const debug = Boolean(io.env['LVS_LAB_DEBUG']);
  const onStderr = io.stderr.isTTY === true ? paintFor(io.stderr, io.env) : noPaint;
  const print = (text: string) => {
    io.stdout.write(withoutForeignControls(text));
  };
  const tell = (text: string) => {
    io.stderr.write(withoutForeignControls(text));
  };
  return {
    io,
    services,
    print,
    tell,
    printJson: (value) => {
      print(`${JSON.stringify(value, null, 2)}\n`);
    },
    complain: (error) => {
      tell(errorText(error, { paint: onStderr, debug }));
    },
    paint: paintFor(io.stdout, io.env),
    debug,
  };
}
