import { describe, expect, it } from 'vitest';
import { distinctFates } from '../../../../src/verdict/fates/distinctFates.js';
import type { ConnectionFate } from '../../../../src/verdict/model/verdict.js';

const stuck = (port: number, realserver: string, because?: string): ConnectionFate => ({
  client: `198.18.0.2:${String(port)}`,
  realserver,
  fate: 'close-blocked',
  clientState: 'LAST-ACK',
  realserverState: 'FIN-WAIT-2',
  ipvsState: 'ESTABLISHED',
  because:
    because ?? `Client LAST-ACK, ${realserver} FIN-WAIT-2: the FIN reached the director and went no further.`,
});

describe('the different fates of connections', () => {
  it('are one for connections that differ in their ports only, and keep the name of their one realserver', () => {
    expect(distinctFates([stuck(1, 'realserver1'), stuck(2, 'realserver1')])).toEqual([
      {
        fate: 'close-blocked',
        connections: 2,
        because: 'Client LAST-ACK, realserver1 FIN-WAIT-2: the FIN reached the director and went no further.',
      },
    ]);
  });

  it('leave the realserver out where several had connections of one fate', () => {
    const [only, ...others] = distinctFates([stuck(1, 'realserver1'), stuck(2, 'realserver10')]);
    expect(others).toEqual([]);
    expect(only?.because).toBe(
      'Client LAST-ACK, realserver FIN-WAIT-2: the FIN reached the director and went no further.',
    );
  });

  it('are two as soon as one observation is another, the frequent one first', () => {
    const odd = stuck(1, 'realserver1', 'Client LAST-ACK, realserver1 FIN-WAIT-2: the FIN left the client.');
    const found = distinctFates([odd, stuck(2, 'realserver1'), stuck(3, 'realserver2')]);
    expect(found.map(({ connections }) => connections)).toEqual([2, 1]);
    expect(found[1]?.because).toContain('the FIN left the client');
  });

  it('have no addresses and ports in them', () => {
    const [one, ...others] = distinctFates([
      stuck(1, 'realserver1', '198.18.0.2:1 sent to 198.18.0.9:80 and [2001:db8::1]:80.'),
      stuck(2, 'realserver1', '198.18.0.2:2 sent to 198.18.0.7:80 and [2001:db8::2]:80.'),
    ]);
    expect(others).toEqual([]);
    expect(one?.because).toBe('the client sent to an address and an address.');
  });

  it.each(['10.0.0.4:80', '[2001:db8::4]:80'])(
    'say whose address the cause is, and not again that it is one: %s',
    (from) => {
      const because = `Client SYN-SENT: the SYN-ACK came from realserver1's own address, ${from}, and was reset by the client.`;
      expect(distinctFates([stuck(1, 'realserver1', because)])[0]?.because).toBe(
        "Client SYN-SENT: the SYN-ACK came from realserver1's own address and was reset by the client.",
      );
      // Where the address is all that is said, a word for it stays.
      const bare = `Client SYN-SENT: the SYN went to ${from}, and no further.`;
      expect(distinctFates([stuck(1, 'realserver1', bare)])[0]?.because).toContain('went to an address, and');
    },
  );

  it('say of healthy connections no more than that, whatever samples saw of their ends', () => {
    const closed = (port: number, ends: string): ConnectionFate => ({
      ...stuck(port, 'realserver1', `Client ${ends}: the reply was complete and both ends closed.`),
      fate: 'healthy',
    });
    expect(
      distinctFates([closed(1, 'TIME-WAIT, realserver1 gone'), closed(2, 'gone, realserver1 gone')]),
    ).toEqual([{ fate: 'healthy', connections: 2, because: 'the reply was complete and both ends closed.' }]);
  });
});
