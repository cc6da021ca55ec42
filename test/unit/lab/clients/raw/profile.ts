import type { FlowProfile } from '../../../../../src/contracts/agents/flowProfile.js';

/** A load profile that the agent takes, with what a test says otherwise. */
export function profileOf(
  over: Partial<FlowProfile> = {},
  flows: Partial<FlowProfile['flows']> = {},
): FlowProfile {
  return {
    flows: {
      count: 1000,
      rate: 2000,
      ramp: 0,
      concurrency: 1000,
      sources: 4,
      seed: 1,
      retries: { open: 5, data: 8, close: 8 },
      mix: [
        {
          weight: 1,
          conversation: {
            name: 'server-first',
            steps: [
              { do: 'open' },
              { do: 'send', then: 'close', upload: 0, download: 0, rate: 0 },
              { do: 'expect', what: 'reply' },
              { do: 'expect', what: 'fin' },
              { do: 'close', how: 'fin', ack: 'apart' },
            ],
          },
        },
      ],
      ...flows,
    },
    family: 'ipv4',
    vip: '198.18.7.9',
    ports: [80],
    device: 'eth0',
    address: '198.18.7.2',
    nextHop: '198.18.7.9',
    sources: ['198.18.7.20', '198.18.7.21', '198.18.7.22', '198.18.7.23'],
    networks: ['198.18.7.0/24', 'fd07::/64'],
    gateways: [],
    mac: '02:42:c6:12:07:02',
    firstFlow: 0,
    mss: 1448,
    deadline: 60,
    ...over,
  };
}

/** The same over IPv6. */
export function profile6Of(
  over: Partial<FlowProfile> = {},
  flows: Partial<FlowProfile['flows']> = {},
): FlowProfile {
  return profileOf(
    {
      family: 'ipv6',
      vip: 'fd07::9',
      address: 'fd07::2',
      nextHop: 'fd07::9',
      sources: ['fd07::20', 'fd07::21', 'fd07::22', 'fd07::23'],
      mss: 1428,
      ...over,
    },
    flows,
  );
}
