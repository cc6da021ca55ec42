import { describe, expect, it } from 'vitest';
import { compareResults, type Change } from '../../../../src/report/compare/compare.js';
import { resultDocument, type Ended } from '../../../../src/report/document/make.js';
import { parseResults } from '../../../../src/report/document/read.js';
import type { Cell } from '../../../../src/run/cell.js';
import type { ScenarioResult } from '../../../../src/run/result.js';
import { LabError } from '../../../../src/support/errors.js';
import type { Verdict } from '../../../../src/verdict/types.js';
import { engine } from '../document/samples.js';
import { blocked, failed, healthy, inconclusive, passed, resultWith } from '../samples.js';

const directory = '/runs/x';

/** A result set as `compare` reads it. */
function set(results: readonly ScenarioResult[], more: Partial<Ended> = {}) {
  const ended: Ended = { version: '0.1.0', directory, engines: [engine], results, exitCode: 0, ...more };
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

describe('what became of a cell', () => {
  const other: Verdict = { ...failed, measured: { ...blocked, signal: { kind: 'silence' } } };
  it.each<[string, ScenarioResult[], ScenarioResult[], Change, number]>([
    ['the same', [pass], [pass], 'same', 0],
    ['the same failure', [fail], [fail], 'same', 0],
    ['a failure that is new', [pass], [fail], 'worse', 1],
    ['a failure that is mended', [fail], [pass], 'better', 0],
    ['a pass that cannot be told any more', [pass], [unclear], 'worse', 1],
    ['a lab that broke where something passed', [pass], [broke], 'worse', 1],
    ['a failure where nothing was known', [unclear], [fail], 'worse', 1],
    ['a pass where nothing was known', [broke], [pass], 'better', 0],
    ['a failure that cannot be told any more: no improvement', [fail], [unclear], 'unclear', 3],
    ['nothing known, still', [unclear], [unclear], 'unclear', 3],
    ['a failure of another kind', [fail], [ran(other)], 'changed', 0],
    ['one failure of two where both passed', [pass, pass], [pass, fail], 'worse', 1],
    ['no failure where one of two failed', [pass, fail], [pass, pass], 'better', 0],
    ['fewer failures, but some', [fail, fail], [pass, fail], 'changed', 0],
  ])('%s', (_, a, b, change, exitCode) => {
    const { cells, exitCode: code } = compareResults(set(a), set(b));
    expect(cells.map((cell) => cell.change)).toEqual([change]);
    expect(code).toBe(exitCode);
  });

  it('ends with the worst of all cells', () => {
    const two = (one: Verdict, other: Verdict) => set([ran(one), ran(other, {}, 'close/b')]);
    expect(compareResults(two(passed, failed), two(passed, passed)).exitCode).toBe(0);
    expect(compareResults(two(failed, failed), two(inconclusive, passed)).exitCode).toBe(3);
    expect(compareResults(two(failed, passed), two(inconclusive, failed)).exitCode).toBe(1);
  });

  it('is told with outcome, signal and the numbers that differ', () => {
    const mended: Verdict = { ...failed, result: 'pass', measured: healthy };
    const [cell] = compareResults(set([fail]), set([ran(mended)])).cells;
    expect(cell?.a).toEqual({ 'fail: close-blocked with ICMP 3/10 (host-prohibited) from director': 1 });
    expect(cell?.b).toEqual({ 'pass: healthy': 1 });
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
