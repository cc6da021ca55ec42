import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attempt } from '../../../../src/cure/candidates/search.js';
import { methods } from '../../../../src/cure/candidates/changes.js';
import { ChangedSite } from '../../../../src/cure/model/changedSite.js';
import type { EveryKind } from '../../../../src/cure/openings/everyPacket.js';
import { type Difference, differences } from '../../../../src/cure/openings/findOpenings.js';
import { predictedOutcomes } from '../../../../src/prediction/model/predicted.js';
import { addressNumber } from '../../../../src/site/model/addressRange.js';
import { amount } from '../../fuzz/amount.js';
import { type ConcretePacket, getsIn } from '../concreteWalk.js';
import { randomFirewall } from '../randomRules.js';
import { curesOf } from '../siteCures.js';

const service = {
  name: 'ipvsadm.save',
  text: '-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.9.9.9:80 -g -w 1\n',
};
const named = { services: [], forwarding: undefined, clientSide: 'e0', serverSide: 'e0', clients: [] };

/** Packets of every kind that random rules tell apart. */
const packets: readonly ConcretePacket[] = ['10.1.1.1', '10.2.2.2', '203.0.113.7', '198.51.100.9'].flatMap(
  (source) =>
    ['192.0.2.10', '192.0.2.11', '198.51.100.1'].flatMap((destination) =>
      [80, 443, 22, 2000].flatMap((destinationPort) =>
        ['e0', 'e1', 'e7'].flatMap((comesIn) =>
          (
            [
              [6, 0x02, 'NEW'],
              [6, 0x10, 'NEW'],
              [6, 0x10, 'ESTABLISHED'],
              [6, 0x11, 'INVALID'],
              [6, 0x11, 'ESTABLISHED'],
              [6, 0x04, 'INVALID'],
              [6, 0x14, 'ESTABLISHED'],
              [6, 0x12, 'INVALID'],
              [6, 0x00, 'INVALID'],
              [6, 0x03, 'INVALID'],
              [17, undefined, 'NEW'],
              [17, undefined, 'ESTABLISHED'],
              [132, undefined, 'NEW'],
            ] as const
          ).map(([protocol, flags, state]) => ({
            protocol,
            flags,
            state,
            source,
            destination,
            sourcePort: 33_000,
            destinationPort,
            comesIn,
          })),
        ),
      ),
    ),
);

/** Whether a list of boxes has a packet. */
function has(found: readonly Difference[], packet: ConcretePacket, which: 'opened' | 'closed'): boolean {
  return found.some(({ asked, [which]: boxes }) => {
    if (asked.route !== 'into' || asked.family !== 'ipv4') return false;
    const { universe, targets } = asked.space;
    const [source, destination] = [
      addressNumber(packet.source) ?? -1n,
      addressNumber(packet.destination) ?? -1n,
    ];
    return boxes.some((box) => {
      const isLike = ({ protocol, flags }: EveryKind) =>
        packet.protocol === 132
          ? ![1, 6, 17].includes(protocol)
          : protocol === packet.protocol && flags === packet.flags;
      const isKind = asked.kinds.some(
        (kind, bit) => (box.kinds & (1 << bit)) !== 0 && kind.state === packet.state && isLike(kind),
      );
      const client = universe.client.pieces.findIndex(({ first, last }) => first <= source && source <= last);
      const target = targets.findIndex(
        ({ addresses, ports: [low, high] }) =>
          addresses.first <= destination &&
          destination <= addresses.last &&
          low <= packet.destinationPort &&
          packet.destinationPort <= high,
      );
      const named = universe.clientSide.pieces.findIndex(
        ({ name, isOther }) => !isOther && name === packet.comesIn,
      );
      const side = named >= 0 ? named : universe.clientSide.pieces.findIndex(({ name }) => name === '');
      return isKind && box.client.has(client) && box.server.has(target) && box.clientSide.has(side);
    });
  });
}

describe('over random firewalls', () => {
  const { runs, seed } = amount(60);
  // Each has all of its cures found.
  const few = Math.ceil(runs / 5);

  it(
    'what a change lets in and keeps out is what packets show, one by one',
    { timeout: 60_000 + runs * 2000 },
    () => {
      let compared = 0;
      let opened = 0;
      fc.assert(
        fc.property(randomFirewall, fc.constantFrom(...methods), (text, method) => {
          const before = ChangedSite.of([{ name: 'iptables.save', text, isNamed: true }, service], named);
          const tried = attempt(before, method);
          if ('left' in tried) return;
          const found = differences(before, tried.site, []) ?? [];
          const [was, is] = [before.chains[0], tried.site.chains[0]];
          if (was === undefined || is === undefined) return;
          for (const packet of packets) {
            const [did, does] = [getsIn(was, packet), getsIn(is, packet)];
            const isOpened = !did && does;
            compared += 1;
            if (isOpened) opened += 1;
            expect(has(found, packet, 'opened'), JSON.stringify(packet)).toBe(isOpened);
            expect(has(found, packet, 'closed'), JSON.stringify(packet)).toBe(did && !does);
          }
        }),
        { numRuns: runs, seed },
      );
      expect(compared).toBeGreaterThan(10_000);
      expect(opened).toBeGreaterThan(50);
    },
  );

  it(
    'no cure keeps out what got in, or makes anything of a service worse',
    { timeout: 60_000 + runs * 2000 },
    () => {
      let cured = 0;
      fc.assert(
        fc.property(randomFirewall, (text) => {
          const files = [{ name: 'iptables.save', text, isNamed: true }, service];
          const before = ChangedSite.of(files, named);
          const [was] = before.chains;
          for (const { patch, opens } of curesOf(files, 'e0')?.cures ?? []) {
            if (patch === '') continue;
            cured += 1;
            expect(opens?.isClosing).toBe(false);
          }
          for (const method of methods) {
            const tried = attempt(before, method);
            if ('left' in tried) continue;
            const [outcome, now] = [before, tried.site].map(
              ({ prediction }) => prediction.services[0]?.outcome,
            );
            expect(predictedOutcomes.indexOf(now ?? 'healthy')).toBeGreaterThanOrEqual(
              predictedOutcomes.indexOf(outcome ?? 'healthy'),
            );
            const [is] = tried.site.chains;
            const isClosing = packets.some(
              (packet) => was !== undefined && is !== undefined && getsIn(was, packet) && !getsIn(is, packet),
            );
            const found = differences(before, tried.site, []);
            if (isClosing) expect(found?.some(({ closed }) => closed.length > 0)).not.toBe(false);
          }
        }),
        { numRuns: few, seed },
      );
      expect(cured).toBeGreaterThan(few);
    },
  );
});
