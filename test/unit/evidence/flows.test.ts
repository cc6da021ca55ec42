import { describe, expect, it } from 'vitest';
import { readFlowLine } from '../../../src/evidence/streams/flowLines.js';
import { ipvsStatsSince, parseIpvsStats } from '../../../src/evidence/listings/ipvsStats.js';
import { linksSince, parseLinks } from '../../../src/evidence/listings/linkCounters.js';
import { parseQueues, queuesSince } from '../../../src/evidence/listings/queues.js';
import { readFlowLines } from '../../../src/evidence/directory/readFlows.js';
import { parseBacklogDrops } from '../../../src/evidence/listings/softnet.js';
import { parseIpvsTally, parseSocketTally } from '../../../src/evidence/streams/tallies.js';
import { flowReport, flowSecond } from './flowSamples.js';

const block = (text: string) => ({ kind: 'tally' as const, time: 5, until: 5, text });

describe('a tally of sockets', () => {
  it('has the states, and what the kernel says of all', () => {
    const text = 'ESTAB 12\nFIN-WAIT-2 20345\nsockstat.tw 20345\nsockstat.mem 7';
    expect(parseSocketTally(block(text))).toEqual({
      time: 5,
      states: { ESTAB: 12, 'FIN-WAIT-2': 20_345 },
      sockstat: { tw: 20_345, mem: 7 },
    });
  });

  it('is empty where there are none', () => {
    expect(parseSocketTally(block('')).states).toEqual({});
  });

  it('quotes what it cannot read', () => {
    expect(() => parseSocketTally(block('ESTAB many'))).toThrow(/"ESTAB many"/);
  });
});

describe('a tally of IPVS connections', () => {
  it('has the states, and the bytes where they are known', () => {
    expect(parseIpvsTally(block('ESTABLISHED 3\nbytes 960'))).toEqual({
      time: 5,
      states: { ESTABLISHED: 3 },
      bytes: 960,
    });
    expect(parseIpvsTally(block('ESTABLISHED 3')).bytes).toBeUndefined();
  });
});

// From `ip -s -j link show` of iproute2 6.1.
const ipLink = (dropped: number) =>
  `[{"ifindex":2,"ifname":"eth0","flags":["UP"],"mtu":1500,"stats64":{"rx":{"bytes":90,"packets":2,"errors":0,"dropped":${dropped},"over_errors":0,"multicast":0},"tx":{"bytes":70,"packets":1,"errors":0,"dropped":1,"carrier_errors":0,"collisions":0}}}]`;

describe('the counters of interfaces', () => {
  it('are told apart by direction', () => {
    expect(parseLinks(ipLink(4))['eth0']).toMatchObject({ rx_dropped: 4, tx_dropped: 1, rx_packets: 2 });
  });

  it('are counted from the start of the phase', () => {
    expect(linksSince(parseLinks(ipLink(4)), parseLinks(ipLink(9)))['eth0']).toMatchObject({
      rx_dropped: 5,
      tx_dropped: 0,
    });
    expect(linksSince({}, parseLinks(ipLink(9)))['eth0']).toMatchObject({ rx_dropped: 9 });
  });

  it('must be those of ip', () => {
    expect(() => parseLinks('Device "eth0" does not exist.')).toThrow('Expected JSON');
  });
});

// From /proc/net/ip_vs_stats_percpu of 6.1.
const ipvsPerCpu = `       Total Incoming Outgoing         Incoming         Outgoing
CPU    Conns  Packets  Packets            Bytes            Bytes
  0       5A      1F4        0             9999                0
  1        2       10        0              100                0
  ~       10       20        0              100                0

     Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
           2       27        0              6AD                0
`;

describe('the counters of IPVS', () => {
  it('are those of all processors, and not the total, which is old', () => {
    expect(parseIpvsStats(ipvsPerCpu)).toEqual({ connections: 92, packets: 516 });
  });

  it('are counted from the start of the phase', () => {
    const before = { connections: 90, packets: 500 };
    expect(ipvsStatsSince(before, parseIpvsStats(ipvsPerCpu))).toEqual({ connections: 2, packets: 16 });
  });
});

// From `tc -s -j qdisc show` of iproute2 6.1.
const tcQdisc = (drops: number) =>
  `[{"kind":"noqueue","handle":"0:","dev":"lo","root":true,"options":{},"bytes":0,"packets":0,"drops":0,"overlimits":0,"requeues":0,"backlog":0,"qlen":0},{"kind":"netem","handle":"8001:","dev":"eth0","root":true,"refcnt":5,"options":{"limit":10000,"loss-random":{"loss":0.01,"correlation":0},"ecn":false,"gap":0},"bytes":90,"packets":7,"drops":${drops},"overlimits":0,"requeues":0,"backlog":0,"qlen":0},{"kind":"pfifo","handle":"10:","dev":"eth0","parent":"8001:1","options":{},"bytes":9,"packets":1,"drops":5,"overlimits":0,"requeues":0,"backlog":0,"qlen":0}]`;

describe('the drops of queues', () => {
  it('are those of the root, by interface', () => {
    expect(parseQueues(tcQdisc(4))).toEqual({ lo: 0, eth0: 4 });
  });

  it('are counted from the start of the phase', () => {
    expect(queuesSince(parseQueues(tcQdisc(4)), parseQueues(tcQdisc(9)))).toEqual({ lo: 0, eth0: 5 });
    expect(queuesSince({}, parseQueues(tcQdisc(9)))).toMatchObject({ eth0: 9 });
  });

  it('must be those of tc', () => {
    expect(() => parseQueues('Cannot find device "eth0"')).toThrow('Expected JSON');
  });
});

describe('the drops of the backlog', () => {
  it('are summed over the processors', () => {
    const text =
      '0000a1b2 00000010 00000003 00000000\n0000a1b2 00000001 00000000 00000000 00000000 00000000\n';
    expect(parseBacklogDrops(text)).toBe(17);
  });

  it('quote what they cannot be read from', () => {
    expect(() => parseBacklogDrops('nonsense\n')).toThrow(/"nonsense"/);
  });
});

describe('a line of the raw load agent', () => {
  it('is how things stand, with what was not measured left undefined', () => {
    const { second } = readFlowLine(JSON.stringify(flowSecond({ at: 3, opened: 7, close: undefined })));
    expect(second).toEqual(flowSecond({ at: 3, opened: 7, close: undefined }));
    expect(second).toHaveProperty('close', undefined);
  });

  it('is the report', () => {
    const { report } = readFlowLine(JSON.stringify({ report: flowReport() }));
    expect(report).toEqual(flowReport());
  });

  it('names the field that is not as expected', () => {
    expect(() => readFlowLine(JSON.stringify({ ...flowSecond(), opened: 'all' }))).toThrow(/at opened/);
    const { openings: _, ...incomplete } = flowReport();
    expect(() => readFlowLine(JSON.stringify({ report: incomplete }))).toThrow(/at report\.openings/);
  });
});

describe('flows.jsonl', () => {
  const line = (value: unknown) => `${JSON.stringify(value)}\n`;
  const read = (text: string) => {
    const problems: string[] = [];
    return { ...readFlowLines(text, (problem) => problems.push(problem)), problems };
  };

  it('has a line for every second and ends with the report', () => {
    const text = line(flowSecond({ at: 1 })) + line(flowSecond({ at: 2 })) + line({ report: flowReport() });
    const { seconds, report, problems } = read(text);
    expect(seconds.map(({ at }) => at)).toEqual([1, 2]);
    expect(report).toEqual(flowReport());
    expect(problems).toEqual([]);
  });

  it('has a problem when it ends without a report, and gives what there is', () => {
    const { seconds, report, problems } = read(`${line(flowSecond({ at: 1 }))}{"report":{"ope`);
    expect(seconds).toHaveLength(1);
    expect(report).toBeUndefined();
    expect(problems).toEqual(['flows.jsonl: it ends without a report']);
  });

  it('names the first line that cannot be read, and counts the others', () => {
    const text = `${line(flowSecond())}oops\n{"at":1}\n${line({ report: flowReport() })}`;
    const { seconds, report, problems } = read(text);
    expect(seconds).toHaveLength(1);
    expect(report).toBeDefined();
    expect(problems).toEqual(['flows.jsonl: line 2: Expected JSON, found "oops". (and 1 more such lines)']);
  });
});
