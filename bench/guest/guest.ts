import { LabError } from '../../src/support/errors.js';
import { hostCommand } from '../../src/support/exec.js';
import { shellQuote } from '../../src/support/quote.js';
import { following } from '../places/followingAddresses.js';
import type { ClientPlace, ClientPlaces } from '../places/clientPlace.js';
import { ContainerFiles } from './containerFiles.js';
import { type LabInVm, holdLabInVm } from './labInVm.js';

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
/** For a short command in a node, whose processor may be emulated. */
const commandSeconds = 60;

/**
 * The client container of a lab that `lvs-lab up` holds in the VM. A lab is used for one run after another, each with sources of its
 * own and with all sockets of those before it removed, until a flood has left the director's table full.
 */
export function guestPlaces(): ClientPlaces {
  let lab: GuestLab | undefined;
  const remove = async (): Promise<void> => {
    const old = lab;
    lab = undefined;
    await old?.remove();
  };
  return {
    fresh: async () => {
      if (lab !== undefined && !(await lab.isClean())) await remove();
      lab ??= await GuestLab.open();
      return { place: lab.next(), remove: () => Promise.resolve() };
    },
    facts: async () => {
      lab ??= await GuestLab.open();
      return lab.facts();
    },
    remove,
  };
}

class GuestLab {
  readonly #files: ContainerFiles;
  readonly #held: LabInVm;
  #nextHopMac = '';
  /** How many sources earlier runs had. */
  #used = 0;

  private constructor(held: LabInVm) {
    this.#held = held;
    this.#files = new ContainerFiles(this.#enterClient);
  }

  static async open(): Promise<GuestLab> {
    const lab = new GuestLab(await holdLabInVm());
    try {
      await lab.#prepare();
      return lab;
    } catch (error) {
      await lab.remove();
      throw error;
    }
  }

  /** The client, with sources that no run has had. */
  next(): ClientPlace {
    const firstSource = sources[this.#used];
    if (firstSource === undefined) throw new LabError('expected fewer runs in one lab');
    this.#used += perRun;
    const nextHopMac = this.#nextHopMac;
    return {
      enter: this.#enterClient,
      put: this.#files.put,
      program: this.#files.program,
      target: {
        ...{ vip, port: 80, device: 'eth0', address, nextHop: vip, nextHopMac },
        silent: { address: silent, mac: nextHopMac },
        ...{ firstSource, sources: perRun, networks: [network] },
      },
    };
  }

  /** Whether the next run meets nothing of those before it. */
  async isClean(): Promise<boolean> {
    if (this.#used >= sources.length) return false;
    for (const node of ['client', 'realserver1', 'realserver2']) {
      await this.#run(node, ['ss', '-K', '-tan', 'state', 'connected']);
    }
    for (let turn = 0; turn < tries; turn += 1) {
      const entries = Number(await this.#run('director', ['grep', '-c', '', '/proc/net/ip_vs_conn']));
      if (entries < fewEntries) return true;
    }
    return false;
  }

  async facts(): Promise<Readonly<Record<string, string>>> {
    return {
      guestKernel: await this.#run('client', ['uname', '-r']),
      guestProcessor: await this.#run('client', ['sed', '-n', '/^model name/{s/.*: //p;q}', '/proc/cpuinfo']),
      guestProcessors: await this.#run('client', ['nproc']),
      clientNode: await this.#run('client', ['node', '--version']),
    };
  }

  remove(): Promise<void> {
    return this.#held.remove();
  }

  readonly #enterClient = (argv: readonly string[]): readonly string[] => this.#held.enter('client', argv);

  async #prepare(): Promise<void> {
    this.#nextHopMac = await this.#run('director', ['cat', '/sys/class/net/eth0/address']);
    // The director drops them when it looks for a route: on a bridge, frames to nobody would go to everybody.
    // By the VIP, for the agent takes a namespace with any other way out for a host's.
    await this.#run('client', ['ip', 'route', 'add', silent, 'via', vip]);
    await this.#run('director', ['ip', 'route', 'add', 'blackhole', silent]);
  }

  /** Runs a command in a node; resolves with what it prints. */
  async #run(node: string, argv: readonly string[]): Promise<string> {
    const options = { purpose: `run \`${shellQuote(argv)}\` on the ${node}`, seconds: commandSeconds };
    return (await hostCommand(this.#held.enter(node, argv), options)).trim();
  }
}
