import { describe, expect, it } from 'vitest';
import { withDeadlineHint } from '../../../../src/run/stages/deadlineHint.js';
import { LabError } from '../../../../src/support/errors.js';
import { DeadlineError, waitFor, withDeadline } from '../../../../src/support/wait.js';

/** What a wait rejects with whose deadline passes at once. */
const late = (wait: Promise<unknown>): Promise<unknown> =>
  wait.then(
    () => undefined,
    (error: unknown) => error,
  );
const never = new Promise<never>(() => undefined);

describe('a deadline that passed in a stage', () => {
  it.each([
    ['ready', '`--lanes 1`', '`deadlines.ready`'],
    ['control', '`--lanes 1`', '`deadlines.drive`, `deadlines.settle`, `deadlines.collect`'],
    ['measured', '`--lanes 1`', '`deadlines.drive`, `deadlines.settle`, `deadlines.collect`'],
  ] as const)('%s says what to raise', async (stage, ...words) => {
    const waits = [
      late(waitFor("the load agent's report", () => undefined, { seconds: 0 })),
      late(withDeadline('the load', never, 0)),
    ];
    for (const error of await Promise.all(waits)) {
      const hinted = withDeadlineHint(error, stage) as DeadlineError;
      expect(hinted).toBeInstanceOf(DeadlineError);
      expect(hinted.message).toBe((error as Error).message);
      for (const word of words) expect(hinted.hint).toContain(word);
    }
  });

  it('has no key to raise where the scenario has none for it', async () => {
    const error = await late(withDeadline('the creation of networks and nodes', never, 0));
    const { hint } = withDeadlineHint(error, 'topology') as DeadlineError;
    expect(hint).toContain('`--lanes 1`');
    expect(hint).not.toContain('deadlines.');
  });

  it('keeps a hint that it has, and other errors are left as they are', () => {
    const known = new DeadlineError('late', { hint: 'Wait.' });
    expect(withDeadlineHint(known, 'measured')).toBe(known);
    const other = new LabError('refused');
    expect(withDeadlineHint(other, 'measured')).toBe(other);
  });
});
