import { describe, expect, it } from 'vitest';
import { eventText } from '../../../../src/report/progress/eventText.js';
import { jsonReporter } from '../../../../src/report/progress/json.js';
import { plainReporter } from '../../../../src/report/progress/plain.js';
import { quietReporter } from '../../../../src/report/progress/quiet.js';
import type { Reporter } from '../../../../src/report/progress/reporter.js';
import { RulesError } from '../../../../src/run/nodes/rulesError.js';
import { LabError } from '../../../../src/support/errors.js';
import { flowSecond } from '../../evidence/flowSamples.js';
import { story } from '../events.js';

/** What a reporter writes for the story, with a clock that gains 1.5 s at each event. */
function tell(make: (write: (text: string) => void, clock: () => number) => Reporter): string {
  let text = '';
  let ms = -1500;
  const reporter = make(
    (piece) => {
      text += piece;
    },
    () => (ms += 1500),
  );
  story.forEach(reporter.emit);
  reporter.close();
  return text;
}

describe('plain progress', () => {
  it('is one line an event, with elapsed seconds', () => {
    expect(tell(plainReporter)).toBe(
      [
        '[   1.5s] engine: took vm: this kernel has no IPVS',
        '[   3.0s] engine: booting the guest ...',
        '[   4.5s] engine: booting the guest: 58 MiB downloaded, 3 MiB a second',
        '[   6.0s] engine: booting the guest: done in 23.0 s',
        '[   7.5s] engine: ready in 23.5 s: vm engine under tcg, Docker 20.10.24, kernel 6.1.0-40-amd64 (this kernel has no IPVS)',
        '[   9.0s] 2 scenarios with raw-socket load left out, which run for minutes; name them to run them: load/rst-storm load/story',
        '[  10.5s] 1 scenario, about 80 s',
        '[  12.0s] run k3v9q2xa: 1 scenario, evidence in /tmp/r',
        '[  13.5s] close/server-first: The director refuses the FIN',
        "[  15.0s] close/server-first: the control run that was kept with the lab's saved state counts for it",
        '[  16.5s] close/server-first: measured ...',
        '[  18.0s] close/server-first: measured: 4/4 opened, 1 in progress, 1 closed, 1 refused, 1 stuck, 1 timed out, connect p99 30 ms, 4 ICMP',
        '[  19.5s] close/server-first: measured done in 1 min 1 s',
        '[  21.0s] close/server-first: PASS in 1 min 20 s',
        '[  22.5s] close/server-first: BROKE after 3.0 s: QEMU was killed',
        '[  24.0s] cleanup: could not remove network lvs-lab-k3v9q2xa: timeout; `lvs-lab clean` tries again',
        '[  25.5s] run k3v9q2xa: over after 1 min 30 s',
        '',
      ].join('\n'),
    );
  });
});

describe('plain progress of a download', () => {
  /** What is written of downloads that have got so far at these seconds. */
  function tellDownload(told: readonly (readonly [at: number, mebibytes: number])[]): string[] {
    let text = '';
    let ms = 0;
    const reporter = plainReporter(
      (piece) => (text += piece),
      () => ms,
    );
    for (const [at, mebibytes] of told) {
      ms = at * 1000;
      const bytes = mebibytes * 1024 ** 2;
      const isOver = mebibytes === 8;
      const step = 'making the guest root file system';
      reporter.emit({
        type: 'engine-download',
        step,
        bytes,
        total: 8 * 1024 ** 2,
        bytesPerSecond: 1024,
        isOver,
      });
    }
    return text.split('\n').filter((line) => line !== '');
  }

  it('is a line in ten seconds, and one at the end', () => {
    expect(
      tellDownload([
        [1, 1],
        [9, 2],
        [11, 3],
        [12, 4],
        [13, 8],
      ]),
    ).toEqual([
      '[  11.0s] engine: making the guest root file system: 3 MiB of 8 MiB downloaded, 1 KiB a second',
      '[  13.0s] engine: making the guest root file system: 8 MiB downloaded, 1 KiB a second',
    ]);
  });
});

describe('plain progress of a raw-socket load', () => {
  /** What is written of events that come at these seconds, of how many flows opened by then. */
  function tellFlows(
    activities: readonly (readonly [at: number, opened: number, phase?: 'control'])[],
  ): string[] {
    let text = '';
    let ms = 0;
    const reporter = plainReporter(
      (piece) => (text += piece),
      () => ms,
    );
    for (const [at, opened, phase = 'measured'] of activities) {
      ms = at * 1000;
      const second = flowSecond({
        at,
        opened,
        inProgress: 0,
        closed: 0,
        refused: 0,
        timedOut: 0,
        stuck: opened,
        icmp: {},
        connect: undefined,
      });
      reporter.emit({ type: 'flows', scenario: 'load/story', phase, requested: 40_000, second });
    }
    return text.trimEnd().split('\n');
  }

  it('is a line every ten seconds, with the rate since the last', () => {
    expect(tellFlows([1, 2, 5, 9, 11, 12, 20.9, 21.5].map((at) => [at, at * 800] as const))).toEqual([
      '[   1.0s] load/story: measured: 800/40000 opened, 0 in progress, 0 closed, 800 stuck',
      '[  11.0s] load/story: measured: 8800/40000 opened, 800/s, 0 in progress, 0 closed, 8800 stuck',
      '[  21.5s] load/story: measured: 17200/40000 opened, 800/s, 0 in progress, 0 closed, 17200 stuck',
    ]);
  });

  it('does not take one phase for the other', () => {
    const lines = tellFlows([
      [1, 200, 'control'],
      [3, 100],
    ]);
    expect(lines).toHaveLength(2);
    expect(lines[1]).not.toMatch(/\d\/s/);
  });
});

describe('the number of jobs', () => {
  const started = (scenarios: readonly string[]) =>
    eventText({ type: 'run-started', runId: 'r', directory: '/d', scenarios, lanes: 2 });

  it('is that of the scenarios where each runs once', () => {
    expect(started(['a/b', 'a/c'])).toBe('run r: 2 scenarios, evidence in /d');
  });

  it('is given too where they run several times', () => {
    expect(started(['a/b', 'a/c', 'a/b#2', 'a/c#2'])).toBe('run r: 2 scenarios in 4 jobs, evidence in /d');
    const matrix = ['debian:sid: a/b@legacy', 'debian:sid: a/b@nft#2', 'debian:trixie: a/b'];
    expect(started(matrix)).toBe('run r: 1 scenario in 3 jobs, evidence in /d');
  });
});

describe('quiet progress', () => {
  it('says only that something was left behind', () => {
    expect(tell(quietReporter)).toBe(
      'cleanup: could not remove network lvs-lab-k3v9q2xa: timeout; `lvs-lab clean` tries again\n',
    );
  });
});

describe('json progress', () => {
  const at = () => new Date('2026-01-02T03:04:05.678Z');

  it('is one JSON object a line, in the order of the events', () => {
    const lines = tell((write) => jsonReporter(write, at))
      .trimEnd()
      .split('\n');
    const parsed = lines.map((line) => JSON.parse(line) as { type: string; time: string });
    expect(parsed.map(({ type }) => type)).toEqual(story.map(({ type }) => type));
    expect(parsed[0]).toEqual({
      time: '2026-01-02T03:04:05.678Z',
      type: 'engine-note',
      message: 'took vm: this kernel has no IPVS',
    });
  });

  it('tells a file that was refused from a lab that broke', () => {
    const said = (error: Error) =>
      eventText({ type: 'scenario-broke', scenario: 's', error, directory: '/d', seconds: 1 });
    expect(said(new RulesError('a.yaml:3:5: no such match'))).toMatch(/^s: REFUSED after .*: a\.yaml:3:5: /);
    expect(said(new LabError('gone'))).toMatch(/^s: BROKE after .*: gone$/);
  });

  it('writes errors with their details, hint and cause', () => {
    let text = '';
    const reporter = jsonReporter((piece) => {
      text += piece;
    }, at);
    const error = new LabError('could not boot', {
      details: 'Kernel panic',
      hint: 'try another kernel',
      cause: new Error('exit 1'),
    });
    reporter.emit({ type: 'scenario-broke', scenario: 's', error, directory: '/d', seconds: 1 });
    expect(JSON.parse(text)).toMatchObject({
      error: {
        name: 'LabError',
        message: 'could not boot',
        details: 'Kernel panic',
        hint: 'try another kernel',
        cause: { name: 'Error', message: 'exit 1' },
      },
    });
  });
});
