import { describe, expect, it } from 'vitest';
import { withFlows } from '../../../../../src/scenario/library/withFlows.js';
import { minimal, problemsOf, scenarioOf } from '../../scenarioFile.js';

const flows = 'flows: { count: 10, rate: 10, conversation: server-first }\n';
const subnet = (cidr: string, family = 'ipv4') => `topology: { subnet: ${cidr}, family: ${family} }\n`;

describe('flows', () => {
  it.each([
    '10.1.0.0/24',
    '198.18.3.0/24',
    '203.0.113.0/24',
    '172.32.0.0/24',
    '8.0.0.0/8',
    '223.255.255.0/24',
  ])('may be in %s', async (cidr) => {
    expect((await scenarioOf(minimal + flows + subnet(cidr))).flows?.count).toBe(10);
    expect(withFlows(await scenarioOf(minimal + subnet(cidr)), 10).flows?.count).toBe(10);
  });

  it.each([
    ['240.0.0.0/24', '240.0.0.0/4'],
    ['251.0.0.0/8', '240.0.0.0/4'],
    ['169.0.0.0/8', '169.254.0.0/16'],
  ])('cannot be in %s, which is said before anything starts', async (cidr, range) => {
    const problems = await problemsOf(minimal + flows + subnet(cidr));
    expect(problems).toEqual([expect.stringContaining(`FILE:8:21: expected a network of unicast addresses`)]);
    expect(problems[0]).toContain(`found \`${cidr}\`, which has some of ${range}`);
    const scenario = await scenarioOf(minimal + subnet(cidr));
    expect(() => withFlows(scenario, 10)).toThrow(/expected a network of unicast addresses/);
  });

  it.each(['0.1.0.0/24', '127.1.0.0/24', '169.254.3.0/24', '224.0.0.0/24', '255.255.255.0/24'])(
    'cannot be in %s, where nothing can be',
    async (cidr) => {
      const problems = await problemsOf(minimal + flows + subnet(cidr));
      expect(problems).toEqual([
        expect.stringMatching(
          /FILE:8:21: expected a network (?:that hosts can have addresses in|of unicast)/,
        ),
      ]);
    },
  );

  it('of IPv6 are in networks of the lab’s own choice', async () => {
    expect(withFlows(await scenarioOf(minimal + subnet('203.0.113.0/24', 'ipv6')), 10).flows).toBeDefined();
  });
});
