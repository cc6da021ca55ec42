import { describe, expect, it } from 'vitest';
import { profileFor } from '../../../../bench/tools/agent.js';
import { readProfile } from '../../../../lab/clients/raw/readProfile.js';
import { builtInConversation } from '../../../../src/scenario/model/builtInConversations.js';
import { fakePlace } from '../fakePlace.js';

const { target } = fakePlace('/nowhere');
const mac = '02:00:00:00:00:02';

describe('profileFor', () => {
  it('is a profile that the agent takes', () => {
    const profile = profileFor(target, mac, { connections: 500, concurrency: 64 });
    expect(readProfile(JSON.stringify(profile))).toEqual(profile);
    expect(() => readProfile(JSON.stringify({ ...profile, family: 'ipx' }))).toThrow('family');
  });

  it('has the flows that a scenario would have, and a source for each address', () => {
    const profile = profileFor(target, mac, { connections: 500, concurrency: 64 });
    expect(profile).toMatchObject({
      flows: {
        count: 500,
        concurrency: 64,
        retries: { open: 5, data: 8, close: 8 },
        mix: [{ weight: 1, conversation: builtInConversation('server-first') }],
      },
      sources: ['198.18.0.32', '198.18.0.33', '198.18.0.34', '198.18.0.35'],
      mac,
      mss: 1460,
    });
  });

  it('refuses more flows than the sources have ports', () => {
    expect(() => profileFor(target, mac, { connections: 240_001, concurrency: 64 })).toThrow('240000');
  });
});
