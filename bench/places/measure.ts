import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { LabError } from '../../src/support/errors.js';
import { shellQuote } from '../../src/support/quote.js';
import type { ClientPlace } from './clientPlace.js';

const script = fileURLToPath(new URL('measure.sh', import.meta.url));
const marker = '@@ measured ';

/** What measure.sh says last. */
const measuredSchema = z.object({
  code: z.number(),
  seconds: z.number(),
  cpuSeconds: z.number(),
  residentBytes: z.number(),
  /** Packets of the client's interface meanwhile. */
  sent: z.number(),
  received: z.number(),
});

export type Measured = z.infer<typeof measuredSchema>;

/** Who speaks with a command while it is measured. */
interface Speaker {
  /** Called once, with what writes to the command's standard input. */
  readonly begin: (write: (text: string) => void) => void;
  /** Called with each line of its output. */
  readonly line: (line: string) => void;
}

/** What a command took, and what it printed on standard output and standard error, line by line. */
interface MeasuredRun {
  readonly measured: Measured;
  readonly output: string;
}

/**
 * Runs a command in the client and measures it there (measure.sh). Its standard input is closed when nobody speaks with it. Rejects with
 * LabError when it could not be measured; that it failed is in `code`.
 */
export async function measure(
  place: ClientPlace,
  argv: readonly string[],
  speaker?: Speaker,
): Promise<MeasuredRun> {
  const command = ['bash', await place.put(script), place.target.device, ...argv];
  const [program = '', ...rest] = place.enter(command);
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
  const lines: string[] = [];
  let last: string | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (line.startsWith(marker)) {
        last = line.slice(marker.length);
        return;
      }
      lines.push(line);
      speaker?.line(line);
    });
  }
  // It may be gone before all was written.
  child.stdin.on('error', () => undefined);
  if (speaker === undefined) child.stdin.end();
  else speaker.begin((text) => child.stdin.write(text));
  await once(child, 'close');
  const output = lines.join('\n');
  if (last === undefined) {
    throw new LabError('a command could not be measured', { details: `$ ${shellQuote(command)}\n${output}` });
  }
  return { measured: measuredSchema.parse(JSON.parse(last)), output };
}
