import { createHash } from 'node:crypto';
import { LabError } from '../../support/errors.js';
import { addressText, overlaps, parseSubnet, type Subnet, subnetOf } from './ipv4.js';
import { pool } from './pool.js';
import type { Scenario } from '../model/scenario.js';

const size = 256;
const candidates = (pool.last - pool.first + 1) / size;

/**
 * The network (IPv4 CIDR) of one scenario's run: the one it fixes, or a /24 of the pool that overlaps none of `used`.
 * Where the search starts depends on run and scenario, so that two runs at once rarely want the same one.
 * @param used CIDRs of the engine's networks; IPv6 ones are passed over.
 * @throws LabError when the fixed network is taken, or none is left.
 */
export function chooseSubnet(
  runId: string,
  used: readonly string[],
  scenario: Pick<Scenario, 'id'> & { readonly topology: Pick<Scenario['topology'], 'subnet'> },
): string {
  const taken = used.flatMap((cidr) => parseSubnet(cidr) ?? []);
  const fixed = scenario.topology.subnet;
  if (fixed !== undefined) {
    refuseTaken(fixed, taken, scenario.id);
    return fixed;
  }
  const start = createHash('sha256').update(`${runId}\0${scenario.id}`).digest().readUInt32BE() % candidates;
  for (let step = 0; step < candidates; step++) {
    const first = pool.first + ((start + step) % candidates) * size;
    const subnet = subnetOf(`${addressText(first)}/24`);
    if (!taken.some((other) => overlaps(subnet, other))) return subnet.cidr;
  }
  throw new LabError(
    `expected a free /24 in ${pool.cidr} for the lab's network, found all ${candidates} overlapped by the engine's networks`,
    {
      hint: 'Remove leftovers with `lvs-lab clean` or `docker network prune`, or set `topology.subnet` in the scenario.',
      details: taken.map(({ cidr }) => cidr).join('\n'),
    },
  );
}

function refuseTaken(fixed: string, taken: readonly Subnet[], id: string): void {
  const wanted = subnetOf(fixed);
  const conflict = taken.find((other) => overlaps(wanted, other));
  if (conflict === undefined) return;
  throw new LabError(
    `scenario ${id} fixes the subnet ${fixed}, expected it to be free, found the engine's network ${conflict.cidr} in it`,
    {
      hint: 'Remove that network (`lvs-lab clean` removes leftovers), or leave `topology.subnet` out of the scenario.',
    },
  );
}
