import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** @import { Place } from './place.mjs' */

const script = fileURLToPath(new URL('measure.sh', import.meta.url));
const marker = '@@ measured ';

/**
 * @typedef {{ code: number, seconds: number, cpuSeconds: number, residentBytes: number, sent: number, received: number }} Measured
 */

/**
 * Runs a command in the client and measures it there (measure.sh). `talk` may write to its standard input, which is closed when it
 * has none, and is told each line that comes.
 * @param {Place} place
 * @param {readonly string[]} argv
 * @param {{ begin: (write: (text: string) => void) => void, line: (line: string) => void }} [talk]
 * @returns {Promise<{ measured: Measured, output: string }>} `output`: standard output and error, line by line
 */
export async function measure(place, argv, talk) {
  const command = ['bash', await place.put(script), place.target.device, ...argv];
  const [program = '', ...rest] = place.enter(command);
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
  /** @type {string[]} */
  const lines = [];
  /** @type {Measured | undefined} */
  let measured;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (line.startsWith(marker)) {
        measured = /** @type {Measured} */ (JSON.parse(line.slice(marker.length)));
        return;
      }
      lines.push(line);
      talk?.line(line);
    });
  }
  // It may be gone before all was written.
  child.stdin.on('error', () => undefined);
  if (talk === undefined) child.stdin.end();
  else talk.begin((text) => child.stdin.write(text));
  await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  const output = lines.join('\n');
  if (measured === undefined) throw new Error(`${command.join(' ')} could not be measured:\n${output}`);
  return { measured, output };
}

/**
 * Runs a command and returns its standard output; rejects with what it said when it fails.
 * @param {readonly string[]} argv
 * @param {{ cwd?: string }} [options]
 * @returns {Promise<string>}
 */
export async function run([program = '', ...argv], { cwd } = {}) {
  const child = spawn(program, argv, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let stdout = '';
  let said = '';
  child.stdout.on('data', (/** @type {Buffer} */ chunk) => (stdout += chunk.toString()));
  child.stderr.on('data', (/** @type {Buffer} */ chunk) => (said += chunk.toString()));
  const code = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  if (code !== 0)
    throw new Error(`${[program, ...argv].join(' ')} ended with exit code ${code}:\n${stdout}${said}`);
  return stdout;
}
