import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PcapSplitter } from '../../../../src/evidence/capture/pcapSplitter.js';
import { packageRoot } from '../../../../src/support/packageRoot.js';

const file = readFileSync(
  path.join(packageRoot, 'test/fixtures/runs/close-server-first/measured/director.pcap'),
);

describe('PcapSplitter', () => {
  it('gives back header and records of a capture, whatever the chunks', () => {
    const whole = new PcapSplitter();
    whole.push(file);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1 }), (sizes) => {
        const splitter = new PcapSplitter();
        const records: Buffer[] = [];
        for (let at = 0, index = 0; at < file.length; index += 1) {
          const size = sizes[index % sizes.length] ?? 1;
          records.push(...splitter.push(file.subarray(at, at + size)));
          at += size;
        }
        expect(Buffer.concat([splitter.header ?? Buffer.alloc(0), ...records]).equals(file)).toBe(true);
        expect(splitter.records).toBe(whole.records);
      }),
      { numRuns: 20 },
    );
    expect(whole.records).toBeGreaterThan(100);
  });

  it('counts a record only when all of it is there', () => {
    const splitter = new PcapSplitter();
    splitter.push(file.subarray(0, 24 + 16 + 5));
    expect(splitter.records).toBe(0);
    splitter.push(file.subarray(24 + 16 + 5, 24 + 16 + file.readUInt32LE(24 + 8)));
    expect(splitter.records).toBe(1);
  });

  it('reads the other byte order', () => {
    const splitter = new PcapSplitter();
    const header = Buffer.from(file.subarray(0, 24));
    header.writeUInt32BE(0xa1b2c3d4, 0);
    const record = Buffer.alloc(16 + 3);
    record.writeUInt32BE(3, 8);
    expect(splitter.push(Buffer.concat([header, record]))).toEqual([record]);
    expect(splitter.records).toBe(1);
  });

  it('says so when it is no pcap, or damaged', () => {
    const other = new PcapSplitter();
    other.push(Buffer.from('tcpdump: no suitable device found\n'));
    expect(() => {
      other.check();
    }).toThrow('Expected a classic pcap, found one that starts with 0x74637064.');
    const damaged = new PcapSplitter();
    damaged.push(Buffer.concat([file.subarray(0, 24), Buffer.alloc(16, 0xff)]));
    expect(() => {
      damaged.check();
    }).toThrow('Expected a packet of at most 262144 bytes, found 4294967295.');
  });
});
