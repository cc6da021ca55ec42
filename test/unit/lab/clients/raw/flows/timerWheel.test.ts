import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TimerWheel } from '../../../../../../lab/clients/raw/flows/timerWheel.js';

const timers = 12;
const operations = fc.array(
  fc.oneof(
    // Some are further away than the wheel goes round.
    fc.record({
      kind: fc.constant('set' as const),
      timer: fc.nat(timers - 1),
      after: fc.oneof(fc.nat(300), fc.nat(120_000)),
    }),
    fc.record({ kind: fc.constant('cancel' as const), timer: fc.nat(timers - 1) }),
    fc.record({ kind: fc.constant('turn' as const), by: fc.oneof(fc.nat(50), fc.nat(130_000)) }),
  ),
  { maxLength: 200 },
);

it('lets timers run out as a list of them would, 10 ms late at most', () => {
  fc.assert(
    fc.property(operations, (list) => {
      const start = 5000.3;
      let now = start;
      const wheel = new TimerWheel(timers, start);
      const due = new Map<number, number>();
      for (const operation of list) {
        if (operation.kind === 'set') {
          wheel.set(operation.timer, now + operation.after);
          due.set(operation.timer, now + operation.after);
        } else if (operation.kind === 'cancel') {
          wheel.cancel(operation.timer);
          due.delete(operation.timer);
        } else {
          now += operation.by;
          wheel.turn(now, (timer, at) => {
            expect(at).toBe(now);
            expect(due.get(timer)).toBeLessThanOrEqual(now);
            due.delete(timer);
          });
          for (const at of due.values()) expect(at).toBeGreaterThan(now - 10);
        }
      }
    }),
    { numRuns: 300 },
  );
});

it('lets timers be set and cancelled by one that runs out', () => {
  const wheel = new TimerWheel(4, 0);
  const ran: string[] = [];
  for (const timer of [0, 1, 2, 3]) wheel.set(timer, 100);
  const expired = (timer: number, now: number): void => {
    ran.push(`${timer} at ${now}`);
    if (ran.length === 1)
      [0, 1, 2, 3]
        .filter((each) => each !== timer)
        .forEach((each) => {
          wheel.cancel(each);
        });
    if (ran.length <= 3) wheel.set(timer, now + 40_960);
  };
  for (let now = 0; now < 200_000; now += 10) wheel.turn(now, expired);
  const first = ran[0]!.split(' ')[0]!;
  expect(ran).toEqual([`${first} at 100`, `${first} at 41060`, `${first} at 82020`, `${first} at 122980`]);
});
