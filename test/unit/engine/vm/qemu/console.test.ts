import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { complaintIn, diagnoseLine, SerialConsole } from '../../../../../src/engine/vm/qemu/console.js';
import { LabError } from '../../../../../src/support/errors.js';
import { DeadlineError } from '../../../../../src/support/wait.js';
import { tempFolder } from '../../tempFolder.js';

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

describe('complaintIn', () => {
  it.each([
    [
      '[  642.114] watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [nginx:1204]',
      'BUG: soft lockup - CPU#0 stuck for 26s! [nginx:1204]',
    ],
    [
      '[  100.5] rcu: INFO: rcu_sched self-detected stall on CPU',
      'rcu: INFO: rcu_sched self-detected stall on CPU',
    ],
    [
      '[  100.5] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:',
      'rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:',
    ],
    [
      '[  100.5] rcu: rcu_sched kthread starved for 5252 jiffies! g1 f0x2',
      'rcu: rcu_sched kthread starved for 5252 jiffies! g1 f0x2',
    ],
    [
      '[  242.7] INFO: task dockerd:311 blocked for more than 120 seconds.',
      'INFO: task dockerd:311 blocked for more than 120 seconds.',
    ],
    [
      '[   12.1] Out of memory: Killed process 412 (node) total-vm:1048576kB',
      'Out of memory: Killed process 412 (node) total-vm:1048576kB',
    ],
    [
      '[   12.1] Memory cgroup out of memory: Killed process 7 (perl) total-vm:1kB',
      'Memory cgroup out of memory: Killed process 7 (perl) total-vm:1kB',
    ],
  ])('finds in %j: %s', (line, complaint) => {
    expect(complaintIn(line)).toBe(complaint);
  });

  it.each([
    'lvs-lab-guest: docker up',
    '[    0.000000] rcu: Hierarchical RCU implementation.',
    '[    0.1] NMI watchdog: Enabled. Permanently consumes one hw-PMU counter.',
    '[   96.202344] reboot: Power down',
  ])('finds none in %j', (line) => {
    expect(complaintIn(line)).toBeUndefined();
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
    expect(lines[0]).toMatch(/^last lines of the console, .*, the last of them at 20.*Z:$/);
    expect(lines[0]).toContain(file);
    expect(lines.slice(1)).toEqual(Array.from({ length: 30 }, (_, index) => `line ${index + 21}`));
  });

  it('says so when the console is empty', async () => {
    const { stream, console } = serial();
    stream.end();
    await console.ended;
    expect(console.error('nothing').details).toContain('(the console is empty)');
  });

  it('explains an error by what the kernel complained of before, with the line and its time', async () => {
    const { file, stream, console } = serial();
    const broken = new LabError('realserver1 did not answer', { details: '$ ss' });
    expect(console.withComplaint(broken)).toBe(broken);
    stream.end(
      '[ 9.1] watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [nginx:12]\r\n[ 9.2] Modules linked in:\r\n',
    );
    await console.ended;
    const explained = console.withComplaint(broken) as LabError;
    expect(explained.message).toMatch(
      /^the guest's kernel was in trouble: `BUG: soft lockup - CPU#0 stuck for 26s! \[nginx:12\]`, at 20\S+Z on its console; after that, realserver1 did not answer$/,
    );
    expect(explained.details?.split('\n')).toEqual([
      `what the kernel complained of, on the console, ${file}:`,
      expect.stringMatching(/^20\S+Z BUG: soft lockup/) as unknown,
      '$ ss',
    ]);
    expect(explained.hint).toContain('--lanes 1');
  });

  it('leaves an error what it is where the kernel only talked, and counts what is too much to name', async () => {
    const { stream, console } = serial();
    stream.write('[ 1.0] eth0: link up\r\n');
    const late = new DeadlineError('waited 60 s', { hint: 'raise it' });
    expect(console.withComplaint(late)).toBe(late);
    for (let nth = 0; nth < 7; nth++)
      stream.write(`[ 2.${nth}] rcu: INFO: rcu_sched self-detected stall on CPU\r\n`);
    stream.end();
    await console.ended;
    const explained = console.withComplaint(late) as LabError;
    expect(explained).toBeInstanceOf(DeadlineError);
    expect(explained.hint).toBe('raise it');
    expect(explained.details).toContain('... and 2 more');
  });
});
