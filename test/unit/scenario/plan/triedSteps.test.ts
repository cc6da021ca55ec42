import { describe, expect, it } from 'vitest';
import { triedSteps } from '../../../../src/scenario/plan/triedSteps.js';
import { minimal, scenarioOf } from '../scenarioFile.js';

const stepsOf = async (lines: string) =>
  triedSteps(await scenarioOf(minimal + lines)).map(
    ({ kind, text, path }) => `${path} ${kind} ${text.trimEnd()}`,
  );

describe('what is tried out before there is a lab', () => {
  it('is nothing where nothing is loaded', async () => {
    expect(await stepsOf('')).toEqual([]);
  });

  it('is all texts of a role, with addresses for placeholders, in the order of loading', async () => {
    expect(
      await stepsOf(`director:
  iptables: legacy
  sysctls: { net.ipv4.conf.eth0.rp_filter: 0, net.ipv4.conf.all.rp_filter: 0 }
  nftables: add table ip f
  rules: "*filter\\n-A INPUT -d \${VIP}\\nCOMMIT"
  ipset: create a hash:ip
`),
    ).toEqual([
      'director unit legacy',
      'director.sysctls.net.ipv4.conf.eth0.rp_filter sysctl net/ipv4/conf/default/rp_filter',
      'director.sysctls.net.ipv4.conf.all.rp_filter sysctl net/ipv4/conf/all/rp_filter',
      'director.ipset ipset create a hash:ip',
      'director.rules rules *filter\n-A INPUT -d 198.18.7.100\nCOMMIT',
      'director.nftables nftables add table ip f',
    ]);
  });

  it('is commands of the packet filter, up to the first of another kind', async () => {
    const commands = "['iptables -A INPUT -j DROP', 'ip link set eth0 up', 'iptables -A INPUT -j DROP']";
    expect(await stepsOf(`client: { commands: ${commands} }\n`)).toEqual([
      'client unit nft',
      'client.commands.0 command iptables -A INPUT -j DROP',
    ]);
    expect(await stepsOf("client: { commands: ['iptables -A $CHAIN -j DROP'] }\n")).toEqual([]);
    expect(await stepsOf("client: { commands: ['nft -f /tmp/rules'] }\n")).toEqual([]);
  });

  it('is what events do, on top of what their node has, once for each node', async () => {
    const steps = await stepsOf(`realserver: { commands: [iptables -A INPUT -j DROP] }
events:
  - { at: connected, on: realserver1, run: iptables -D INPUT 1 }
  - { at: connected, on: realserver2, commands: [iptables -D INPUT 1] }
`);
    expect(steps).toEqual([
      'realserver unit nft',
      'realserver.commands.0 command iptables -A INPUT -j DROP',
      'events.0.run command iptables -D INPUT 1',
      'realserver unit nft',
      'realserver.commands.0 command iptables -A INPUT -j DROP',
      'events.1.commands.0 command iptables -D INPUT 1',
    ]);
  });
});
