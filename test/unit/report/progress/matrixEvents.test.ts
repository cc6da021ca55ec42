import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { noPaint } from '../../../../src/report/text/colour.js';
import { eventText } from '../../../../src/report/progress/eventText.js';
import { ttyReporter } from '../../../../src/report/progress/tty.js';

describe('what a matrix tells beside its jobs', () => {
  it('is which scenarios have a flavour of their own', () => {
    expect(eventText({ type: 'own-flavour', scenarios: ['cures/a', 'cures/b'] })).toBe(
      '2 scenarios with a flavour of iptables of its own, run once and as the file says: cures/a cures/b',
    );
  });

  it('is a step that nobody is at any more, which is neither under way nor done', () => {
    const step = { type: 'engine-step', step: 'k: boot' } as const;
    expect(eventText({ ...step, state: 'failed' })).toBe('engine: k: boot: did not come to its end');
    const stream = new PassThrough();
    const reporter = ttyReporter(stream, noPaint, () => 0);
    reporter.emit({ ...step, state: 'started' });
    reporter.emit({ ...step, state: 'failed' });
    reporter.emit({ type: 'engine-step', step: 'j: boot', state: 'started' });
    reporter.emit({ type: 'engine-note', message: 'a line' });
    reporter.close();
    const text = String(stream.read());
    expect(text).not.toContain('✔');
    expect(text.split('a line')[1]).not.toContain('k: boot');
    expect(text.split('a line')[1]).toContain('j: boot');
  });
});
