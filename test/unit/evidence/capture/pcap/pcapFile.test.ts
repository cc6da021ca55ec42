import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { PcapFile } from '../../../../../src/evidence/capture/pcap/pcapFile.js';
import { packageRoot } from '../../../../../src/support/packageRoot.js';

const file = readFileSync(
  path.join(packageRoot, 'test/fixtures/runs/close-server-first/measured/director.pcap'),
);

describe('PcapFile', () => {
  it('cuts a capture into its header and its records', () => {
    const { header, records } = new PcapFile(file);
    expect(records.length).toBeGreaterThan(100);
    expect(Buffer.concat([header, ...records]).equals(file)).toBe(true);
  });

  it('has a record only when all of it is there', () => {
    const one = 24 + 16 + file.readUInt32LE(24 + 8);
    expect(new PcapFile(file.subarray(0, one - 1)).records).toEqual([]);
    expect(new PcapFile(file.subarray(0, one)).records).toHaveLength(1);
    expect(new PcapFile(file.subarray(0, one + 15)).records).toHaveLength(1);
  });

  it('reads the other byte order', () => {
    const header = Buffer.from(file.subarray(0, 24));
    header.writeUInt32BE(0xa1b2c3d4, 0);
    const record = Buffer.alloc(16 + 3);
    record.writeUInt32BE(3, 8);
    expect(new PcapFile(Buffer.concat([header, record])).records).toEqual([record]);
  });

  it.each([
    [
      'text',
      Buffer.from('tcpdump: no suitable device found\n'),
      'Expected a classic pcap, found 34 bytes that start with 0x74637064.',
    ],
    ['nothing', Buffer.alloc(0), 'Expected a classic pcap, found 0 bytes that start with 0x.'],
    [
      'a damaged length',
      Buffer.concat([file.subarray(0, 24), Buffer.alloc(16, 0xff)]),
      'Expected a packet of at most 262144 bytes, found 4294967295.',
    ],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => new PcapFile(bytes)).toThrow(message);
  });
});
