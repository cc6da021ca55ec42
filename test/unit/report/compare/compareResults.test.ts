import { type Outcome, outcomes } from '../../../../src/contracts/words/outcomes.js';
import { describe, expect, it } from 'vitest';
import { compareResults, type Change } from '../../../../src/report/compare/compareResults.js';
import { distanceFromHealthy } from '../../../../src/report/compare/outcomeSeverity.js';
import { resultDocument, type RunReport } from '../../../../src/report/document/resultDocument.js';
import { parseResults } from '../../../../src/report/document/parseResults.js';
import type { Cell } from '../../../../src/run/model/cell.js';
import { RulesError } from '../../../../src/run/nodes/rulesError.js';
import type { ScenarioResult } from '../../../../src/run/model/scenarioResult.js';
import { LabError } from '../../../../src/support/errors.js';
import type { Verdict } from '../../../../src/verdict/model/verdict.js';
import { engine } from '../document/samples.js';
import { blocked, failed, healthy, inconclusive, passed, resultWith } from '../samples.js';

const directory = '/runs/x';

/** A result set as `compare` reads it. */
function set(results: readonly ScenarioResult[], more: Partial<RunReport> = {}) {
  const ended: RunReport = { version: '0.1.0', directory, engines: [engine], results, exitCode: 0, ...more };
  return parseResults(JSON.stringify(resultDocument(ended)), `${directory}/results.json`, directory);
}

const cellOf = (parts: Partial<Cell>): Cell => ({
  kernel: undefined,
  image: undefined,
  iptables: undefined,
  ...parts,
});
const ran = (verdict: Verdict | undefined, more: Partial<ScenarioResult> = {}, scenario = 'close/a') =>
  ({
    ...resultWith(verdict === undefined ? { error: new LabError('gone') } : { verdict }, { scenario }),
    directory: `${directory}/job`,
    ...more,
  }) as ScenarioResult;
const [pass, fail, unclear, broke] = [ran(passed), ran(failed), ran(inconclusive), ran(undefined)];

const refused = ran(undefined, { error: new RulesError('a.yaml:3:5: no such match') });

const outcome = (name: Outcome, result: Verdict['result'] = 'fail') =>
  ran({ ...passed, result, measured: { ...blocked, outcome: name } });
const notRun = {
  ...{ scenario: 'close/a', job: 'close/a', repeat: 1, directory: `${directory}/job`, seconds: 0 },
  notRun: 'deadline',
} as const satisfies ScenarioResult;

describe('what became of a cell', () => {
  const other: Verdict = { ...failed, measured: { ...blocked, signal: { kind: 'silence' } } };
  const mix: Verdict = { ...failed, measured: { ...blocked, outcome: undefined } };
  const well = outcome('healthy');
  it.each<[string, ScenarioResult[], ScenarioResult[], Change, number]>([
    ['the same', [pass], [pass], 'same', 0],
    ['the same outcome, which its file does not expect any more', [pass], [fail], 'same', 0],
    ['a cure that its file does not expect', [pass], [well], 'better', 0],
    ['a bug that its file expects', [well], [pass], 'worse', 1],
    ['a step towards healthy', [outcome('handshake-blocked')], [outcome('close-blocked')], 'better', 0],
    ['a step away from it', [outcome('close-blocked')], [outcome('unreachable')], 'worse', 1],
    ['something that cannot be told any more', [pass], [unclear], 'unclear', 3],
    ['a lab that broke', [well], [broke], 'unclear', 3],
    ['a file that was refused', [well], [refused], 'unclear', 3],
    ['a job that did not run', [well], [notRun], 'unclear', 3],
    ['a job that did not run before', [notRun], [well], 'unclear', 3],
    ['a lab that broke before', [broke], [fail], 'unclear', 3],
    ['nothing known, still', [unclear], [unclear], 'unclear', 3],
    ['connections that came to no single outcome', [pass], [ran(mix)], 'unclear', 3],
    ['another signal', [fail], [ran(other)], 'changed', 0],
    ['one of two that is worse', [well, well], [well, fail], 'worse', 1],
    ['one that is worse, beside one that is undecided', [well, well], [unclear, fail], 'worse', 1],
    ['one that is well, beside one that is undecided', [fail, fail], [unclear, well], 'unclear', 3],
    ['both well where one was not', [well, fail], [well, well], 'better', 0],
    ['fewer, but some', [fail, fail], [well, fail], 'changed', 0],
  ])('%s', (_, a, b, change, exitCode) => {
    const { cells, exitCode: code } = compareResults(set(a), set(b));
    expect(cells.map((cell) => cell.change)).toEqual([change]);
    expect(code).toBe(exitCode);
  });

  it('goes by every step of the way from healthy', () => {
    for (const [index, from] of outcomes.entries()) {
      const changes = outcomes.map(
        (to) => compareResults(set([outcome(from)]), set([outcome(to)])).cells[0]?.change,
      );
      const order = [...outcomes].sort((one, two) => distanceFromHealthy(one) - distanceFromHealthy(two));
      const place = order.indexOf(outcomes[index]!);
      expect(changes).toEqual(
        outcomes.map((to) => {
          const step = order.indexOf(to) - place;
          return step === 0 ? 'same' : step > 0 ? 'worse' : 'better';
        }),
      );
    }
    expect(distanceFromHealthy('healthy')).toBe(0);
    expect(new Set(outcomes.map(distanceFromHealthy)).size).toBe(outcomes.length);
  });

  it('is told apart from whether the file expects it', () => {
    const expected = (a: ScenarioResult[], b: ScenarioResult[]) =>
      compareResults(set(a), set(b)).cells[0]?.asExpected;
    expect(expected([pass], [well])).toEqual({ a: true, b: false });
    expect(expected([pass, unclear], [pass, fail])).toEqual({ a: undefined, b: false });
    expect(expected([notRun], [broke])).toEqual({ a: undefined, b: undefined });
  });

  it('goes by what the file expects where that is asked for', () => {
    const change = (a: ScenarioResult, b: ScenarioResult) => {
      const { cells, exitCode } = compareResults(set([a]), set([b]), 'expected');
      return [cells[0]?.change, exitCode];
    };
    expect(change(pass, well)).toEqual(['worse', 1]);
    expect(change(well, pass)).toEqual(['better', 0]);
    expect(change(pass, unclear)).toEqual(['unclear', 3]);
    expect(change(pass, notRun)).toEqual(['unclear', 3]);
  });

  it('ends with the worst of all cells', () => {
    const two = (one: ScenarioResult, two: ScenarioResult) =>
      set([one, { ...two, scenario: 'close/b', job: 'close/b' }]);
    expect(compareResults(two(pass, fail), two(pass, pass)).exitCode).toBe(0);
    expect(compareResults(two(fail, fail), two(unclear, pass)).exitCode).toBe(3);
    expect(compareResults(two(fail, well), two(unclear, fail)).exitCode).toBe(1);
  });

  it('is told with outcome, signal and the numbers that differ', () => {
    const mended: Verdict = { ...failed, result: 'pass', measured: healthy };
    const [cell] = compareResults(set([fail]), set([ran(mended)])).cells;
    expect(cell?.a).toEqual({ 'close-blocked with ICMP 3/10 (host-prohibited) from director': 1 });
    expect(cell?.b).toEqual({ healthy: 1 });
    expect(cell?.numbers).toEqual(
      expect.arrayContaining([
        { what: 'connections healthy', a: 0, b: 10 },
        { what: 'FIN-WAIT-2 sockets on realserver1', a: 5, b: 0 },
        { what: 'IPVS entries ESTABLISHED', a: 10, b: 0 },
        { what: 'ICMP 3/10 (host-prohibited) from director', a: 45, b: 0 },
        { what: 'packets rejected or dropped on director', a: 60, b: 0 },
      ]),
    );
    expect(compareResults(set([fail]), set([fail])).cells[0]?.numbers).toEqual([]);
  });
});

describe('which cells are one', () => {
  const names = (a: readonly Partial<Cell>[], b: readonly Partial<Cell>[]) => {
    const results = (cells: readonly Partial<Cell>[]) =>
      set(cells.map((cell) => ran(passed, { cell: cellOf(cell) })));
    const { cells, onlyInA, onlyInB } = compareResults(results(a), results(b));
    return {
      both: cells.map(({ cell }) => cell),
      a: onlyInA.map(({ cell }) => cell),
      b: onlyInB.map(({ cell }) => cell),
    };
  };

  it('those on two kernels, where each set has only one: that is what is compared', () => {
    expect(names([{ kernel: 'debian:sid' }], [{ kernel: 'patched' }])).toEqual({ both: [''], a: [], b: [] });
    expect(names([{}], [{ kernel: 'patched', iptables: 'legacy' }])).toEqual({ both: [''], a: [], b: [] });
  });

  it('not those on two kernels where a set has several', () => {
    expect(names([{ kernel: 'a' }, { kernel: 'b' }], [{ kernel: 'b' }, { kernel: 'c' }])).toEqual({
      both: ['kernel b'],
      a: ['kernel a'],
      b: ['kernel c'],
    });
  });

  it('those alike in what the sets are told apart by', () => {
    const flavours = (kernel: string) => [
      { kernel, iptables: 'nft' as const },
      { kernel, iptables: 'legacy' as const },
    ];
    expect(names(flavours('a'), flavours('b'))).toEqual({
      both: ['iptables nft', 'iptables legacy'],
      a: [],
      b: [],
    });
  });

  it('tells which scenarios are in one set only', () => {
    const { onlyInA, onlyInB } = compareResults(
      set([pass, ran(passed, {}, 'close/old')]),
      set([pass, ran(passed, {}, 'close/new')]),
    );
    expect(onlyInA).toEqual([{ scenario: 'close/old', cell: '' }]);
    expect(onlyInB).toEqual([{ scenario: 'close/new', cell: '' }]);
  });

  it('says which set is not complete', () => {
    const ended = { error: new LabError('QEMU was killed') };
    expect(compareResults(set([pass]), set([pass], ended)).b.error?.message).toBe('QEMU was killed');
    expect(compareResults(set([pass]), set([pass])).b).not.toHaveProperty('error');
  });
});
