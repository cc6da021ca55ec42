import type { FlowProfile, PlannedProfile } from '../../contracts/agents/flowProfile.js';
import { parseSubnet } from '../../scenario/network/ipv4.js';
import { ipv6Network } from '../../scenario/network/ipv6.js';
import { LabError } from '../../support/errors.js';
import { withDeadline } from '../../support/wait.js';
import { nodeNamed, type PlannedLab } from '../lab/plannedLab.js';

const askSeconds = 60;

/**
 * The orders for the raw load agent: the plan's, with networks as the engine itself reports them. The plan's own word on them would prove
 * nothing to the agent, which must only send on the lab's networks.
 */
export async function profileForAgent(planned: PlannedLab, profile: PlannedProfile): Promise<FlowProfile> {
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

/** Adds the IPv6 networks, one for each of the engine's IPv4 networks: the lab makes them, and the engine does not know of them. */
function withIpv6(networks: readonly string[]): readonly string[] {
  return [
    ...networks,
    ...networks.flatMap((cidr) => {
      const subnet = parseSubnet(cidr);
      return subnet === undefined ? [] : ipv6Network(subnet);
    }),
  ];
}
