import type { PhaseNumbers } from '../../verdict/model/types.js';

/** A terminal's worth of them; all are in results.json. */
const most = 8;

/** One line for each node: rules of its that no packet matched, in chains that packets came to. */
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
