import { blameText } from '../../verdict/explanation/blameText.js';
import type { Explanation } from '../../verdict/model/verdict.js';

/** Who is to blame, in one line: `to blame: rule -A INPUT -j REJECT on director (rules/stock.iptables:9)`. */
export function blameLine({ blame }: Explanation): string {
  if (blame === undefined) return 'not explained';
  const { kind, what, role, node, file, line } = blame;
  const on = node ?? role;
  const place = file === undefined ? '' : ` (${file}:${String(line)})`;
  return `to blame: ${blameText({ kind, what })}${on === undefined ? '' : ` on ${on}`}${place}`;
}

/** An explanation as lines: in a few, or with `all` every fact, and what could not be seen. */
export function explanationLines(explanation: Explanation, all: boolean): readonly string[] {
  const { summary, connections, doubts, lacking } = explanation;
  return [
    blameLine(explanation),
    ...doubts.map((doubt) => `- ${doubt}`),
    ...(all
      ? connections.flatMap(({ client, fate, facts }) => [
          `${client}, ${fate}:`,
          ...facts.map(({ text }, index) => `  ${String(index + 1)}. ${text}`),
        ])
      : summary.map((line) => `- ${line}`)),
    ...(all ? lacking.map((what) => `not seen: ${what}`) : []),
  ];
}
