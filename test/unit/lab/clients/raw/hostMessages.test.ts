import { performance } from 'node:perf_hooks';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { HostMessages } from '../../../../../lab/clients/raw/hostMessages.js';

const soon = () => performance.now();

function begin(text: string) {
  const input = new PassThrough();
  const hostMessages = new HostMessages(input);
  input.write(text);
  return { input, hostMessages };
}

describe('hostMessages', () => {
  it('begin with the profile', async () => {
    const { hostMessages } = begin('{"a":1}\n');
    expect(await hostMessages.profile).toBe('{"a":1}');
    expect(hostMessages.ended(soon())).toBeUndefined();
  });

  it('end the load when they say so', async () => {
    const { input, hostMessages } = begin('{}\n.\n');
    await hostMessages.profile;
    expect(hostMessages.ended(soon())).toBeUndefined();
    input.write('stop\n');
    await expect.poll(() => hostMessages.ended(soon())).toBe('told');
  });

  it('do not take the first line for anything but the profile', async () => {
    const { hostMessages } = begin('stop\n');
    expect(await hostMessages.profile).toBe('stop');
    expect(hostMessages.ended(soon())).toBeUndefined();
  });

  it('end the load when their end is reached', async () => {
    const { input, hostMessages } = begin('{}\n');
    input.end();
    await expect.poll(() => hostMessages.ended(soon())).toBe('orphaned');
  });

  it('stay told where the end follows on the word', async () => {
    const { input, hostMessages } = begin('{}\nstop\n');
    input.end();
    await expect.poll(() => hostMessages.ended(soon())).toBe('told');
    await new Promise((resolve) => input.on('close', resolve));
    expect(hostMessages.ended(soon())).toBe('told');
  });

  it('have no profile where nothing was said', async () => {
    const { input, hostMessages } = begin('');
    input.end();
    expect(await hostMessages.profile).toBeUndefined();
  });

  it('end the load after fifteen seconds of silence, and not while there are heartbeats', async () => {
    const { input, hostMessages } = begin('{}\n');
    await hostMessages.profile;
    const told = soon();
    expect(hostMessages.ended(told + 14_900)).toBeUndefined();
    expect(hostMessages.ended(told + 15_100)).toBe('orphaned');
    await new Promise((resolve) => setTimeout(resolve, 300));
    input.write('.\n');
    await expect.poll(() => hostMessages.ended(told + 15_200)).toBeUndefined();
  });
});
