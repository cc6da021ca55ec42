/** @import { Outcome } from './place.mjs' */

/** The agent as a whole, and its sockets without conversations. */
const ours = ['agent', "the agent's sockets"];

/**
 * How the agent does beside each of the others at the same kind of work: by connections a second where there are some, else by packets.
 * @param {readonly Outcome[]} outcomes
 * @returns {Record<string, number>}
 */
export function ratiosOf(outcomes) {
  const agents = outcomes.filter(({ tool }) => ours.includes(tool));
  const ratios = agents.flatMap((agent) => {
    const others = outcomes.filter(({ kind, tool }) => kind === agent.kind && !ours.includes(tool));
    return others.map((other) => ({
      name: `${agent.tool} : ${other.tool} (${agent.kind})`,
      ratio: rateOf(agent) / rateOf(other),
    }));
  });
  return Object.fromEntries(ratios.map(({ name, ratio }) => [name, ratio]));
}

/** @param {Outcome} outcome */
function rateOf({ connectionsPerSecond, packetsPerSecond }) {
  return connectionsPerSecond ?? packetsPerSecond;
}

/** @param {readonly Outcome[]} outcomes */
export function table(outcomes) {
  const heads = [
    'tool',
    'work',
    'connections/s',
    'packets/s',
    'CPU/connection',
    'CPU/packet',
    'memory',
    'remarks',
  ];
  const rows = outcomes.map((outcome) => [
    outcome.tool,
    outcome.kind,
    whole(outcome.connectionsPerSecond),
    whole(outcome.packetsPerSecond),
    microseconds(outcome.cpuMicrosecondsPerConnection),
    microseconds(outcome.cpuMicrosecondsPerPacket),
    `${(outcome.residentBytes / 1e6).toFixed(1)} MB`,
    outcome.remarks.join('; '),
  ]);
  return [heads, heads.map(() => '---'), ...rows].map((entries) => `| ${entries.join(' | ')} |`).join('\n');
}

/** @param {number | undefined} value */
function whole(value) {
  return value === undefined ? '' : Math.round(value).toLocaleString('en');
}

/** @param {number | undefined} value */
function microseconds(value) {
  return value === undefined ? '' : `${value.toFixed(1)} us`;
}
