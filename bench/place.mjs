// Where the tools run, and what they are to reach: see "Somewhere else" in README.md.

/**
 * @typedef {object} Place
 * @property {(argv: readonly string[]) => string[]} enter the command line that runs `argv` in the client, with its standard
 *   input, output and error
 * @property {(file: string) => Promise<string>} put the path that a file of this machine has in the client
 * @property {Target} target
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
 * @property {string | undefined} silent an address behind the next hop whose packets are dropped there without a word, if there is one
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
