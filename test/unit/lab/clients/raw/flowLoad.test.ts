import { describe, expect, it } from 'vitest';
import { makeFlowLoad } from '../../../../../lab/clients/raw/flowLoad.js';
import { profileOf, serverFirst, simulate, type SimulationOptions } from './simulation/simulate.js';
import { clientMac, directorMac, writeFrame } from './simulation/wireFormat.js';

const silent = { bytes: Buffer.alloc(2048), reserve: () => 0, commit: () => undefined };
const macs = { own: clientMac, nextHop: directorMac };

function loadOf(options: SimulationOptions) {
  return makeFlowLoad({ profile: profileOf(options), outbox: silent, macs, now: 0, at: 0 });
}

/** Seconds of a load with time: when each flow's first SYN was sent. */
function openingsOf(options: SimulationOptions): number[] {
  const times: number[] = [];
  simulate({
    ...options,
    director: (segment, now) => {
      if (segment.flags.has('syn')) times.push(now / 1000);
      return options.director?.(segment, now) ?? 'forward';
    },
  });
  return times;
}

describe('openings', () => {
  it('keep to the rate', () => {
    const times = openingsOf({ flows: { count: 300, rate: 100 } });
    expect(times).toHaveLength(300);
    expect(times.at(-1)).toBeCloseTo(3, 1);
    expect(times[149]).toBeCloseTo(1.5, 1);
  });

  it('grow to the rate in the time of the ramp', () => {
    const times = openingsOf({ flows: { count: 300, rate: 100, ramp: 4 } });
    const inSecond = (second: number): number => times.filter((time) => Math.floor(time) === second).length;
    [12.5, 37.5, 62.5, 87.5].forEach((count, second) => {
      expect(Math.abs(inSecond(second) - count)).toBeLessThan(3);
    });
  });

  it('wait where too many are in progress, and go on as those get stuck', () => {
    const options: SimulationOptions = {
      flows: { count: 30, concurrency: 10, retries: { open: 1, data: 1, close: 1 } },
      director: () => 'drop',
      until: 30_000,
    };
    let most = 0;
    const { report } = simulate({
      ...options,
      watch: (load) => {
        most = Math.max(most, load.second(0, 0).inProgress);
        return false;
      },
    });
    expect(most).toBe(10);
    expect(report.fates.opening).toBe(30);
    // Each ten take a SYN, another after a second, and two seconds more to be given up.
    expect((report.openedAt ?? 0) - report.startedAt).toBeCloseTo(6, 0);
  });

  it('are not held up by flows that are held', () => {
    const steps = [...serverFirst.slice(0, 1), { do: 'hold' as const }];
    const { report } = simulate({ steps, flows: { count: 50, concurrency: 5 }, until: 5000 });
    expect(report.fates.held).toBe(50);
  });

  it('do not make up for a long pause in one go', () => {
    let syns = 0;
    const outbox = { ...silent, commit: () => void (syns += 1) };
    const profile = profileOf({ flows: { count: 10_000, rate: 1000, concurrency: 10_000 } });
    const load = makeFlowLoad({ profile, outbox, macs, now: 0, at: 0 });
    load.tick(0);
    syns = 0;
    load.tick(900);
    expect(syns).toBe(64);
    load.tick(901);
    load.tick(902);
    expect(syns).toBeLessThan(110);
  });

  it('mix conversations by their weights, and take the ports in turn', () => {
    const mix = [
      { weight: 3, conversation: { name: 'often', steps: serverFirst } },
      { weight: 1, conversation: { name: 'seldom', steps: serverFirst } },
    ];
    const { report, sent } = simulate({ flows: { count: 1000, mix }, ports: [80, 8000] });
    expect(report.byConversation['often']?.closed).toBeGreaterThan(700);
    expect(report.byConversation['seldom']?.closed).toBeGreaterThan(200);
    const syns = sent.filter(({ flags }) => flags.has('syn'));
    expect(syns.slice(0, 4).map(({ destinationPort }) => destinationPort)).toEqual([80, 8000, 80, 8000]);
    expect(syns.slice(0, 4).map(({ source, sourcePort }) => `${source}:${sourcePort}`)).toEqual([
      '10.9.1.7:1024',
      '10.9.1.8:1024',
      '10.9.1.9:1024',
      '10.9.1.7:1025',
    ]);
  });

  it('begin with the flow that the profile says', () => {
    const { sent, report } = simulate({ flows: { count: 4 }, firstFlow: 4 });
    const syns = sent.filter(({ flags }) => flags.has('syn'));
    expect(syns.map(({ source, sourcePort }) => `${source}:${sourcePort}`)[0]).toBe('10.9.1.8:1025');
    expect(report.fates.closed).toBe(4);
  });
});

describe('closing segments', () => {
  it.each(['apart', 'riding'] as const)("acknowledge the server's FIN %s", (ack) => {
    const steps = [...serverFirst.slice(0, -1), { do: 'close' as const, how: 'fin' as const, ack }];
    const { sent } = simulate({ steps, flows: { count: 1 }, server: { largestSegment: 1460 } });
    const fin = sent.findIndex(({ flags }) => flags.has('fin'));
    const before = sent[fin - 1]!;
    const isApart = before.payload.length === 0 && before.acknowledgement === sent[fin]!.acknowledgement;
    expect(isApart).toBe(ack === 'apart');
  });
});

describe('a rate', () => {
  it('spreads an upload over its time', () => {
    const send = { do: 'send' as const, then: 'close' as const, upload: 30_000, download: 0, rate: 10_000 };
    const steps = [serverFirst[0]!, send, ...serverFirst.slice(2)];
    const { report, endedAt, server } = simulate({ steps, flows: { count: 5 } });
    expect(report.fates.closed).toBe(5);
    expect(server.bodyBytes).toBe(150_000);
    expect(endedAt).toBeGreaterThan(2900);
    expect(endedAt).toBeLessThan(3400);
    const unhurried = simulate({
      steps: [steps[0]!, { ...send, rate: 0 }, ...steps.slice(2)],
      flows: { count: 5 },
    });
    expect(unhurried.endedAt).toBeLessThan(500);
  });
});

describe('measurements', () => {
  it('have the latencies of the network, over the run and for each second', () => {
    const { report, seconds } = simulate({ flows: { count: 300, rate: 100 }, wire: { delay: 20 } });
    expect(report.connect).toMatchObject({ count: 300 });
    expect(report.connect?.p50).toBeCloseTo(0.04, 2);
    expect(report.firstByte?.p99).toBeCloseTo(0.08, 2);
    expect(report.close?.p50).toBeCloseTo(0.04, 2);
    expect(seconds.map(({ connect }) => connect?.count ?? 0).reduce((sum, count) => sum + count, 0)).toBe(
      300,
    );
    expect(seconds[1]?.connect?.count).toBeGreaterThan(90);
    expect(seconds[1]?.connect?.count).toBeLessThan(110);
    expect(seconds[1]?.opened).toBeGreaterThan(seconds[0]?.opened ?? 0);
  });

  it('count segments on both ways', () => {
    const { report, sent } = simulate();
    expect(report.sent).toBe(sent.length);
    // SYN, ACK, request, acknowledgement of the reply and FIN, FIN: at least.
    expect(report.sent).toBeGreaterThanOrEqual(20 * 5);
    expect(report.received).toBeGreaterThanOrEqual(20 * 4);
  });
});

describe('frames that are not of a flow', () => {
  const segment = {
    source: '10.9.0.100',
    destination: '10.9.1.7',
    sourcePort: 80,
    destinationPort: 1024,
    sequence: 1,
    acknowledgement: 1,
    flags: new Set(['ack'] as const),
    window: 100,
    options: Buffer.alloc(0),
    payload: Buffer.alloc(0),
  };
  const unreadableOf = (frame: Buffer, opened = true): number => {
    const load = loadOf({});
    if (opened) for (let now = 0; now < 1000; now += 10) load.tick(now);
    load.receive(frame, 0, frame.length, 1000);
    return load.finish(2000, 2, 'told', { sendErrors: {}, receiveDrops: 0 }).unreadable;
  };

  it('are counted when they come from another, are for no flow, or cannot be read', () => {
    expect(unreadableOf(writeFrame(segment))).toBe(0);
    expect(unreadableOf(writeFrame({ ...segment, source: '10.9.0.101' }))).toBe(1);
    expect(unreadableOf(writeFrame({ ...segment, sourcePort: 81 }))).toBe(1);
    expect(unreadableOf(writeFrame({ ...segment, destinationPort: 9999 }))).toBe(1);
    expect(unreadableOf(writeFrame({ ...segment, destinationPort: 1 }))).toBe(1);
    expect(unreadableOf(writeFrame(segment), false)).toBe(1);
    expect(unreadableOf(writeFrame(segment).subarray(0, 40))).toBe(1);
  });

  it('are left alone when they are for another host, or a question of a neighbour', () => {
    expect(unreadableOf(writeFrame({ ...segment, destination: '10.9.1.200' }))).toBe(0);
    const arp = Buffer.alloc(42);
    arp.writeUInt16BE(0x0806, 12);
    expect(unreadableOf(arp)).toBe(0);
  });
});

describe('a profile', () => {
  it('of 100,000 flows takes less than 15 MB', () => {
    const steps = [...serverFirst.slice(0, 3), { do: 'wait' as const, seconds: 1 }, ...serverFirst.slice(3)];
    const load = loadOf({ steps, flows: { count: 100_000, sources: 16 } });
    const { memory } = load.finish(0, 0, 'told', { sendErrors: {}, receiveDrops: 0 });
    expect(memory.tableBytes).toBeLessThan(15_000_000);
    expect(memory.tableBytes).toBeGreaterThan(100_000 * 50);
  });

  it('is refused for more flows than ports and for addresses of two families', () => {
    expect(() => loadOf({ flows: { count: 64_513, sources: 1 } })).toThrow(
      /at most 64512 flows from 1 source/,
    );
    expect(() => loadOf({ flows: { count: 10, sources: 1 }, firstFlow: 64_510 })).toThrow(/at most 2 flows/);
    const mixed = { ...profileOf({}), vip: 'fd00::1' };
    expect(() => makeFlowLoad({ profile: mixed, outbox: silent, macs, now: 0, at: 0 })).toThrow(
      /VIP's family/,
    );
  });
});
