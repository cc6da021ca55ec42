import type { Bounds, Expectation, ExpectedOfSome } from '../scenario/model/expectation.js';
import { boundsText, measuredSecondsText } from './model/expectationText.js';
import { outOfBounds } from './model/outOfBounds.js';
import type { PhaseFinding } from './model/verdict.js';

type Found = Pick<PhaseFinding, 'numbers' | 'connections'>;

/** What is wrong with the parts of a run that the expectation names by themselves, beside what all connections came to: one sentence each. */
export function partComplaints(expected: Expectation, found: Found): string[] {
  return [
    ...mixComplaints(expected, found),
    ...realserverComplaints(expected, found),
    ...laterComplaints(expected, found),
    ...socketComplaints(expected, found),
    ...firstByteComplaints(expected, found),
  ];
}

function mixComplaints({ mix = {} }: Expectation, { numbers }: Found): string[] {
  return Object.entries(mix).flatMap(([fate, bounds]) =>
    countComplaint(bounds, numbers.fates[fate] ?? 0, `of ${numbers.connections} connections ${fate}`),
  );
}

function realserverComplaints({ realservers = {} }: Expectation, { connections }: Found): string[] {
  return Object.entries(realservers).flatMap(([name, wanted]) => {
    const served = connections.filter(({ realserver }) => realserver === name);
    return someComplaints(wanted, served, `that ${name} served`);
  });
}

function laterComplaints({ later: wanted }: Expectation, { connections }: Found): string[] {
  if (wanted === undefined) return [];
  const opened = connections.filter(({ later }) => later === true);
  return someComplaints(wanted, opened, 'that were opened later');
}

/** What is wrong with some of the connections; `which` says which. */
function someComplaints(
  { outcome, connections: bounds }: ExpectedOfSome,
  some: Found['connections'],
  which: string,
): string[] {
  const count = some.filter(({ fate }) => outcome === undefined || fate === outcome).length;
  const what = `of the ${some.length} connections ${which}${outcome === undefined ? '' : ` ${outcome}`}`;
  return countComplaint(bounds ?? { atLeast: Math.max(1, some.length) }, count, what);
}

function socketComplaints({ sockets = {} }: Expectation, { numbers }: Found): string[] {
  return Object.entries(sockets).flatMap(([name, states]) =>
    Object.entries(states).flatMap(([state, bounds]) =>
      countComplaint(
        bounds,
        numbers.sockets[name]?.[state] ?? 0,
        `sockets of ${name} in ${state} at the end`,
      ),
    ),
  );
}

function firstByteComplaints({ firstByte }: Expectation, { numbers }: Found): string[] {
  if (firstByte === undefined) return [];
  if (numbers.firstByte === undefined) return ['No reply began, so its first byte has no time to compare.'];
  const { median } = numbers.firstByte;
  const amiss = outOfBounds(firstByte, median, measuredSecondsText);
  return amiss === undefined
    ? []
    : [`The first byte of the reply came after ${measuredSecondsText(median)} (median), ${amiss}.`];
}

function countComplaint(bounds: Bounds, count: number, what: string): string[] {
  if (outOfBounds(bounds, count) === undefined) return [];
  return [`Expected ${boundsText(bounds)} ${what}, found ${count}.`];
}
