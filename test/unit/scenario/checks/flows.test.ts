import { describe, expect, it } from 'vitest';
import { withFlows } from '../../../../src/scenario/withFlows.js';
import { minimal, problemsOf, scenarioOf } from '../scenarioFile.js';

const flows = 'flows: { count: 10, rate: 10, conversation: server-first }\n';
const subnet = (cidr: string, family = 'ipv4') => `topology: { subnet: ${cidr}, family: ${family} }\n`;

describe('flows', () => {
  it.each(['10.1.0.0/24', '172.31.0.0/16', '192.168.4.0/24', '100.64.0.0/10', '198.18.3.0/24'])(
    'may be in %s',
    async (cidr) => {
      expect((await scenarioOf(minimal + flows + subnet(cidr))).flows?.count).toBe(10);
      expect(withFlows(await scenarioOf(minimal + subnet(cidr)), 10).flows?.count).toBe(10);
    },
  );

  it.each(['203.0.113.0/24', '172.32.0.0/24', '8.0.0.0/8'])(
    'cannot be in %s, which is said before anything starts',
    async (cidr) => {
      const problems = await problemsOf(minimal + flows + subnet(cidr));
      expect(problems).toEqual([
        expect.stringContaining(`FILE:8:21: expected a network that nobody on the Internet has`),
      ]);
      expect(problems[0]).toContain(`found \`${cidr}\``);
      const scenario = await scenarioOf(minimal + subnet(cidr));
      expect(() => withFlows(scenario, 10)).toThrow(/expected a network that nobody on the Internet has/);
    },
  );

  it('of IPv6 are in networks of the lab’s own choice', async () => {
    expect(withFlows(await scenarioOf(minimal + subnet('203.0.113.0/24', 'ipv6')), 10).flows).toBeDefined();
  });
});
