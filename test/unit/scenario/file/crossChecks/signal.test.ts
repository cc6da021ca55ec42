import { describe, expect, it } from 'vitest';
import { minimal, problemsOf, scenarioOf } from '../../scenarioFile.js';

const expecting = (icmp: string, family: string) =>
  `${minimal.replace('{ outcome: healthy }', `{ outcome: close-blocked, signal: { icmp: ${icmp}, from: director } }`)}topology: { family: ${family} }\n`;

describe('an ICMP error that is expected', () => {
  it.each([
    ['3/10', 'ipv4'],
    ['11/1', 'ipv4'],
    ['1/1', 'ipv6'],
    ['4/1', 'ipv6'],
  ])('may be %s with %s', async (icmp, family) => {
    expect((await scenarioOf(expecting(icmp, family))).expect.signal?.kind).toBe('icmp');
  });

  it.each([
    ['3/10', 'ipv6', 'ICMPv6', ', which is an error of ICMP'],
    ['1/1', 'ipv4', 'ICMP', ', which is an error of ICMPv6'],
    ['8/0', 'ipv4', 'ICMP', ''],
    ['3/16', 'ipv4', 'ICMP', ''],
  ])('cannot be %s with %s', async (icmp, family, name, meant) => {
    const [problem, ...others] = await problemsOf(expecting(icmp, family));
    expect(others).toEqual([]);
    expect(problem).toContain(
      `FILE:6:51: expected an error of ${name}, as the service's family is ${family}`,
    );
    expect(problem?.endsWith(`found \`${icmp}\`${meant}`)).toBe(true);
  });
});
