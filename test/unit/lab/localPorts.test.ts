import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reserveLocalPorts, type LocalPorts } from '../../../lab/agent/localPorts.js';

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lvs-lab-ports-'));
  file = join(directory, 'next');
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const take = (ports: LocalPorts, count: number) => Array.from({ length: count }, () => ports.take());

describe('reserveLocalPorts', () => {
  it('hands out ports in sequence, inside the ephemeral range', () => {
    const [first = 0, second, third] = take(reserveLocalPorts(3, file), 3);
    expect(first).toBeGreaterThanOrEqual(32_768);
    expect(first).toBeLessThanOrEqual(60_999);
    expect([second, third].map((port) => ((port ?? 0) - first + 28_232) % 28_232)).toEqual([1, 2]);
  });

  it('gives a later agent other ports than an earlier one had', () => {
    const earlier = take(reserveLocalPorts(500, file), 500);
    const later = take(reserveLocalPorts(500, file), 500);
    expect(new Set([...earlier, ...later]).size).toBe(1000);
  });

  it('wraps round at the end of the range', () => {
    writeFileSync(file, '60999');
    expect(take(reserveLocalPorts(2, file), 2)).toEqual([60_999, 32_768]);
  });

  it('starts afresh when the memory is damaged', () => {
    writeFileSync(file, 'not a port');
    expect(reserveLocalPorts(1, file).take()).toBeGreaterThanOrEqual(32_768);
  });
});
