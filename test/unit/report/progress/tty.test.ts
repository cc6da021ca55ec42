import { PassThrough } from 'node:stream';
import stringWidth from 'string-width';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { noPaint } from '../../../../src/report/text/colour.js';
import { ttyReporter } from '../../../../src/report/progress/tty.js';
import type { Reporter } from '../../../../src/report/progress/reporter.js';
import { flowSecond } from '../../evidence/flowSamples.js';
import { story } from '../events.js';
import { passed } from '../samples.js';

/** A stream that ora takes for a terminal; `lines` are the full lines, without control sequences. */
function terminal(columns = 200) {
  let written = '';
  const stream = Object.assign(new PassThrough(), {
    isTTY: true,
    columns,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  });
  stream.on('data', (chunk: Buffer) => {
    written += chunk.toString();
  });
  return {
    stream,
    text: () => stripVTControlCharacters(written),
  };
}

/** Any line makes the spinner draw itself afresh below it; otherwise its next frame would have to be waited for. */
const redraw = (reporter: Reporter) => {
  reporter.emit({ type: 'engine-note', message: 'now' });
};

const begin = (reporter: Reporter, scenarios: readonly string[]) => {
  reporter.emit({ type: 'run-started', runId: 'r', directory: '/r', scenarios, lanes: 2 });
};

describe('tty progress', () => {
  it('leaves a line for everything that is over, with how long it took', () => {
    const { stream, text } = terminal();
    const reporter = ttyReporter(stream, noPaint, () => 0);
    story.forEach(reporter.emit);
    reporter.close();
    const lines = text();
    expect(lines).toContain('✔ engine: booting the guest 23.0 s\n');
    expect(lines).toContain('✔ close/server-first: measured 1 min 1 s\n');
    expect(lines).toContain('✔ close/server-first: PASS in 1 min 20 s\n');
    expect(lines).toContain('✖ close/server-first: BROKE after 3.0 s: QEMU was killed\n');
    expect(lines).toContain('! cleanup: could not remove network lvs-lab-k3v9q2xa: timeout');
  });

  it('shows what is under way, oldest first, and no more what is over', () => {
    const { stream, text } = terminal();
    let ms = 0;
    const reporter = ttyReporter(stream, noPaint, () => ms);
    reporter.emit({ type: 'engine-step', step: 'images', state: 'started' });
    reporter.emit({ type: 'engine-step', step: 'director image', state: 'started' });
    redraw(reporter);
    ms = 7000;
    reporter.emit({ type: 'engine-step', step: 'director image', state: 'finished', seconds: 7 });
    reporter.close();
    const [before, after] = text().split('✔ engine: director image 7.0 s\n');
    expect(before).toContain('engine: images 0 s · engine: director image 0 s');
    expect(after).toContain('engine: images 7 s');
    expect(after).not.toContain('director image');
  });

  it('shows all that is under way when scenarios run at once, and how many are done', () => {
    const { stream, text } = terminal();
    const reporter = ttyReporter(stream, noPaint, () => 0);
    begin(reporter, ['a/b', 'c/d', 'e/f']);
    const finished = { type: 'scenario-finished', verdict: passed, directory: '/d', seconds: 9 } as const;
    reporter.emit({ ...finished, scenario: 'e/f' });
    reporter.emit({ type: 'stage-started', scenario: 'a/b', stage: 'control' });
    reporter.emit({ type: 'stage-started', scenario: 'c/d', stage: 'measured' });
    redraw(reporter);
    reporter.close();
    expect(text()).toContain('1 of 3 done · a/b: control 0 s · c/d: measured 0 s');
  });

  it('forgets the stages of a scenario that broke, and not those of others', () => {
    const { stream, text } = terminal();
    const reporter = ttyReporter(stream, noPaint, () => 0);
    begin(reporter, ['a/b', 'c/d']);
    reporter.emit({ type: 'stage-started', scenario: 'a/b', stage: 'control' });
    reporter.emit({ type: 'stage-started', scenario: 'c/d', stage: 'measured' });
    reporter.emit({
      type: 'scenario-broke',
      scenario: 'a/b',
      error: new Error('gone'),
      directory: '/d',
      seconds: 3,
    });
    reporter.close();
    const after = text().split('BROKE after 3.0 s: gone\n')[1];
    expect(after).toContain('c/d: measured 0 s');
    expect(after).not.toContain('a/b');
  });

  it.each([
    ['leaves no line for the stages of many scenarios', ['a/b', 'c/d', 'e/f', 'g/h'], false],
    ['leaves a line for the stages of a few', ['a/b', 'c/d', 'e/f'], true],
  ])('%s', (_, scenarios, leaves) => {
    const { stream, text } = terminal();
    const reporter = ttyReporter(stream, noPaint, () => 0);
    begin(reporter, scenarios);
    reporter.emit({ type: 'stage-started', scenario: 'a/b', stage: 'control' });
    reporter.emit({ type: 'stage-finished', scenario: 'a/b', stage: 'control', seconds: 5 });
    reporter.close();
    expect(text().includes('✔ a/b: control 5.0 s\n')).toBe(leaves);
  });

  it('shows how a raw-socket load stands as long as it runs, with its rate', () => {
    const { stream, text } = terminal();
    const reporter = ttyReporter(stream, noPaint, () => 0);
    begin(reporter, ['load/story']);
    const load = { type: 'flows', scenario: 'load/story', phase: 'measured', requested: 40_000 } as const;
    const activity = (at: number, opened: number, inProgress: number, stuck: number) => {
      reporter.emit({
        ...load,
        second: flowSecond({ at, opened, inProgress, closed: 100, reset: 5, stuck }),
      });
    };
    reporter.emit({ type: 'stage-started', scenario: 'load/story', stage: 'measured' });
    activity(1, 800, 180, 0);
    activity(2.5, 2000, 90, 1804);
    redraw(reporter);
    reporter.emit({ type: 'stage-finished', scenario: 'load/story', stage: 'measured', seconds: 60 });
    // Too late to be of interest.
    activity(3, 2400, 0, 2300);
    reporter.emit({ type: 'stage-started', scenario: 'load/story', stage: 'judge' });
    redraw(reporter);
    reporter.close();
    const [during, after] = text().split('✔ load/story: measured 1 min 0 s\n');
    expect(during).toContain(
      'load/story: measured 0 s: 2000/40000 opened, 800/s, 90 in progress █▅, 100 closed, 5 reset, 1 refused, 1804 stuck ▁█, 1 timed out, connect p99 30 ms, 4 ICMP',
    );
    expect(after).toContain('load/story: judge 0 s');
    expect(after).not.toContain('opened');
  });

  it('stays on one line, however much is under way', () => {
    const { stream, text } = terminal(60);
    const reporter = ttyReporter(stream, noPaint, () => 0);
    const scenarios = ['topic/a-long-name', 'topic/another-long-name'];
    begin(reporter, scenarios);
    for (const scenario of scenarios) reporter.emit({ type: 'stage-started', scenario, stage: 'control' });
    redraw(reporter);
    reporter.close();
    const frame = text().split('engine: now\n')[1];
    expect(frame).toMatch(/ 0 of 2 done · topic\/a-long-name: control 0 s · topic.*…$/);
    expect(frame!.length).toBeLessThan(60);
  });

  it('stays on one line also where letters take two columns', () => {
    const { stream, text } = terminal(30);
    const reporter = ttyReporter(stream, noPaint, () => 0);
    reporter.emit({ type: 'engine-step', step: '文字'.repeat(20), state: 'started' });
    redraw(reporter);
    reporter.close();
    const frame = text().split('engine: now\n')[1];
    expect(frame).toMatch(/[文字]…$/);
    expect(stringWidth(frame!)).toBeLessThan(30);
  });

  it('breaks what stays between words, where the terminal would do so in a word', () => {
    const { stream, text } = terminal(30);
    const reporter = ttyReporter(stream, { ...noPaint, columns: 30 }, () => 0);
    const message = 'the kernel of this machine has no IPVS and cannot load it';
    reporter.emit({ type: 'engine-note', message });
    reporter.close();
    expect(text()).toContain('  engine: the kernel of this\n  machine has no IPVS and\n  cannot load it\n');
  });

  it('stops drawing when closed', async () => {
    const { stream, text } = terminal();
    const reporter = ttyReporter(stream, noPaint, () => 0);
    reporter.emit({ type: 'stage-started', scenario: 's', stage: 'ready' });
    reporter.close();
    const before = text();
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(before).toContain('s: ready');
    expect(text()).toBe(before);
  });
});
