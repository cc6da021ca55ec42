import { describe, expect, it } from 'vitest';
import type { PlannedEvent } from '../../../../src/scenario/model/planTypes.js';
import { shellQuote } from '../../../../src/support/quote.js';
import { planOf } from '../planning.js';

async function eventOf(event: string, topology = '{}'): Promise<PlannedEvent> {
  const plan = await planOf(`topology: ${topology}\nevents: [${event}]\n`);
  return plan.events[0]!;
}

const lines = ({ steps }: PlannedEvent) =>
  steps.map(({ node, command }) => `${node}: ${shellQuote(command.argv)}`);

describe('planned events', () => {
  it('come in the order of the file, at their moments', async () => {
    const plan = await planOf(
      'events: [{ at: settled, on: client, run: ls }, { at: 1500ms, on: client, run: ls }, { at: connected, on: client, run: ls }]\n',
    );
    expect(plan.events.map(({ at }) => at)).toEqual(['settled', 1.5, 'connected']);
  });

  it('run a command', async () => {
    const event = await eventOf("{ at: 1s, on: realserver1, run: 'conntrack -F' }");
    expect(event.what).toBe('`conntrack -F` on realserver1');
    expect(lines(event)).toEqual(["realserver1: sh -c 'conntrack -F'"]);
  });

  it('set sysctls', async () => {
    const event = await eventOf('{ at: 1s, on: director, sysctls: { net.a: 1, net.b: 2 3 } }');
    expect(event.what).toBe('net.a=1, net.b=2 3 on director');
    expect(lines(event)).toEqual(["director: sysctl -qw 'net.a=1' 'net.b=2 3'"]);
  });

  it('end a server', async () => {
    const event = await eventOf('{ at: 1s, on: realserver2, do: stop-server }');
    expect(lines(event)).toEqual(['realserver2: sh /lab/server/stop.sh']);
  });

  it('load rules, which can be quoted', async () => {
    const event = await eventOf("{ at: 1s, on: client, iptables: legacy, commands: ['iptables -F'] }");
    const { steps, what } = event;
    expect(what).toBe('new rules on client');
    expect(steps).toHaveLength(1);
    expect(steps[0]?.rules?.texts).toEqual({ commands: 'iptables -F' });
    expect(steps[0]?.rules?.load).toEqual(steps[0]?.command);
    expect(lines(event)).toEqual(['client: bash /lab/load-rules.sh legacy command:12']);
  });
});

describe('director2 takes the VIP over', () => {
  const take = '{ at: 1s, on: director2, do: take-vip }';

  it('when the other has given it up, and tells the neighbours', async () => {
    expect(lines(await eventOf(take, '{ directors: 2 }'))).toEqual([
      'director: ip addr del 198.18.7.100/32 dev eth0',
      'director2: ip addr add 198.18.7.100/32 dev eth0',
      'director2: arping -U -c 2 -I eth0 -s 198.18.7.100 198.18.7.100',
    ]);
  });

  it('in IPv6 with an advertisement by the kernel', async () => {
    const vip = 'fd6c:7673:c612:700::100/128';
    expect(lines(await eventOf(take, '{ directors: 2, family: ipv6 }'))).toEqual([
      `director: ip -6 addr del ${vip} dev eth0`,
      "director2: sysctl -qw 'net.ipv6.conf.eth0.ndisc_notify=1'",
      `director2: ip -6 addr add ${vip} dev eth0 preferred_lft 0`,
    ]);
  });

  it.each(['{ directors: 2, forwarding: nat }', '{ directors: 2, network: routed, replies: director }'])(
    'and the replies with it: %s',
    async (topology) => {
      expect(lines(await eventOf(take, topology)).slice(3)).toEqual([
        'realserver1: ip route replace default via 198.18.7.21',
        'realserver2: ip route replace default via 198.18.7.21',
      ]);
    },
  );
});
