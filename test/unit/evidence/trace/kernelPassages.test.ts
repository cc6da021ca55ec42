import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseKernelPassages } from '../../../../src/evidence/trace/kernelPassages.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';

const fixtures = path.join(packageRoot, 'test', 'fixtures');
const files = [
  path.join(fixtures, 'traces', 'kernel-5.10.traced'),
  path.join(fixtures, 'explained', 'client-reset', 'traced', 'kernel.traced'),
  path.join(fixtures, 'traces', 'kernel-7.2.traced'),
];
/** The packets that came to the director, by its MAC address. */
const atDirector = (text: string) => parseKernelPassages(text).filter(({ mac }) => mac.endsWith(':14'));

describe.each(files)('what the kernel said of its own functions, in %s', (file) => {
  const recorded = readFileSync(file, 'utf8');

  it('is each packet once, that IPVS sent it on, and that its entry was freed in there', () => {
    const packets = atDirector(recorded);
    expect(packets.map(({ kind }) => kind)).toEqual([
      ...['TCP SYN', 'TCP ACK', 'TCP PSH,ACK', 'TCP ACK', 'TCP RST,ACK'],
    ]);
    const forwarded = packets.slice(0, -1);
    expect(new Set(forwarded.map(({ sentBy, freedIn }) => `${sentBy} ${freedIn}`))).toEqual(
      new Set(['ip_vs_dr_xmit ip_vs_dr_xmit']),
    );
    expect(forwarded.every(({ entry, isRefused }) => entry === 'new' && !isRefused)).toBe(true);
    expect(packets.at(-1)).toMatchObject({
      ...{ entry: 'new', isRefused: true, isDropped: false, sentBy: undefined },
      ...{ freedIn: 'nf_conntrack_in', destinationPort: 80 },
    });
  });

  it('has entries that are kept, on the client', () => {
    const atClient = parseKernelPassages(recorded).filter(({ mac }) => mac.endsWith(':0a'));
    expect(atClient[0]).toMatchObject({ kind: 'TCP SYN,ACK', entry: 'known', freedIn: undefined });
  });

  it('knows no free by IPVS where there was none, and no refusal where the function took the packet', () => {
    const kept = atDirector(recorded.replaceAll(/^.* free: .*\n/gm, ''));
    expect(kept.map(({ freedIn }) => freedIn)).toEqual(Array.from({ length: 5 }, () => undefined));
    const taken = atDirector(recorded.replaceAll(/(tcp_end: .*verdict=)-1/g, '$11'));
    expect(taken.some(({ isRefused }) => isRefused)).toBe(false);
  });

  it('knows a packet that connection tracking threw away', () => {
    const dropped = recorded.replaceAll(/(in_end: .*verdict=)1/g, '$10');
    expect(atDirector(dropped).every(({ isDropped }) => isDropped)).toBe(true);
    expect(atDirector(recorded).some(({ isDropped }) => isDropped)).toBe(false);
  });

  it('is an error where the kernel had no room for all of it', () => {
    const overrun = recorded.replace(/(entries-written: \d+)/, '$11');
    expect(() => parseKernelPassages(overrun)).toThrow('it missed some');
  });

  it('has no packet whose headers the kernel could not read', () => {
    expect(parseKernelPassages(recorded.replaceAll(/packet=\{[^}]*\}/g, 'packet=(fault)'))).toEqual([]);
  });
});

describe('packets that have the place of others in memory', () => {
  const event = (what: string) => `  a b-1   [000] .Bs1.    1.000001: ${what}`;
  const bytes = (id: number, protocol: number) =>
    [0x45, 0, 0, 40, 0, id, 0, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x30, 0x39, 0, 80]
      .concat([0, 20, 0, 0, 0, 0, 0, 0, 0x50, 2, 0, 0, 0, 0, 0, 0])
      .map((byte) => `0x${byte.toString(16)}`)
      .join(',');
  const meets = (hook: number, id: number, protocol = 6) =>
    event(
      `in: (nf_conntrack_in+0x0/0x1 [nf_conntrack]) skb=0x1 hook=${String(hook)} mac={0x2,0x0,0x0,0x0,0x0,0x1} packet={${bytes(id, protocol)}}`,
    );
  const done = event('in_end: (nf_hook_slow+0x1/0x2 <- nf_conntrack_in) verdict=1');
  const sends = event('send_dr: (ip_vs_dr_xmit+0x0/0x1 [ip_vs]) skb=0x1');
  const asks = [
    event('tcp: (nf_conntrack_tcp_packet+0x0/0x1 [nf_conntrack]) ct=0x9 skb=0x1'),
    event('tcp_end: (nf_conntrack_in+0x1/0x2 <- nf_conntrack_tcp_packet) verdict=1'),
  ];
  const sent = event('send_dr_end: (ip_vs_in+0x0/0x1 <- ip_vs_dr_xmit) verdict=2');

  it('are the same packet while IPVS sends it on, with what happens to its entry then', () => {
    const lines = [meets(0, 7), done, sends, meets(3, 7), ...asks, done, sent];
    expect(parseKernelPassages(lines.join('\n'))).toEqual([
      expect.objectContaining({ id: 7, sentBy: 'ip_vs_dr_xmit', entry: 'new' }),
    ]);
  });

  it('are datagrams, with the entry that was made of them and freed', () => {
    const [udp, end] = [
      'udp: (nf_conntrack_udp_packet+0x0/0x1 [nf_conntrack])',
      'udp_end: (nf_conntrack_in+0x1/0x2 <- nf_conntrack_udp_packet)',
    ];
    const lines = [
      ...[meets(0, 7, 17), event(`${udp} ct=0x2 skb=0x1`), event(`${end} verdict=1`), done],
      ...[sends, event('free: (nf_conntrack_free+0x0/0x1 [nf_conntrack]) ct=0x2'), sent],
    ];
    const passage = { kind: 'UDP', sourcePort: 12_345, destinationPort: 80, id: 7, sentBy: 'ip_vs_dr_xmit' };
    expect(parseKernelPassages(lines.join('\n'))).toEqual([
      expect.objectContaining({ ...passage, entry: 'new', isRefused: false, freedIn: 'ip_vs_dr_xmit' }),
    ]);
    const kept = lines.filter((line) => !line.includes(' free: '));
    expect(parseKernelPassages(kept.join('\n'))[0]?.freedIn).toBeUndefined();
  });

  it('are others when they leave on their own', () => {
    const lines = [meets(0, 7), done, meets(3, 8), ...asks, done];
    expect(parseKernelPassages(lines.join('\n'))).toEqual([
      expect.objectContaining({ id: 7, sentBy: undefined, entry: undefined }),
    ]);
  });
});
