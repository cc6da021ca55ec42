import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LabError } from '../../../src/support/errors.js';
import { hostCommand, isProgramMissing, type HostCommandOptions } from '../../../src/support/exec.js';

const run = (argv: readonly string[], options: Partial<HostCommandOptions> = {}): Promise<string> =>
  hostCommand(argv, { purpose: 'make a test', seconds: 10, ...options });

const failure = async (...parameters: Parameters<typeof run>): Promise<LabError> => {
  const error = await run(...parameters).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LabError);
  return error as LabError;
};

describe('hostCommand', () => {
  it('gives a program’s standard output, run with the environment and in the folder asked for', async () => {
    const script = 'echo "$WORD in $PWD"; echo noise >&2';
    expect(await run(['sh', '-c', script], { env: { WORD: 'hello' }, cwd: '/' })).toBe('hello in /');
  });

  it('finds programs of system folders that PATH lacks, after those it has', async () => {
    const found = await run(['sh', '-c', 'echo "$PATH"']);
    expect(found).toBe(`${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`);
  });

  it('gives a program nothing to read', async () => {
    expect(await run(['cat'])).toBe('');
  });

  it('has a program read a file and write another, as large as they are, and neither comes back', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'lvs-lab-exec-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const [inputFile, outputFile] = [path.join(folder, 'a b'), path.join(folder, 'out')];
    const bytes = Buffer.alloc(20_000_000, 'ä\xff\0');
    writeFileSync(inputFile, bytes);
    expect(await run(['cat'], { inputFile, outputFile })).toBe('');
    expect(readFileSync(outputFile).equals(bytes)).toBe(true);
    const error = await failure(['sh', '-c', 'echo out; echo why >&2; exit 3'], { inputFile, outputFile });
    expect(error.details).toBe(
      `$ sh -c 'echo out; echo why >&2; exit 3' <'${inputFile}' >${outputFile}\nwhy`,
    );
    expect(readFileSync(outputFile, 'utf8')).toBe('out\n');
    const unwritable = await failure(['cat'], { inputFile, outputFile: path.join(folder, 'no/where') });
    expect(unwritable.message).toContain('could not make a test');
  });

  it('says that a program is not installed, and how to see what is missing', async () => {
    const error = await failure(['no-such-program', 'a b']);
    expect(error.message).toBe('could not make a test: the program `no-such-program` is not installed');
    expect(error.hint).toContain('lvs-lab doctor');
    expect(error.details).toContain("$ no-such-program 'a b'");
    expect(isProgramMissing(error)).toBe(true);
    expect(isProgramMissing(await failure(['false']))).toBe(false);
  });

  it('shows a failed command as a line to paste, with the end of what it printed', async () => {
    const script = 'for n in $(seq 100); do echo "line $n"; done; echo why >&2; exit 3';
    const error = await failure(['sh', '-c', script]);
    expect(error.message).toBe('could not make a test: `sh` ended with exit code 3');
    const lines = error.details?.split('\n') ?? [];
    expect(lines[0]).toBe(`$ sh -c '${script}'`);
    expect(lines.slice(1)).toEqual([
      ...Array.from({ length: 39 }, (_, index) => `line ${index + 62}`),
      'why',
    ]);
    expect(error.cause).toBeInstanceOf(Error);
  });

  it('ends a program that takes too long', async () => {
    const error = await failure(['tail', '-f', '/dev/null'], { seconds: 0.05 });
    expect(error.message).toBe('could not make a test: `tail` did not end within 50 ms');
  });

  it('names the signal that ended a program', async () => {
    const error = await failure(['sh', '-c', 'kill -KILL $$']);
    expect(error.message).toBe('could not make a test: `sh` was ended by SIGKILL');
  });

  it('says what to do when the disk is full', async () => {
    const error = await failure([
      'sh',
      '-c',
      'echo "cp: error writing x: No space left on device" >&2; exit 1',
    ]);
    expect(error.message).toBe('could not make a test: no space left on the device');
    expect(error.hint).toContain('lvs-lab clean --cache');
    expect(error.hint).toContain('XDG_CACHE_HOME');
    expect(error.details).toContain('cp: error writing x');
  });

  it.each([
    ['/tmp/work/x', ['TMPDIR'], ['--out']],
    ['/somewhere/x', ['TMPDIR', '--out'], []],
  ])('names what is full of what it writes to: %s', async (file, named, others) => {
    const rooms = [
      { directory: '/tmp/work', setting: 'TMPDIR' },
      { directory: '/runs', setting: '--out' },
    ];
    const said = `echo "/runs/y written"; echo "cp: error writing ${file}: No space left on device" >&2; exit 1`;
    const { hint } = await failure(['sh', '-c', said], { rooms });
    for (const setting of named) expect(hint).toContain(`(${setting})`);
    for (const setting of [...others, 'XDG_CACHE_HOME']) expect(hint).not.toContain(setting);
  });

  it('rejects with the reason of the signal that stopped it', async () => {
    const stop = new AbortController();
    const running = run(['tail', '-f', '/dev/null'], { signal: stop.signal });
    const reason = new LabError('interrupted by SIGINT');
    stop.abort(reason);
    await expect(running).rejects.toBe(reason);
    await expect(run(['true'], { signal: stop.signal })).rejects.toBe(reason);
  });
});
