import { describe, expect, it } from 'vitest';
import { measure } from '../../../../bench/places/measure.js';
import { fakePlace } from '../fakePlace.js';

const place = fakePlace('/nowhere');

describe('measure', () => {
  it('measures a command, and has all that it printed and its exit code', async () => {
    const { measured, output } = await measure(place, [
      'sh',
      '-c',
      'echo out; sleep 0.3; echo err >&2; exit 3',
    ]);
    expect(
      output
        .split('\n')
        .filter((line) => line !== '')
        .sort(),
    ).toEqual(['err', 'out']);
    expect(measured.code).toBe(3);
    expect([measured.sent, measured.received]).toEqual([expect.any(Number), expect.any(Number)]);
    expect(measured.seconds).toBeGreaterThanOrEqual(0.3);
    expect(measured.residentBytes).toBeGreaterThan(100_000);
  });

  it('counts processor time, not time that passes', async () => {
    const [busy, idle] = [
      await measure(place, ['sh', '-c', 'i=0; while [ $i -lt 500000 ]; do i=$((i + 1)); done']),
      await measure(place, ['sleep', '0.2']),
    ];
    expect(busy.measured.cpuSeconds).toBeGreaterThan(idle.measured.cpuSeconds);
  });

  it('lets somebody speak with the command', async () => {
    let write: (text: string) => void = () => undefined;
    const { measured } = await measure(place, ['sh', '-c', 'read a; echo "got $a"; read b; exit "$b"'], {
      begin: (toCommand) => {
        write = toCommand;
        write('hello\n');
      },
      line: (line) => {
        if (line === 'got hello') write('4\n');
      },
    });
    expect(measured.code).toBe(4);
  });

  it('closes the input of a command with which nobody speaks', async () => {
    expect((await measure(place, ['cat'])).measured.code).toBe(0);
  });

  it('says what could not be measured', async () => {
    const without = { ...place, enter: () => ['sh', '-c', 'echo no such container; exit 1'] };
    await expect(measure(without, ['true'])).rejects.toMatchObject({
      message: 'a command could not be measured',
      details: expect.stringMatching(/^\$ bash \S+measure.sh lo true\nno such container$/) as string,
    });
  });
});
