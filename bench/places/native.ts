import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { messageOf } from '../../src/support/errors.js';
import { hostCommand } from '../../src/support/exec.js';
import { packageRoot } from '../../src/support/packageRoot.js';
import { Scope } from '../../src/support/scope.js';
import { Namespace } from './networkNamespace.js';
import type { FreshPlace, ClientPlaces } from './clientPlace.js';

const serverScripts = path.join(packageRoot, 'lab/node/server');
const sources = 16;
/** A neighbour that nobody is: the router's kernel gets its frames, and throws them away before it looks at more than the MAC address. */
const silent = { address: '198.18.0.9', mac: '02:00:00:00:00:09' };

/** Network namespaces of this machine, others for each run. */
export function nativePlaces(): ClientPlaces {
  return { fresh: nativeLab, facts: () => Promise.resolve({}), remove: () => Promise.resolve() };
}

/**
 * Client, router and server in network namespaces of this machine, joined by veth pairs; the server is nginx with the lab's own
 * configuration. Needs root, iproute2, util-linux and nginx.
 */
async function nativeLab(): Promise<FreshPlace> {
  const scope = new Scope((what, error) => {
    process.stderr.write(`could not remove ${what}: ${messageOf(error)}\n`);
  });
  try {
    const directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-bench-'));
    scope.defer(directory, () => rm(directory, { recursive: true }));
    const client = scope.use(await Namespace.create(), "the client's namespace");
    const router = scope.use(await Namespace.create(), "the router's namespace");
    const server = scope.use(await Namespace.create(), "the server's namespace");
    await connect(client, router, 'front', ['198.18.0.2/24', '198.18.0.1/24']);
    await connect(server, router, 'lan', ['198.18.1.9/24', '198.18.1.1/24']);
    await client.run('ip route add default via 198.18.0.1');
    await server.run('ip route add default via 198.18.1.1');
    await router.run('sysctl -qw net.ipv4.ip_forward=1');
    await client.run(`ip neigh add ${silent.address} lladdr ${silent.mac} dev eth0 nud permanent`);
    // What is over for the server may stay in TIME-WAIT: no run may end because there are too many of those.
    await server.run('sysctl -qw net.ipv4.tcp_max_tw_buckets=2000000');

    const folder = path.join(directory, 'server');
    await cp(serverScripts, folder, { recursive: true });
    const inServer = (purpose: string, argv: readonly string[]) =>
      hostCommand(server.enter(argv), { purpose, seconds: 15 });
    scope.defer('nginx', () => inServer('stop nginx', ['sh', path.join(folder, 'stop.sh')]));
    const settings = ['env', 'LVS_LAB_PORTS=80', 'LVS_LAB_NAME=realserver1'];
    await inServer('start nginx', [...settings, 'sh', path.join(folder, 'serve.sh')]);

    const nextHopMac = (await router.run('cat /sys/class/net/front/address')).trim();
    return {
      place: {
        enter: client.enter,
        put: (file) => Promise.resolve(file),
        program: (name) => Promise.resolve([name]),
        target: {
          vip: '198.18.1.9',
          port: 80,
          device: 'eth0',
          address: '198.18.0.2',
          nextHop: '198.18.0.1',
          nextHopMac,
          firstSource: '198.18.0.32',
          sources,
          silent,
          networks: ['198.18.0.0/24', '198.18.1.0/24'],
        },
      },
      remove: () => scope.close(),
    };
  } catch (error) {
    await scope.close();
    throw error;
  }
}

/** Gives `node` an eth0 whose other end is `name` in the router. `addresses`: CIDRs, the node's and the router's. */
async function connect(
  node: Namespace,
  router: Namespace,
  name: string,
  [address, routerAddress]: readonly [string, string],
): Promise<void> {
  await node.run(`ip link add eth0 type veth peer name ${name} netns ${router.pid}`);
  await node.run(`ip addr add ${address} dev eth0`);
  await router.run(`ip addr add ${routerAddress} dev ${name}`);
  await node.run('ip link set eth0 up');
  await router.run(`ip link set ${name} up`);
}
