import type { ToolOutcome } from './toolOutcome.js';

/** The agent as a whole, and its sockets without conversations. */
const ours = ['agent', "the agent's sockets"];

/** How the agent does beside each of the others at the same kind of work: by connections a second where there are some, else by packets. */
export function ratiosOf(outcomes: readonly ToolOutcome[]): Readonly<Record<string, number>> {
  const agents = outcomes.filter(({ tool }) => ours.includes(tool));
  const ratios = agents.flatMap((agent) => {
    const others = outcomes.filter(({ kind, tool }) => kind === agent.kind && !ours.includes(tool));
    return others.map(
      (other) => [`${agent.tool} : ${other.tool} (${agent.kind})`, rateOf(agent) / rateOf(other)] as const,
    );
  });
  return Object.fromEntries(ratios);
}

function rateOf({ connectionsPerSecond, packetsPerSecond }: ToolOutcome): number {
  return connectionsPerSecond ?? packetsPerSecond;
}
