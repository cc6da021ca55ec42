import { describe, expect, it } from 'vitest';
import { eventOf, parseEvent } from '../../../../src/matrix/run/childEvents.js';
import { jsonReporter } from '../../../../src/report/progress/json.js';
import type { LabEvent } from '../../../../src/run/model/labEvents.js';
import { isRefusal, RulesError } from '../../../../src/run/nodes/rulesError.js';
import { LabError, UsageError } from '../../../../src/support/errors.js';
import { identity, passed } from '../../report/samples.js';

/** An event as a child writes it and the matrix reads it. */
function read(event: LabEvent): LabEvent | undefined {
  let line = '';
  jsonReporter(
    (text) => (line = text),
    () => new Date(0),
  ).emit(event);
  return parseEvent(line.trimEnd());
}

describe("a child's events", () => {
  it('are read as they were', () => {
    expect(read({ type: 'scenario-started', scenario: 'a', title: 'A' })).toMatchObject({
      scenario: 'a',
      title: 'A',
    });
  });

  it.each([
    [new LabError('gone', { hint: 'try again', details: 'tail' }), 2],
    [new UsageError('line 3'), 5],
    [new RulesError('a.yaml:3:5: no'), 5],
    [new TypeError('x'), 2],
  ])('have errors again: %s', (error, exitCode) => {
    const event = read({ type: 'scenario-broke', scenario: 'a', error, directory: '/r/a', seconds: 1 });
    const revived = (event as unknown as { readonly error: LabError }).error;
    expect(revived).toBeInstanceOf(LabError);
    expect(isRefusal(revived)).toBe(error instanceof RulesError);
    expect(revived.message).toBe(error.message);
    expect(revived.exitCode).toBe(exitCode);
    expect(revived.hint).toBe(error instanceof LabError ? error.hint : undefined);
  });

  it('keep the time of the child', () => {
    const line = '{"time":"2026-01-01T00:00:00.000Z","type":"control-kept","scenario":"a"}';
    expect(parseEvent(line)).toEqual(JSON.parse(line));
  });

  it.each([
    '{"type":"scenario-started","scenario":"a"}',
    '{"type":"stage-finished","scenario":"a","stage":"fresh","seconds":"4"}',
    '{"type":"scenario-finished","scenario":"a","verdict":{},"directory":"/d","seconds":1}',
    '{"type":"scenario-broke","scenario":"a","error":{"name":"Error"},"directory":"/d","seconds":1}',
    '{"type":"something-else"}',
  ])('are text for people where they are not whole: %s', (line) => {
    expect(parseEvent(line)).toBeUndefined();
  });

  it.each(['', 'error: something', '{', '{"a":1}', '[1]', 'null', '"x"'])(
    'are not read from `%s`',
    (line) => {
      expect(parseEvent(line)).toBeUndefined();
    },
  );

  it.each<[LabEvent, object]>([
    [{ type: 'engine-step', step: 'boot', state: 'started' }, { step: 'k: boot' }],
    [{ type: 'engine-note', message: 'tcg' }, { message: 'k: tcg' }],
    [
      { type: 'engine-ready', identity, seconds: 4 },
      { type: 'engine-note', message: expect.stringMatching(/^k: ready in 4.0 s: vm engine/) as unknown },
    ],
    [{ type: 'control-kept', scenario: 'a' }, { scenario: 'k: a' }],
    [{ type: 'stage-started', scenario: 'a', stage: 'rules' }, { scenario: 'k: a' }],
    [
      { type: 'scenario-finished', scenario: 'a', verdict: passed, directory: '/d', seconds: 1 },
      { scenario: 'k: a' },
    ],
    [{ type: 'cleanup-problem', what: 'the VM', error: new Error('x') }, { what: 'k: the VM' }],
  ])('are told under the name of the target: %j', (event, told) => {
    expect(eventOf('k', event)).toMatchObject({ ...told, target: 'k' });
  });

  it.each<LabEvent>([
    { type: 'run-started', runId: 'r', directory: '/r', scenarios: [], lanes: 1 },
    { type: 'run-finished', runId: 'r', directory: '/r', seconds: 1 },
    { type: 'left-out', why: 'takes-minutes', scenarios: ['x'] },
    { type: 'own-flavour', scenarios: ['x'] },
  ])('are left out where the matrix says the same of all: %j', (event) => {
    expect(eventOf('k', event)).toBeUndefined();
  });
});
