import type { PhaseNumbers } from '../../verdict/model/verdict.js';

/** How many rules are shown for a node, so that a terminal can show them; results.json has all. */
const most = 8;

/** For each node, the rules that no packet matched although packets reached their chain. */
export function idleRulesLines({ idle = [] }: Pick<PhaseNumbers, 'idle'>): readonly string[] {
  const nodes = [...new Set(idle.map(({ node }) => node))];
  return nodes.map((name) => {
    const rules = idle.filter(({ node }) => node === name).map(({ rule }) => rule);
    const more = rules.length > most ? [`and ${rules.length - most} more`] : [];
    return [
      `  rules on ${name} that no packet matched:`,
      ...[...rules.slice(0, most), ...more].map((rule) => `    ${rule}`),
    ].join('\n');
  });
}
