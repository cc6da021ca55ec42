import { paintFor } from '../../report/text/colour.js';
import { jsonReporter } from '../../report/progress/json.js';
import { plainReporter } from '../../report/progress/plain.js';
import { quietReporter } from '../../report/progress/quiet.js';
import type { Reporter, Write } from '../../report/progress/reporter.js';
import { withoutForeignControls } from '../../report/text/controlCharacters.js';
import { ttyReporter } from '../../report/progress/tty.js';
import type { Io } from '../frame/io.js';

export const progressKinds = ['auto', 'tty', 'plain', 'json', 'quiet'] as const;
export type Progress = (typeof progressKinds)[number];

/** The reporter that `--progress` asks for, on stderr; `auto` is a spinner for a person at a terminal, and lines for everyone else. */
export function reporterFor(progress: Progress, io: Io): Reporter {
  const now = () => performance.now();
  const write: Write = (text) => {
    io.stderr.write(withoutForeignControls(text));
  };
  const kind = progress === 'auto' ? automatic(io) : progress;
  switch (kind) {
    case 'tty':
      return ttyReporter(io.stderr, paintFor(io.stderr, io.env), now);
    case 'plain':
      return plainReporter(write, now);
    case 'json':
      return jsonReporter(write, () => new Date());
    case 'quiet':
      return quietReporter(write);
    default:
      return kind satisfies never;
  }
}

function automatic({ stderr, env }: Io): 'tty' | 'plain' {
  return stderr.isTTY === true && !env['CI'] && env['TERM'] !== 'dumb' ? 'tty' : 'plain';
}
