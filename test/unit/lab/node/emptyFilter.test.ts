import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Namespace } from '../clients/raw/namespaces.js';

const script = fileURLToPath(new URL('../../../../lab/node/empty-filter.sh', import.meta.url));

/** What Docker 26 puts into a container on a network of one's own. */
const resolver = `
*nat
:DOCKER_OUTPUT - [0:0]
-A OUTPUT -d 127.0.0.11/32 -j DOCKER_OUTPUT
-A DOCKER_OUTPUT -d 127.0.0.11/32 -p udp -m udp --dport 53 -j DNAT --to-destination 127.0.0.11:48135
COMMIT
`;

/** How many connections are tracked when a packet has been sent. */
async function trackedOf(node: Namespace): Promise<number> {
  await node.run("bash -c 'echo >/dev/udp/127.0.0.1/9'");
  return Number(await node.run('cat /proc/sys/net/netfilter/nf_conntrack_count'));
}

async function newNode(flavour: 'nft' | 'legacy'): Promise<Namespace> {
  const namespace = await Namespace.create();
  await namespace.run('ip link set lo up');
  await namespace.run(`iptables-${flavour}-restore <<'RULES'${resolver}RULES`);
  return namespace;
}

describe('empty-filter.sh', () => {
  it.each(['nft', 'legacy'] as const)(
    "takes out the engine's rules (%s), with which packets are tracked that nobody's rules ask about",
    async (flavour) => {
      await using left = await newNode(flavour);
      expect(await trackedOf(left)).toBe(1);

      await using emptied = await newNode(flavour);
      await emptied.run(`bash ${script}`);
      expect(await trackedOf(emptied)).toBe(0);
    },
  );

  it('ends with 1 where something is left, and says what', async () => {
    await using namespace = await newNode('nft');
    const stubborn = `nft() { [ "$1" = flush ] || command nft "$@"; }; . ${script}`;
    await expect(namespace.run(`bash -c '${stubborn}'`)).rejects.toThrow(/still there:[^]*DOCKER_OUTPUT/);
  });
});
