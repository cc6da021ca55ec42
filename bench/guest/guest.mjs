import { following } from '../addresses.mjs';
import { run } from '../measured.mjs';
import { filesOf } from './files.mjs';
import { heldLab } from './held.mjs';

/** @import { Place, Site } from '../place.mjs' */

/** As lab.yaml fixes them; the sources are addresses of its network that nobody has. */
const network = '198.19.200.0/24';
const vip = '198.19.200.100';
const address = '198.19.200.10';
const sources = following('198.19.200.128', 124);
const silent = '198.18.3.1';

/** Sources of one run: each has 64,000 ports. */
const perRun = 4;
/** More entries than these in the director's table would slow later runs down. */
const fewEntries = 500;
const tries = 10;

/** @typedef {Awaited<ReturnType<typeof openLab>>} GuestLab */

/**
 * The client container of a lab that `lvs-lab up` holds in the VM. A lab is used for one run after another, each with sources of its
 * own and with all sockets of those before it removed, until a flood has left the director's table full.
 * @returns {Site}
 */
export function guestSite() {
  /** @type {GuestLab | undefined} */
  let lab;
  const remove = async () => {
    const old = lab;
    lab = undefined;
    await old?.remove();
  };
  return {
    fresh: async () => {
      if (lab !== undefined && !(await lab.isClean())) await remove();
      lab ??= await openLab();
      const place = lab.next();
      if (place === undefined) throw new Error('expected fewer runs in one lab');
      return { place, remove: () => Promise.resolve() };
    },
    facts: async () => {
      lab ??= await openLab();
      return lab.facts();
    },
    remove,
  };
}

async function openLab() {
  const { enter, remove } = await heldLab();
  /** @param {string} node @param {string} command a line for sh */
  const say = async (node, command) => (await run(enter(node, ['sh', '-c', command]))).trim();
  try {
    const nextHopMac = await say('director', 'cat /sys/class/net/eth0/address');
    // The director drops them when it looks for a route: on a bridge, frames to nobody would go to everybody.
    // By the VIP, for the agent takes a namespace with any other way out for a host's.
    await say('client', `ip route add ${silent} via ${vip}`);
    await say('director', `ip route add blackhole ${silent}`);
    /** @param {readonly string[]} argv */
    const enterClient = (argv) => enter('client', argv);
    const files = filesOf(enterClient);
    let used = 0;
    /** @returns {Place | undefined} undefined: no sources are left */
    const next = () => {
      const firstSource = sources[used];
      used += perRun;
      if (firstSource === undefined) return undefined;
      const target = {
        ...{ vip, port: 80, device: 'eth0', address, nextHop: vip, nextHopMac },
        silent: { address: silent, mac: nextHopMac },
        ...{ firstSource, sources: perRun, networks: [network] },
      };
      return { enter: enterClient, ...files, target };
    };
    return {
      next,
      /** Whether the next run meets nothing of those before it. */
      isClean: async () => {
        if (used >= sources.length) return false;
        for (const node of ['client', 'realserver1', 'realserver2']) {
          await say(node, 'ss -K -tan state connected >/dev/null');
        }
        for (let turn = 0; turn < tries; turn += 1) {
          if (Number(await say('director', 'wc -l </proc/net/ip_vs_conn')) < fewEntries) return true;
        }
        return false;
      },
      facts: async () => ({
        guestKernel: await say('client', 'uname -r'),
        guestProcessor: await say('client', "sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1"),
        guestProcessors: await say('client', 'nproc'),
        clientNode: await say('client', 'node --version'),
      }),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
