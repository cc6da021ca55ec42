import { expect, it } from 'vitest';
import { FlowTable } from '../../../../../../lab/clients/raw/flows/flowTable.js';
import { FlowTimers } from '../../../../../../lab/clients/raw/flows/flowTimers.js';

it('counts a wait from the turn behind what it waits for, however late that comes', () => {
  const timers = new FlowTimers(new FlowTable(2), { waits: true, rates: false }, 0);
  const waited: [number, number][] = [];
  const turn = timers.expiring({
    timedOut: () => undefined,
    allowed: () => undefined,
    waited: (flow, now) => {
      waited.push([flow, now]);
      // A wait that follows upon it.
      if (waited.length === 1) timers.beginWait(flow, 100);
    },
  });
  turn(1000);
  timers.beginWait(1, 500);
  // The processor was given to somebody else.
  turn(1050);
  turn(1540);
  expect(waited).toEqual([]);
  turn(1550);
  expect(waited).toEqual([[1, 1550]]);
  turn(1560);
  turn(1650);
  turn(1660);
  turn(2000);
  expect(waited).toEqual([
    [1, 1550],
    [1, 1660],
  ]);
});
