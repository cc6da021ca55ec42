import type { PlannedProfile } from '../../../../src/contracts/agents/flowProfile.js';
import { describe, expect, it } from 'vitest';
import { profileForAgent } from '../../../../src/run/phase/profileForAgent.js';
import type { PlannedLab } from '../../../../src/run/lab/plannedLab.js';
import { profile6Of, profileOf } from '../../lab/clients/raw/profile.js';

/** What the agent is told in a lab whose engine says this of it. */
function told(
  profile: PlannedProfile,
  networks: readonly (readonly string[])[],
  macs = ['02:42:08:08:08:0a', '02:42:08:08:09:0a'],
) {
  const client = { node: { macs }, plan: { name: 'client' } };
  const lab = {
    networks: () => Promise.resolve(networks.map(([subnet = '', gateway]) => ({ subnet, gateway }))),
  };
  return profileForAgent(
    { lab, plan: { scenario: 'load/x' }, nodes: [client] } as unknown as PlannedLab,
    profile,
  );
}

describe('what the raw load agent is told', () => {
  const { networks: _, gateways: __, mac: ___, ...planned } = profileOf();

  it('is what was planned, with networks and MAC address by what the engine says', async () => {
    expect(await told(planned, [['8.8.8.0/24', '8.8.8.1'], ['fd00:1::/64']])).toEqual({
      ...planned,
      networks: ['8.8.8.0/24', 'fd00:1::/64'],
      gateways: ['8.8.8.1'],
      mac: '02:42:08:08:08:0a',
    });
    expect((await told(planned, [['9.9.9.0/24']])).networks).toEqual(['9.9.9.0/24']);
  });

  it('is the engine’s word also where a plan has one of its own', async () => {
    expect(
      await told(profileOf({ networks: ['0.0.0.0/0'], mac: '02:00:00:00:00:01' }), [['8.8.8.0/24']]),
    ).toMatchObject({
      networks: ['8.8.8.0/24'],
      mac: '02:42:08:08:08:0a',
    });
  });

  it('has the IPv6 networks that the lab makes of those which the engine knows', async () => {
    const { networks } = await told(profile6Of(), [['198.18.7.0/24'], ['198.18.8.0/24'], ['fd00:1::/64']]);
    expect(networks).toEqual([
      ...['198.18.7.0/24', '198.18.8.0/24', 'fd00:1::/64'],
      ...['fd6c:7673:c612:700::/64', 'fd6c:7673:c612:800::/64'],
    ]);
  });

  it('is nothing where the engine tells of no interface', async () => {
    await expect(told(planned, [['8.8.8.0/24']], [])).rejects.toThrow(
      'the client of load/x has no interface',
    );
  });
});
