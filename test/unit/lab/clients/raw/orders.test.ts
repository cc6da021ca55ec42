import { performance } from 'node:perf_hooks';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Orders } from '../../../../../lab/clients/raw/orders.js';

const soon = () => performance.now();

function begin(text: string) {
  const input = new PassThrough();
  const orders = new Orders(input);
  input.write(text);
  return { input, orders };
}

describe('orders', () => {
  it('begin with the profile', async () => {
    const { orders } = begin('{"a":1}\n');
    expect(await orders.profile).toBe('{"a":1}');
    expect(orders.ended(soon())).toBeUndefined();
  });

  it('end the load when they say so', async () => {
    const { input, orders } = begin('{}\n.\n');
    await orders.profile;
    expect(orders.ended(soon())).toBeUndefined();
    input.write('stop\n');
    await expect.poll(() => orders.ended(soon())).toBe('told');
  });

  it('do not take the first line for anything but the profile', async () => {
    const { orders } = begin('stop\n');
    expect(await orders.profile).toBe('stop');
    expect(orders.ended(soon())).toBeUndefined();
  });

  it('end the load when their end is reached', async () => {
    const { input, orders } = begin('{}\n');
    input.end();
    await expect.poll(() => orders.ended(soon())).toBe('orphaned');
  });

  it('stay told where the end follows on the word', async () => {
    const { input, orders } = begin('{}\nstop\n');
    input.end();
    await expect.poll(() => orders.ended(soon())).toBe('told');
    await new Promise((resolve) => input.on('close', resolve));
    expect(orders.ended(soon())).toBe('told');
  });

  it('have no profile where nothing was said', async () => {
    const { input, orders } = begin('');
    input.end();
    expect(await orders.profile).toBeUndefined();
  });

  it('end the load after fifteen seconds of silence, and not while there are heartbeats', async () => {
    const { input, orders } = begin('{}\n');
    await orders.profile;
    const told = soon();
    expect(orders.ended(told + 14_900)).toBeUndefined();
    expect(orders.ended(told + 15_100)).toBe('orphaned');
    await new Promise((resolve) => setTimeout(resolve, 300));
    input.write('.\n');
    await expect.poll(() => orders.ended(told + 15_200)).toBeUndefined();
  });
});
