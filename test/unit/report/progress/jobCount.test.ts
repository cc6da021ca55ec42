import { describe, expect, it } from 'vitest';
import { plainReporter } from '../../../../src/report/progress/plain.js';
import { LabError } from '../../../../src/support/errors.js';
import { passed } from '../samples.js';

/** What plain progress says of a run in which these jobs end, without its clock. */
function told(jobs: readonly string[]): readonly string[] {
  let text = '';
  const reporter = plainReporter(
    (piece) => (text += piece),
    () => 0,
  );
  reporter.emit({ type: 'run-started', runId: 'r', directory: '/r', scenarios: [...jobs], lanes: 1 });
  for (const [index, scenario] of jobs.entries()) {
    const ended = { scenario, directory: '/r/s', seconds: 1 };
    if (index === 1) reporter.emit({ type: 'scenario-broke', error: new LabError('gone'), ...ended });
    else reporter.emit({ type: 'scenario-finished', verdict: passed, ...ended });
  }
  return text
    .replaceAll(/^\[.*?\] /gm, '')
    .split('\n')
    .slice(1, -1);
}

describe('plain progress', () => {
  it('counts jobs as they end, whatever became of them', () => {
    expect(told(['a/b', 'a/c', 'a/d'])).toEqual([
      '1 of 3: a/b: PASS in 1.0 s',
      '2 of 3: a/c: BROKE after 1.0 s: gone',
      '3 of 3: a/d: PASS in 1.0 s',
    ]);
  });

  it('does not count a single one', () => {
    expect(told(['a/b'])).toEqual(['a/b: PASS in 1.0 s']);
  });
});
