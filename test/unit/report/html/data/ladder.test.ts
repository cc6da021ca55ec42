import { describe, expect, it } from 'vitest';
import { ladderOf, type Ladder, type LadderPacket } from '../../../../../src/report/html/data/ladder.js';
import { packetText } from '../../../../../src/report/html/data/packetText.js';
import { english } from '../../../../../src/report/html/words/english.js';
import { measured } from '../recorded.js';

const reject = '-A INPUT -j REJECT --reject-with icmp-host-prohibited';

async function ladder(name: string): Promise<Ladder> {
  const { phase, finding } = await measured(name);
  const found = ladderOf(phase, finding, undefined);
  if (found === undefined) throw new Error('no ladder');
  return found;
}

const packets = ({ rows }: Ladder): readonly LadderPacket[] =>
  rows.flatMap((row) => (row.row === 'packet' ? [row] : []));
const wayOf = ({ hops }: LadderPacket): string =>
  [hops[0]?.from ?? '?', ...hops.map(({ to }) => to ?? '?')].join(' ');
const lines = (of: Ladder): readonly string[] =>
  packets(of).map(
    (packet) => `${packetText(packet, english)}: ${wayOf(packet)}${packet.endsAt === undefined ? '' : ' X'}`,
  );

describe('the ladder of a connection', () => {
  it('has each packet once, with all its hops, and ends FINs at the director that rejects them', async () => {
    const found = await ladder('close-server-first');
    expect(found.lanes.slice(0, 2)).toEqual(['client', 'director']);
    expect(lines(found).slice(0, 3)).toEqual([
      expect.stringMatching(/^SYN: client director realserver\d$/),
      expect.stringMatching(/^SYN,ACK: realserver\d client$/),
      expect.stringMatching(/^ACK: client director realserver\d$/),
    ]);
    const ended = packets(found).filter(({ endsAt }) => endsAt !== undefined);
    expect(ended.length).toBeGreaterThan(3);
    for (const { what, endsAt, takenBy } of ended)
      expect({ what, endsAt, takenBy }).toEqual({ what: 'fin', endsAt: 'director', takenBy: [reject] });
    // The first is no retransmission, and each is answered.
    expect(ended.map(({ isAgain }) => isAgain)).toEqual([false, ...ended.slice(1).map(() => true)]);
    expect(
      lines(found).filter((line) => line === 'ICMP 3/10 (host-prohibited): director client'),
    ).toHaveLength(ended.length);
  });

  it('ends nothing where everything goes through', async () => {
    const found = await ladder('healthy');
    expect(lines(found)).toContainEqual(expect.stringMatching(/^FIN,ACK: client director realserver1$/));
    expect(packets(found).filter(({ endsAt }) => endsAt !== undefined)).toEqual([]);
  });

  it('ends a packet where it was not seen to leave, by whose capture nothing is missing', async () => {
    const { phase, finding } = await measured('healthy');
    const director = phase.nodes.find(({ name }) => name === 'director');
    const without = (lost: Partial<typeof director>) => ({
      ...phase,
      nodes: phase.nodes.map((node) => (node.name === 'director' ? { ...node, ...lost } : node)),
    });
    const mac = director?.macs[0];
    const capture = director?.capture && {
      ...director.capture,
      segments: director.capture.segments.filter(({ flags, sourceMac }) => !(flags.fin && sourceMac === mac)),
    };
    const ends = (of: Ladder | undefined) =>
      of === undefined ? [] : packets(of).map(({ endsAt }) => endsAt);
    expect(ends(ladderOf(without({ capture }), finding, undefined))).toContain('director');
    expect(ends(ladderOf(without({ capture, captureDrops: 1 }), finding, undefined))).not.toContain(
      'director',
    );
  });

  it('follows a connection through routers and translators, and over IPv6', async () => {
    const silent = await ladder('routed-nat-silent');
    expect(lines(silent)[0]).toBe('SYN: client router director realserver1');
    expect(lines(silent)).toContain('SYN,ACK: realserver1 director router client');
    expect(lines(silent)).toContainEqual(expect.stringMatching(/^FIN,ACK: client router director X$/));
    const translated = await ladder('nat-one-armed');
    expect(translated.names.length).toBeGreaterThan(1);
    expect(lines(translated)[0]).toMatch(/^SYN: client (router )?director realserver\d$/);
    const six = await ladder('ipv6-reset');
    expect(lines(six)).toContain('RST,ACK: client director X');
    expect(lines(six)).toContain('ICMPv6 1/1 (adm-prohibited): director client');
  });

  it('leaves out the middle of what would be no picture', async () => {
    const { phase, finding } = await measured('close-server-first');
    const [connection] = finding.connections;
    const client = phase.nodes.find(({ role }) => role === 'client');
    const ack = client?.capture?.segments.find(
      ({ flags, payloadLength }) => flags.ack && !flags.syn && payloadLength === 0 && !flags.fin,
    );
    if (client?.capture === undefined || ack === undefined) throw new Error('no acknowledgement');
    const many = Array.from({ length: 5000 }, (_, index) => ({
      ...ack,
      acknowledgement: (ack.acknowledgement + index) >>> 0,
      time: ack.time + index / 1e5,
    }));
    const nodes = phase.nodes.map((node) =>
      node === client
        ? { ...node, capture: { ...client.capture!, segments: [...client.capture!.segments, ...many] } }
        : node,
    );
    const found = ladderOf({ ...phase, nodes }, { ...finding, connections: [connection!] }, undefined);
    expect(found?.packets).toBeGreaterThan(5000);
    expect(found?.rows.length).toBeLessThanOrEqual(71);
    const packetsOfRows = found?.rows.map((row) => (row.row === 'gap' ? row.packets : 1)) ?? [];
    expect(packetsOfRows.filter((packets) => packets > 100).length).toBeGreaterThan(0);
    expect(packetsOfRows.reduce((sum, packets) => sum + packets, 0)).toBe(found?.packets);
  });

  it('is none where no capture has a packet', async () => {
    const { phase, finding } = await measured('close-server-first');
    const nodes = phase.nodes.map((node) => ({ ...node, capture: undefined }));
    expect(ladderOf({ ...phase, nodes }, finding, undefined)).toBeUndefined();
  });
});
