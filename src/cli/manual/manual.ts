import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { Writable } from 'node:stream';
import { makeContext } from '../frame/context.js';
import { PossibleLeftovers } from '../frame/possibleLeftovers.js';
import type { Services } from '../frame/services.js';
import { fitText } from '../../report/text/wrap.js';
import { makeProgram } from '../program.js';
import { manPageText } from './manPage.js';

/** Columns of what stands in a page as `--help` prints it: man indents it by seven. */
const columns = 72;

/** The man page of this program. Nothing of what the services do is done. */
export function manual(services: Services): string {
  const written: string[] = [];
  const stdout = new Writable({
    decodeStrings: false,
    write: (text: string, _encoding, done) => {
      written.push(text);
      done();
    },
  });
  const io = {
    stdout: Object.assign(stdout, { columns }),
    stderr: stdout,
    env: {},
    cwd: '/',
    signal: new AbortController().signal,
    left: new PossibleLeftovers(),
    toParent: undefined,
  };
  const program = makeProgram(makeContext(io, services), () => () => Promise.resolve());
  const behind = (command: CommandUnknownOpts): string => {
    written.length = 0;
    command.outputHelp();
    // What is declared stands in front, in one piece, and the page has it already.
    const declared = written.indexOf(fitText(command.helpInformation(), columns));
    return written.slice(declared + 1).join('');
  };
  return manPageText(program, { version: services.version, behind });
}
