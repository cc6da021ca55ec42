import { expect, it } from 'vitest';
import { addressTo } from '../../../../../lab/clients/kernel/addressTo.js';

it('is what the kernel picks by itself, which need not be the target', async () => {
  expect(await addressTo('127.0.0.7')).toBe('127.0.0.1');
});

it('rejects with what the system says where there is no address of that kind', async () => {
  await expect(addressTo('255.255.255.255')).rejects.toThrow('EACCES');
});
