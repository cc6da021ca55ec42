import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  blockingOrderSchema,
  type BlockingOrder,
} from '../../../../../../src/contracts/agents/blockingOrder.js';
import { packageRoot } from '../../../../../../src/support/packageRoot.js';

const script = readFileSync(join(packageRoot, 'lab/clients/kernel/connections/blockingClient.pl'), 'utf8');

/** Port 1 of the loopback, where nobody listens. */
const order: BlockingOrder = {
  ...{ host: '127.0.0.1', port: 1, source: '127.0.0.1', localPort: 0, first: 'server', how: 'fin' },
  ...{ head: 'GET / HTTP/1.1\r\nHost: "a\\b"\r\n\r\n', bodyBytes: 0 },
};

function client(line: string) {
  return spawnSync('perl', ['-e', script], { input: line, encoding: 'utf8' });
}

describe('the blocking client', () => {
  it('connects as the order says', () => {
    const { stdout, status } = client(`${JSON.stringify(order)}\n`);
    expect(stdout).toMatch(/^ready\n\{"openedAt":[\d.]+\}\n/);
    expect(stdout).toMatch(/\{"error":"ECONNREFUSED","syscall":"connect"\}\n$/);
    expect(status).toBe(0);
  });

  it.each(Object.keys(blockingOrderSchema.shape) as (keyof BlockingOrder)[])(
    'connects to nothing without %s, which the order always has',
    (name) => {
      const { stdout, stderr, status } = client(`${JSON.stringify({ ...order, [name]: undefined })}\n`);
      expect(stdout).toBe('ready\n');
      expect(stderr).toBe(`an order without ${name}\n`);
      expect(status).not.toBe(0);
    },
  );

  it.each(['80 0', '{"host":"127.0.0.1"', '{"host":null}', '{"head":"\\u0041"}', '{"port":80}}'])(
    'connects to nothing at the line %s',
    (line) => {
      const { stdout, stderr, status } = client(`${line}\n`);
      expect(stdout).toBe('ready\n');
      expect(stderr).toBe(`an order that cannot be read: ${line}\n\n`);
      expect(status).not.toBe(0);
    },
  );

  it('ends without a word when it gets no order', () => {
    expect(client('')).toMatchObject({ stdout: 'ready\n', stderr: '', status: 0 });
  });
});
