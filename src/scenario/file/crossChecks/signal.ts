import type { ScenarioFile } from '../schema/file.js';
import type { CrossProblem } from '../checks/problem.js';

/** The types of ICMP errors, each with its highest code. Kernels answer a packet with no others. */
const errors = {
  ipv4: { 3: 15, 4: 0, 5: 3, 11: 1, 12: 2 },
  ipv6: { 1: 8, 2: 0, 3: 1, 4: 10 },
} as const satisfies Record<string, Readonly<Record<number, number>>>;

const names = { ipv4: 'ICMP', ipv6: 'ICMPv6' } as const;

/** Refuses an ICMP error that the service's family does not have, because no run could find it. */
export function signalProblems({ topology: { family }, expect: { signal } }: ScenarioFile): CrossProblem[] {
  if (signal?.kind !== 'icmp') return [];
  const { type, code } = signal;
  if (isError(family, type, code)) return [];
  const other = family === 'ipv4' ? 'ipv6' : 'ipv4';
  const meant = isError(other, type, code) ? `, which is an error of ${names[other]}` : '';
  const examples = family === 'ipv4' ? '`3/10`, host prohibited' : '`1/1`, administratively prohibited';
  const message = `expected an error of ${names[family]}, as the service's family is ${family} (${examples}, for example), found \`${type}/${code}\`${meant}`;
  return [{ path: ['expect', 'signal', 'icmp'], at: 'value', message }];
}

function isError(family: keyof typeof errors, type: number, code: number): boolean {
  const highest = (errors[family] as Readonly<Record<number, number>>)[type];
  return highest !== undefined && code <= highest;
}
