import type Docker from 'dockerode';
import type { LabShape } from '../../scenario/model/planTypes.js';
import { LabError } from '../../support/errors.js';
import type { EngineNetwork } from '../port/port.js';

/** Creates a network that leads nowhere: its bridge has no uplink, and its nodes get no route out. */
export async function createNetwork(
  docker: Docker,
  { name, subnet, gateway }: LabShape['networks'][number],
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    await docker.createNetwork({
      Name: name,
      Driver: 'bridge',
      Internal: true,
      IPAM: { Driver: 'default', Config: [{ Subnet: subnet, Gateway: gateway }] },
      Labels: labels,
    });
  } catch (error) {
    throw new LabError(`could not create the network ${name} (${subnet})`, {
      hint: 'if the subnet is in use, `lvs-lab clean` removes leftovers of earlier runs',
      cause: error,
    });
  }
}

/**
 * The address ranges of a network that `createNetwork` made, as the engine describes it. Rejects with LabError when the network leads out
 * of the engine.
 */
export async function rangesOf(docker: Docker, name: string): Promise<readonly EngineNetwork[]> {
  const found = await docker
    .getNetwork(name)
    .inspect()
    .catch((cause: unknown) => {
      throw new LabError(`the engine could not tell the subnets of the network ${name}`, { cause });
    });
  if (!found.Internal) {
    throw new LabError(
      `expected the engine to keep the network ${name} to itself, as it was asked to, found one that leads out; raw-socket flows are for a lab that nothing leaves`,
      { hint: 'run without flows, or on another engine' },
    );
  }
  return (found.IPAM?.Config ?? []).flatMap(({ Subnet: subnet, Gateway: gateway }) =>
    subnet === undefined ? [] : { subnet, gateway },
  );
}
