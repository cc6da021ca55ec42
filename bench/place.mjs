// Where the tools run, and what they are to reach: see "Somewhere else" in README.md.

/**
 * @typedef {object} Place
 * @property {(argv: readonly string[]) => string[]} enter the command line that runs `argv` in the client, with its standard
 *   input, output and error
 * @property {(file: string) => Promise<string>} put the path that a file of this machine has in the client
 * @property {(name: string) => Promise<string[]>} program how a command line begins that runs a program of this machine in the client
 * @property {Target} target
 */

/**
 * Where places are made.
 * @typedef {object} Site
 * @property {() => Promise<{ place: Place, remove: () => Promise<void> }>} fresh a place in which a run meets nothing of those before it
 * @property {() => Promise<Record<string, string>>} facts what there is to know of it beside this machine
 * @property {() => Promise<void>} remove ends what the places share
 */

/**
 * @typedef {object} Target
 * @property {string} vip
 * @property {number} port it serves /close/text, as lab/node/server does
 * @property {string} device the client's interface
 * @property {string} address the client's own, on that interface
 * @property {string} nextHop
 * @property {string} nextHopMac
 * @property {string} firstSource first of the addresses that nobody has
 * @property {number} sources how many there are, one after the other
 * @property {{ address: string, mac: string }} silent where packets are dropped without a word, and to which MAC address they are sent
 * @property {string[]} networks CIDRs of the client's and the service's network
 */

/**
 * What one run of a tool came to. Undefined is what the tool does not do, or was not asked for.
 * @typedef {object} Outcome
 * @property {string} tool
 * @property {'conversations' | 'SYNs, answered' | 'SYNs, dropped'} kind whole connections, or a flood of first segments
 * @property {number | undefined} connections complete ones
 * @property {number | undefined} connectionsPerSecond
 * @property {number} packetsPerSecond sent and received, as the client's interface counts them
 * @property {number | undefined} cpuMicrosecondsPerConnection of the client's process, and of the packets' way while it sends
 * @property {number} cpuMicrosecondsPerPacket
 * @property {number} residentBytes most memory of the tool's process
 * @property {string[]} remarks
 */

export {};
