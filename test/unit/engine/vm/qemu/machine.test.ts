import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Machine } from '../../../../../src/engine/vm/qemu/machine.js';
import { LabError } from '../../../../../src/support/errors.js';
import { shellQuote } from '../../../../../src/support/quote.js';
import { nodeForTypeScript } from '../../../programs.js';
import { tempFolder, withEnvironment } from '../../tempFolder.js';

/** Starts what stands in for QEMU. */
function start(
  mode: 'serves' | 'late' | 'refuses' | 'deaf' | 'missing' | 'cannot-save',
  { state, signal }: { readonly state?: string; readonly signal?: AbortSignal } = {},
) {
  const folder = tempFolder();
  const script = fileURLToPath(new URL('fakeQemu.ts', import.meta.url));
  const wrapper = `#!/bin/sh\nexec ${shellQuote([...nodeForTypeScript, script])} "$@"\n`;
  if (mode !== 'missing') writeFileSync(path.join(folder, 'setpriv'), wrapper, { mode: 0o755 });
  // Nothing else is on PATH: a real QEMU must not be what starts.
  withEnvironment({
    FAKE_QEMU: mode,
    FAKE_QEMU_PID: path.join(folder, 'pid'),
    FAKE_QEMU_ASKED: path.join(folder, 'asked'),
    PATH: folder,
  });
  const files = {
    kernel: { key: 'k', release: '6.1.0', image: '/cache/vmlinuz', initramfs: '/cache/initramfs' },
    disk: path.join(folder, 'disk'),
    qmpSocket: path.join(folder, 'qmp'),
    relaySocket: path.join(folder, 'relay'),
    memory: undefined,
    state,
    outbound: false,
  };
  const size = { accelerator: 'tcg', memory: 512, cpus: 1 } as const;
  const consoleFile = path.join(folder, 'console.log');
  const machine = Machine.start(size, files, consoleFile, signal);
  const pid = (): number => Number(readFileSync(path.join(folder, 'pid'), 'utf8'));
  /** The commands that it was given, with their arguments. */
  const asked = (): readonly Asked[] =>
    readFileSync(path.join(folder, 'asked'), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Asked);
  return { machine, consoleFile, pid, pidFile: path.join(folder, 'pid'), asked };
}

interface Asked {
  readonly execute: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

async function running(...how: Parameters<typeof start>) {
  const { machine: starting, ...rest } = start(...how);
  const machine = await starting;
  onTestFinished(() => machine[Symbol.asyncDispose]());
  return { machine, ...rest };
}

const errorOf = async (promise: Promise<unknown>): Promise<LabError> => {
  const error = await promise.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LabError);
  return error as LabError;
};

const statusOf = async ({ qmp }: Machine): Promise<unknown> =>
  ((await qmp.execute('query-status')) as { readonly status: unknown }).status;

const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}`);

describe('Machine', () => {
  it('answers, and is gone when disposed of', async () => {
    const { machine, consoleFile, pid } = await running('serves');
    expect(await statusOf(machine)).toBe('running');
    expect(pid()).toBe(machine.pid);
    await machine[Symbol.asyncDispose]();
    expect(isRunning(pid())).toBe(false);
    expect(readFileSync(consoleFile, 'utf8')).toBe('SeaBIOS\r\nbooting\r\n');
  });

  it('is waited for when its control socket is there and nobody listens on it yet', async () => {
    const { machine: starting } = start('late');
    await using machine = await starting;
    expect(await statusOf(machine)).toBe('running');
  });

  it('shows QEMU’s own words and its command line when it refuses to start', async () => {
    const error = await errorOf(start('refuses').machine);
    expect(error.message).toBe('QEMU ended with exit code 1');
    expect(error.details).toMatch(
      /^\$ setpriv --pdeathsig KILL -- qemu-system-x86_64 .*\n.*Permission denied$/,
    );
  });

  it('says which program is missing', async () => {
    const error = await errorOf(start('missing').machine);
    expect(error.message).toContain('`setpriv` is not installed');
  });

  it('leaves no process behind when the control socket does not answer', async () => {
    const { machine, pid } = start('deaf');
    await expect(machine).rejects.toThrow();
    // A busy machine takes its time to end a process.
    await expect.poll(() => isRunning(pid()), { timeout: 30_000 }).toBe(false);
  });

  it.each([
    ['is killed', 'QEMU was killed by SIGKILL', ({ pid }: Machine) => void process.kill(pid, 'SIGKILL')],
    [
      'powers off by itself',
      'the guest powered off before its time',
      ({ qmp }: Machine) => void qmp.execute('power-off').catch(() => undefined),
    ],
    [
      'panics',
      "the guest's kernel panicked: Attempted to kill init!",
      ({ qmp }: Machine) => void qmp.execute('panic').catch(() => undefined),
    ],
  ])('is lost, with the console’s last lines, when it %s', async (_, message, end) => {
    const { machine, consoleFile } = await running('serves');
    end(machine);
    const error = await errorOf(machine.lost);
    expect(error.message).toBe(message);
    expect(error.details).toContain(`last lines of the console, ${consoleFile}, the last of them at `);
    expect(error.details).toMatch(/:\nSeaBIOS\nbooting(\n|$)/);
  });

  it('is lost when there is no room for what the guest writes, and says where that is', async () => {
    const { machine } = await running('serves');
    await machine.qmp.execute('disk-full');
    const error = await errorOf(machine.lost);
    expect(error.message).toMatch(/^no space left on the disk of .* for what the guest writes to its disk$/);
    expect(error.hint).toContain('(TMPDIR)');
  });

  it('is not lost by a block that cannot be written, which the guest is told of', async () => {
    const { machine } = await running('serves');
    let lost = false;
    machine.lost.catch(() => (lost = true));
    await machine.qmp.execute('disk-error');
    await statusOf(machine);
    expect(lost).toBe(false);
  });

  it('is killed at once when it is told to stop, also while it starts, and not begun after that', async () => {
    const stop = new AbortController();
    const { machine, pid } = await running('serves', { signal: stop.signal });
    stop.abort(new Error('interrupted'));
    await expect(machine.lost).rejects.toThrow('QEMU was killed by SIGKILL');
    expect(isRunning(pid())).toBe(false);
    const early = new AbortController();
    const begun = start('late', { signal: early.signal });
    await expect.poll(() => existsSync(begun.pidFile), { timeout: 30_000 }).toBe(true);
    early.abort(new Error('interrupted'));
    await expect(begun.machine).rejects.toThrow('QEMU was killed by SIGKILL');
    const never = start('serves', { signal: AbortSignal.abort(new Error('interrupted before')) });
    await expect(never.machine).rejects.toThrow('interrupted before');
    expect(existsSync(never.pidFile)).toBe(false);
  });

  it('is not lost when it was meant to end', async () => {
    const { machine } = await running('serves');
    let lost = false;
    machine.lost.catch(() => (lost = true));
    const ended = machine.ended();
    await machine.qmp.execute('power-off').catch(() => undefined);
    await ended;
    await machine[Symbol.asyncDispose]();
    expect(lost).toBe(false);
  });

  it('answers nothing any more, rather than hang, when QEMU is gone', async () => {
    const { machine } = await running('serves');
    process.kill(machine.pid, 'SIGKILL');
    await errorOf(machine.lost);
    expect((await errorOf(statusOf(machine))).message).toContain('QEMU did not answer');
  });
});

/** What both sides have to say, because QEMU reads a state as it was written. */
const memoryLeftOut: Asked = {
  execute: 'migrate-set-capabilities',
  arguments: { capabilities: [{ capability: 'x-ignore-shared', state: true }] },
};

/** What a shell makes of the command that a state is read or written with. */
const pathIn = (command: unknown, program: string): string => {
  const word = String(command).replace(`exec:${program} `, '');
  return execFileSync('/bin/sh', ['-c', `printf %s ${word}`]).toString();
};

describe('a machine that is saved', () => {
  const awkward = "/it's a $HOME/state";

  it('stops, writes its state without its memory to the file, whatever its path, and ends', async () => {
    const { machine, asked, pid } = await running('serves');
    let lost = false;
    machine.lost.catch(() => (lost = true));
    await machine.save(awkward);
    const commands = asked().map(({ execute }) => execute);
    const [stop, write, quit] = ['stop', 'migrate', 'quit'].map((one) => commands.indexOf(one)) as [
      number,
      number,
      number,
    ];
    expect([stop < write, write < quit]).toEqual([true, true]);
    expect(asked().slice(stop, write)).toContainEqual(memoryLeftOut);
    expect(pathIn(asked()[write]?.arguments['uri'], 'cat >')).toBe(awkward);
    // It has ended only after QEMU has said that the state is whole.
    expect(commands.slice(write, quit).filter((one) => one === 'query-migrate')).toHaveLength(3);
    expect(isRunning(pid())).toBe(false);
    expect(lost).toBe(false);
  });

  it('and cannot be, says why, and runs on until it is disposed of', async () => {
    const { machine, asked, pid } = await running('cannot-save');
    expect((await errorOf(machine.save('/full/state'))).message).toBe(
      'QEMU could not save the machine: Unable to write to command',
    );
    expect(asked().map(({ execute }) => execute)).not.toContain('quit');
    expect(isRunning(pid())).toBe(true);
  });

  it('goes on from its state when that is read, and not before', async () => {
    const { machine, asked } = await running('serves', { state: awkward });
    await machine.resume(awkward);
    const commands = asked().map(({ execute }) => execute);
    expect(commands).toEqual([
      ...['qmp_capabilities', 'migrate-set-capabilities', 'migrate-incoming'],
      ...['query-status', 'query-status', 'query-status', 'cont'],
    ]);
    expect(asked()[1]).toEqual(memoryLeftOut);
    expect(pathIn(asked()[2]?.arguments['uri'], 'cat')).toBe(awkward);
  });
});
