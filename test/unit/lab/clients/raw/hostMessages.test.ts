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

  it('end the load after a minute of silence, and not while there are heartbeats', async () => {
    const { input, hostMessages } = begin('{}\n');
    await hostMessages.profile;
    const told = soon();
    const lookUntil = (from: number, to: number) => {
      let ended = hostMessages.ended(told + from);
      for (let at = from; at <= to; at += 200) ended = hostMessages.ended(told + at);
      return ended;
    };
    expect(lookUntil(0, 59_000)).toBeUndefined();
    input.write('.\n');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(lookUntil(59_000, 110_000)).toBeUndefined();
    expect(lookUntil(110_000, 125_000)).toBe('orphaned');
  });

  it('go on where the program itself stood still, and could not hear them', async () => {
    const { hostMessages } = begin('{}\n');
    await hostMessages.profile;
    expect(hostMessages.ended(soon() + 600_000)).toBeUndefined();
  });
});
