import { spawn } from 'node:child_process';
import { cp, mkdtemp, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { run } from './measured.mjs';

/** @import { Place, Site } from './place.mjs' */

const serverScripts = fileURLToPath(new URL('../lab/node/server', import.meta.url));
const sources = 16;
/** A neighbour that nobody is: the router's kernel gets its frames, and throws them away before it looks at more than the MAC address. */
const silent = { address: '198.18.0.9', mac: '02:00:00:00:00:09' };

/** Network namespaces of this machine, others for each run. @returns {Site} */
export function nativeSite() {
  return { fresh: nativeLab, facts: () => Promise.resolve({}), remove: () => Promise.resolve() };
}

/**
 * Client, router and server in network namespaces of this machine, joined by veth pairs; the server is nginx with the lab's own
 * configuration. Needs root, iproute2, util-linux and nginx. Resolves with the place, and what ends it all.
 * @returns {Promise<{ place: Place, remove: () => Promise<void> }>}
 */
async function nativeLab() {
  const directory = await mkdtemp(path.join(tmpdir(), 'lvs-lab-bench-'));
  /** @type {(() => Promise<void>)[]} */
  const removals = [() => rm(directory, { recursive: true })];
  const remove = async () => {
    for (const removal of removals.reverse()) await removal();
  };
  try {
    const [client, router, server] = [await namespace(), await namespace(), await namespace()];
    removals.push(...[client, router, server].map(({ end }) => end));
    await join(client, router, 'front', ['198.18.0.2/24', '198.18.0.1/24']);
    await join(server, router, 'lan', ['198.18.1.9/24', '198.18.1.1/24']);
    await client.run('ip route add default via 198.18.0.1');
    await server.run('ip route add default via 198.18.1.1');
    await router.run('sysctl -qw net.ipv4.ip_forward=1');
    await client.run(`ip neigh add ${silent.address} lladdr ${silent.mac} dev eth0 nud permanent`);
    // What is over for the server may stay in TIME-WAIT: no run may end because there are too many of those.
    await server.run('sysctl -qw net.ipv4.tcp_max_tw_buckets=2000000');

    const folder = path.join(directory, 'server');
    await cp(serverScripts, folder, { recursive: true });
    const serving = [
      'env',
      'LVS_LAB_PORTS=80',
      'LVS_LAB_NAME=realserver1',
      'sh',
      path.join(folder, 'serve.sh'),
    ];
    removals.push(async () => {
      await run(server.enter(['sh', path.join(folder, 'stop.sh')]));
    });
    await run(server.enter(serving));

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
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** @typedef {Awaited<ReturnType<typeof namespace>>} Namespace */

/** A network namespace, which is there for as long as its process. */
async function namespace() {
  const anchor = spawn('unshare', ['--net', '--mount', 'sleep', 'infinity'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const mine = await readlink('/proc/self/ns/mnt');
  const link = () => readlink(`/proc/${anchor.pid}/ns/mnt`).catch(() => mine);
  while ((await link()) === mine) {
    if (anchor.exitCode !== null) throw new Error('could not make a network namespace: that takes root');
    await delay(10);
  }
  const pid = String(anchor.pid);
  /** @param {readonly string[]} argv */
  const enter = (argv) => ['nsenter', '--target', pid, '--net', '--mount', ...argv];
  // Its own /sys, which shows its own interfaces.
  await run(enter(['mount', '-t', 'sysfs', 'sysfs', '/sys']));
  await run(enter(['ip', 'link', 'set', 'lo', 'up']));
  return {
    pid,
    enter,
    /** @param {string} command words parted by blanks */
    run: (command) => run(enter(command.split(' '))),
    end: () =>
      new Promise((/** @type {(value: void) => void} */ resolve) => {
        anchor.on('exit', () => {
          resolve();
        });
        anchor.kill('SIGKILL');
      }),
  };
}

/**
 * Gives `node` an eth0 whose other end is `name` in the router.
 * @param {Namespace} node
 * @param {Namespace} router
 * @param {string} name
 * @param {readonly [string, string]} addresses CIDRs: the node's, the router's
 */
async function join(node, router, name, [address, routerAddress]) {
  await node.run(`ip link add eth0 type veth peer name ${name} netns ${router.pid}`);
  await node.run(`ip addr add ${address} dev eth0`);
  await router.run(`ip addr add ${routerAddress} dev ${name}`);
  await node.run('ip link set eth0 up');
  await router.run(`ip link set ${name} up`);
}
