import type { ProbeAnswer } from '../../../../src/contracts/agents/probeOrder.js';
import { sendThrough } from '../../../../src/probe/sendThrough.js';
import { namespaceSource } from '../../probe/namespaceSource.js';
import { type Case, interfaces, port, probes, vip } from './probes.js';

/**
 * Sends probes through the rules of cases, in a network namespace of this machine's kernel, and says for each which got in. Rejects with what
 * is missing: a namespace needs root or user namespaces, and the rules iptables, nft and iproute2.
 */
export async function kernelAnswers(cases: readonly Case[]): Promise<readonly ProbeAnswer[]> {
  const order = {
    interfaces,
    services: [{ address: vip, port, protocol: 'tcp' as const }],
    loose: true,
    probes: probes.map(({ kind, flags, source, sourcePort, comesIn }) => ({
      ...{ source, sourcePort, destination: vip, destinationPort: port, comesIn },
      is:
        flags === undefined
          ? ({ protocol: 'too-big', of: 'tcp' } as const)
          : ({ protocol: 'tcp', flags, hasData: kind.includes('data') } as const),
    })),
  };
  return await sendThrough(
    order,
    cases.map((one) => ({ texts: [one] })),
    { program: namespaceSource },
  );
}
