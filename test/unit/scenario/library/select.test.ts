import { describe, expect, it } from 'vitest';
import { selectScenarios } from '../../../../src/scenario/library/select.js';

const scenarios = [
  { id: 'close/server-first', title: 'The realserver closes', tags: ['close', 'repro'] },
  { id: 'close/client-first', title: 'The client closes', tags: ['close'] },
  { id: 'topology/ipv6', title: 'All in IPv6', tags: ['slow', 'wide-area'] },
];
const ids = (selection: Parameters<typeof selectScenarios>[1]) =>
  selectScenarios(scenarios, selection).map(({ id }) => id);

describe('selecting scenarios', () => {
  it('takes all when nothing is asked for', () => {
    expect(ids({})).toEqual(scenarios.map(({ id }) => id));
    expect(ids({ tags: [], grep: undefined })).toHaveLength(3);
  });

  it('takes those with any of the tags', () => {
    expect(ids({ tags: ['repro', 'slow'] })).toEqual(['close/server-first', 'topology/ipv6']);
    expect(ids({ tags: ['rep'] })).toEqual([]);
  });

  it.each([
    [/^close\//, ['close/server-first', 'close/client-first']],
    [/all IN/i, ['topology/ipv6']],
    [/^wide/, ['topology/ipv6']],
    [/nothing/, []],
  ])('searches id, title and tags for %s', (grep, expected) => {
    expect(ids({ grep })).toEqual(expected);
  });

  it('searches each anew with a global expression', () => {
    expect(ids({ grep: /closes/g })).toEqual(['close/server-first', 'close/client-first']);
  });

  it('takes those that satisfy both', () => {
    expect(ids({ tags: ['close'], grep: /client/ })).toEqual(['close/client-first']);
  });
});
