import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  reserveLocalPorts,
  type LocalPorts,
} from '../../../../../../lab/clients/kernel/connections/localPorts.js';

/** Where the ports begin that the kernel hands out by itself. */
const kernelsFirst = 32_768;

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
  it('hands out ports in sequence, none of which the kernel or a well-known service would take', () => {
    const [first = 0, second, third] = take(reserveLocalPorts(3, file), 3);
    expect(first).toBeGreaterThanOrEqual(10_000);
    expect(first).toBeLessThanOrEqual(kernelsFirst - 1);
    const span = kernelsFirst - 10_000;
    expect([second, third].map((port) => ((port ?? 0) - first + span) % span)).toEqual([1, 2]);
  });

  it('gives a later agent other ports than an earlier one had', () => {
    const earlier = take(reserveLocalPorts(500, file), 500);
    const later = take(reserveLocalPorts(500, file), 500);
    expect(new Set([...earlier, ...later]).size).toBe(1000);
  });

  it('wraps round at the end of the range', () => {
    writeFileSync(file, '32767');
    expect(take(reserveLocalPorts(2, file), 2)).toEqual([32_767, 10_000]);
  });

  it.each(['not a port', '40000'])('starts afresh when the memory is damaged: %s', (text) => {
    writeFileSync(file, text);
    const port = reserveLocalPorts(1, file).take();
    expect(port).toBeGreaterThanOrEqual(10_000);
    expect(port).toBeLessThan(kernelsFirst);
  });
});
