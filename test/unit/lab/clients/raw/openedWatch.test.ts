import { describe, expect, it } from 'vitest';
import { OpenedWatch } from '../../../../../lab/clients/raw/openedWatch.js';

interface Second {
  readonly opened: number;
  readonly allOpened?: boolean;
  readonly areConnected?: boolean;
  readonly isQuiet?: boolean;
}

/** The second, from 1, at which the load is taken to be that far; `Infinity`: never. */
function secondOf(moment: 'areConnected' | 'isOpen', seconds: readonly Second[]): number {
  const load = { allOpened: false, areConnected: false, isQuiet: false };
  const watch = new OpenedWatch(load);
  const at = seconds.findIndex(({ opened, allOpened = false, areConnected = false, isQuiet = false }) => {
    Object.assign(load, { allOpened, areConnected, isQuiet });
    watch.observe({ opened });
    return watch[moment];
  });
  return at === -1 ? Infinity : at + 1;
}

const openAt = (seconds: readonly Second[]) => secondOf('isOpen', seconds);
const connectedAt = (seconds: readonly Second[]) => secondOf('areConnected', seconds);

const times = (count: number, second: (index: number) => Second) =>
  Array.from({ length: count }, (_, i) => second(i));

describe('the load is open', () => {
  it('when all flows are opened and none gets on', () => {
    const all = { opened: 200, allOpened: true };
    expect(openAt([{ opened: 100 }, all, { ...all, isQuiet: true }])).toBe(3);
    expect(openAt([{ opened: 100 }, all, all])).toBe(Infinity);
  });

  it('some time after the last opening in any case', () => {
    const all = times(60, () => ({ opened: 200, allOpened: true }));
    expect(openAt(all)).toBe(30);
    expect(openAt([{ opened: 100 }, ...all])).toBe(31);
  });

  it('when no more are opened because as many are stuck as may be in progress', () => {
    expect(openAt(times(60, (index) => ({ opened: Math.min(index, 5) * 100 })))).toBe(16);
    expect(openAt(times(60, (index) => ({ opened: index * 100 })))).toBe(Infinity);
  });
});

describe('the flows are connected', () => {
  it('when the load says so, however much they have to do yet', () => {
    const all = { opened: 200, allOpened: true };
    expect(connectedAt([{ opened: 100 }, all, { ...all, areConnected: true }])).toBe(3);
    expect(connectedAt([{ opened: 100 }, all, all])).toBe(Infinity);
  });

  it('when the load is open at the latest', () => {
    expect(connectedAt(times(60, (index) => ({ opened: Math.min(index, 5) * 100 })))).toBe(16);
  });
});
