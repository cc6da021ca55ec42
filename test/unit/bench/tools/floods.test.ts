import { describe, expect, it } from 'vitest';
import { hping3 } from '../../../../bench/tools/floods.js';
import { tempFolder } from '../../engine/tempFolder.js';
import { fakePlace } from '../fakePlace.js';

const work = { connections: 500, seconds: 5, floodSeconds: 1, concurrency: 64, scratch: '/nowhere' };

describe('hping3', () => {
  it('floods until it is interrupted, and only what it says to have sent counts', async () => {
    const script =
      'trap \'echo "4000 packets transmitted, 0 packets received"; exit 1\' INT\nwhile :; do sleep 0.05; done';
    const place = fakePlace(tempFolder(), { hping3: script });
    const { silent, vip } = place.target;
    const dropped = await hping3(place, work, silent.address);
    expect(dropped).toMatchObject({ kind: 'SYNs, dropped' });
    expect(dropped.packetsPerSecond).toBeGreaterThan(0);
    expect(dropped.packetsPerSecond).toBeLessThanOrEqual(4000);
    expect((await hping3(place, work, vip)).kind).toBe('SYNs, answered');
  });

  it('that says nothing has no outcome', async () => {
    const place = fakePlace(tempFolder(), { hping3: 'echo "asked: $*"' });
    await expect(hping3(place, work, place.target.vip)).rejects.toMatchObject({
      message: 'hping3 said nothing of its packets',
      details: expect.stringContaining('asked: --quiet --syn --flood --destport 80 198.18.1.9') as string,
    });
  });
});
