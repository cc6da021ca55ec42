import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { diagnoseLine, SerialConsole } from '../../../../src/engine/vm/console.js';
import { tempFolder } from '../tempFolder.js';

describe('diagnoseLine', () => {
  it.each([
    [
      '[    1.201337] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)',
      "the guest's kernel panicked: VFS: Unable to mount root fs on unknown-block(0,0)",
    ],
    [
      '[  9.1] Kernel panic - not syncing: Fatal exception in interrupt',
      "the guest's kernel panicked: Fatal exception in interrupt",
    ],
    [
      '[   61.420983] Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled',
      'the guest ran out of memory',
    ],
    [
      '[    0.913211] Kernel panic - not syncing: System is deadlocked on memory',
      'the guest ran out of memory',
    ],
    [
      'lvs-lab-guest: disk full: 12044 KiB left in /var/lib/docker',
      'the guest ran out of disk space: 12044 KiB left in /var/lib/docker',
    ],
    ['lvs-lab-guest: failed: no disk: /dev/vda', 'the guest gave up: no disk: /dev/vda'],
  ])('says of %j: %s', (line, diagnosis) => {
    expect(diagnoseLine(line)).toBe(diagnosis);
  });

  it.each([
    'lvs-lab-guest: docker up',
    '[   96.202344] reboot: Power down',
    '[    0.000000] Command line: console=ttyS0 quiet panic=-1 oops=panic',
    'sysctl: vm.panic_on_oom = 1',
    '[   12.1] Out of memory: Killed process 412 (node) total-vm:1048576kB',
    '',
  ])('finds nothing wrong with %j', (line) => {
    expect(diagnoseLine(line)).toBeUndefined();
  });
});

function serial() {
  const file = path.join(tempFolder(), 'console.log');
  const stream = new PassThrough();
  const troubles: string[] = [];
  const console = new SerialConsole(stream, file, (diagnosis) => troubles.push(diagnosis));
  return { file, stream, troubles, console };
}

describe('SerialConsole', () => {
  it('keeps in a file what the guest wrote, byte for byte, and adds to what is there', async () => {
    const { file, stream, console } = serial();
    stream.write('\x1bc\x1b[0mfirst\r\n');
    stream.end('no end of line');
    await console.ended;
    const again = new PassThrough();
    const second = new SerialConsole(again, file, () => undefined);
    again.end('\nanother boot\n');
    await second.ended;
    expect(readFileSync(file, 'latin1')).toBe('\x1bc\x1b[0mfirst\r\nno end of line\nanother boot\n');
  });

  it('tells of a mark to those who ask before it and after it', async () => {
    const { stream, console } = serial();
    let seen = false;
    const before = console.seen('docker up').then(() => (seen = true));
    stream.write(
      'lvs-lab-guest: docker upgrade\r\nlvs-lab-guest: something else\r\nsay: lvs-lab-guest: docker up\r\n',
    );
    await console.seen('something else');
    expect(seen).toBe(false);
    stream.write('lvs-lab-guest: docker up\r\n');
    await before;
    await console.seen('docker up');
    expect(seen).toBe(true);
  });

  it('wakes everybody who waits for the same mark', async () => {
    const { stream, console } = serial();
    const both = Promise.all([console.seen('docker up'), console.seen('docker up')]);
    stream.write('lvs-lab-guest: docker up\n');
    await both;
  });

  it('tells of each line that says the guest is lost, also through colours', async () => {
    const { stream, troubles, console } = serial();
    stream.end('\x1b[31m[1.0] Kernel panic - not syncing: oops\x1b[0m\r\nlvs-lab-guest: failed: no root\r\n');
    await console.ended;
    expect(troubles).toEqual(["the guest's kernel panicked: oops", 'the guest gave up: no root']);
  });

  it('makes errors that show the last lines, without control characters, and where the rest is', async () => {
    const { file, stream, console } = serial();
    for (let line = 1; line <= 50; line++) stream.write(`\x1b[32mline ${line}\x1b[0m\r\n\r\n`);
    stream.end();
    await console.ended;
    const error = console.error('the guest did not come up', 'look at it');
    expect(error.message).toBe('the guest did not come up');
    expect(error.hint).toBe('look at it');
    const lines = error.details?.split('\n') ?? [];
    expect(lines[0]).toBe(`last lines of the console, ${file}:`);
    expect(lines.slice(1)).toEqual(Array.from({ length: 30 }, (_, index) => `line ${index + 21}`));
  });

  it('says so when the console is empty', async () => {
    const { stream, console } = serial();
    stream.end();
    await console.ended;
    expect(console.error('nothing').details).toContain('(the console is empty)');
  });
});
