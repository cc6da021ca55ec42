import type { FlowProfile, PlannedProfile } from '../../contracts/agents/flowProfile.js';
import { parseSubnet } from '../../scenario/network/ipv4.js';
import { ipv6Network } from '../../scenario/network/ipv6.js';
import { LabError } from '../../support/errors.js';
import { withDeadline } from '../../support/wait.js';
import { nodeNamed, type PlannedLab } from '../lab/plannedLab.js';

const askSeconds = 60;

/**
 * What the raw load agent is told: what was planned, and from the engine where that is. What a plan says of itself would
 * prove nothing to the agent, which is to send on the lab's networks only.
 */
export async function profileIn(planned: PlannedLab, profile: PlannedProfile): Promise<FlowProfile> {
  const { lab, plan } = planned;
  const told = await withDeadline("the engine's account of the lab's subnets", lab.networks(), askSeconds);
  const [mac] = nodeNamed(planned, 'client').node.macs;
  if (mac === undefined) throw new LabError(`the client of ${plan.scenario} has no interface`);
  const subnets = told.map(({ subnet }) => subnet);
  return {
    ...profile,
    mac,
    networks: profile.family === 'ipv4' ? subnets : withIpv6(subnets),
    gateways: told.flatMap(({ gateway }) => gateway ?? []),
  };
}

/** IPv6 is the lab's own: each of the engine's IPv4 networks has one, and the engine does not know of it. */
function withIpv6(networks: readonly string[]): readonly string[] {
  return [
    ...networks,
    ...networks.flatMap((cidr) => {
      const subnet = parseSubnet(cidr);
      return subnet === undefined ? [] : ipv6Network(subnet);
    }),
  ];
}
