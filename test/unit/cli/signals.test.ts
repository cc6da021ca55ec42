import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { makeRunId } from '../../../src/cli/results/runDirectory.js';
import { watchSignals } from '../../../src/cli/signals.js';

function watch() {
  const source = new EventEmitter();
  const clock = { ms: 0 };
  const insisted: number[] = [];
  const signal = watchSignals(
    source,
    (code) => insisted.push(code),
    () => clock.ms,
  );
  return { source, clock, insisted, signal };
}

describe('signals', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 143],
  ])('the first %s aborts with exit code %i and ends nothing at once', (name, exitCode) => {
    const { source, insisted, signal } = watch();
    expect(signal.aborted).toBe(false);
    source.emit(name, name);
    expect(signal.reason).toMatchObject({ exitCode, message: `interrupted by ${name}` });
    expect(insisted).toEqual([]);
  });

  it('the same Ctrl-C that comes over several ways counts once', () => {
    const { source, clock, insisted } = watch();
    source.emit('SIGINT');
    clock.ms = 300;
    source.emit('SIGINT');
    expect(insisted).toEqual([]);
  });

  it('a second one later ends the process at once', () => {
    const { source, clock, insisted, signal } = watch();
    source.emit('SIGINT');
    clock.ms = 5000;
    source.emit('SIGINT');
    expect(insisted).toEqual([130]);
    expect(signal.reason).toMatchObject({ exitCode: 130 });
  });
});

describe('run ids', () => {
  it('are eight characters that containers, networks and files may be named with', () => {
    expect(makeRunId()).toMatch(/^[0-9a-z]{8}$/);
  });

  it('differ for two runs in the same second, and for the same random bytes in another', () => {
    const now = new Date('2026-01-02T03:04:05Z');
    const zero = Buffer.alloc(4);
    expect(makeRunId(now, zero)).not.toBe(makeRunId(now, Buffer.from([0, 0, 0, 1])));
    expect(makeRunId(now, zero)).not.toBe(makeRunId(new Date('2026-01-02T03:04:06Z'), zero));
  });
});
