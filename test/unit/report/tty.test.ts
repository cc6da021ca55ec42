import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { noPaint } from '../../../src/report/colour.js';
import { ttyReporter } from '../../../src/report/tty.js';
import { story } from './events.js';

/** A stream that ora takes for a terminal; `lines` are the full lines, without control sequences. */
function terminal() {
  let written = '';
  const stream = Object.assign(new PassThrough(), {
    isTTY: true,
    columns: 200,
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

  it('shows the newest thing under way, and goes back to the older one when it is over', () => {
    const { stream, text } = terminal();
    let ms = 0;
    const reporter = ttyReporter(stream, noPaint, () => ms);
    reporter.emit({ type: 'engine-step', step: 'images', state: 'started' });
    reporter.emit({ type: 'engine-step', step: 'director image', state: 'started' });
    ms = 7000;
    reporter.emit({ type: 'engine-step', step: 'director image', state: 'finished', seconds: 7 });
    reporter.close();
    const after = text().split('✔ engine: director image 7.0 s\n')[1];
    expect(after).toMatch(/engine: images 7 s/);
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
