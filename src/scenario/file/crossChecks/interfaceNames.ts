import { roles } from '../../../contracts/words/nodes.js';
import type { CrossProblem } from '../checks/problem.js';
import type { ScenarioFile } from '../schema/file.js';
import { type NodeTexts, textsOf } from './nodeTexts.js';

/** Where a text gives a name to a thing of its own, and what that is. */
const declarations: readonly (readonly [RegExp, string])[] = [
  [/^:(\S+)/gm, 'chain'],
  [/(?:^|\s)(?:-N|--new-chain)\s+(\S+)/gm, 'chain'],
  [/^\*(\S+)/gm, 'table'],
  [/(?:^|ipset\s+)(?:create|-N)\s+(\S+)/gm, 'set'],
  [/\bchain\s+(?:\w+\s+\S+\s+)?([\w./-]+)\s*\{/g, 'chain'],
  [/\b(?:set|map)\s+([\w./-]+)\s*\{/g, 'set'],
  [/\btable\s+(?:ip6?|inet|arp|bridge|netdev)\s+([\w./-]+)/g, 'table'],
];

/** Names of interfaces that the texts of their node also give to something else, which would be renamed along with them, two of one name becoming one. */
export function interfaceNameProblems(file: ScenarioFile): readonly CrossProblem[] {
  return roles.flatMap((role) => {
    const names = Object.keys(file[role]?.interfaces ?? {});
    if (names.length === 0) return [];
    const events = file.events.filter(({ on }) => on.replace(/\d+$/, '') === role);
    const declared = new Map([file[role] ?? {}, ...events].flatMap(namesIn));
    return names.flatMap((name): CrossProblem[] => {
      const what = declared.get(name);
      if (what === undefined) return [];
      const message = `expected the name of an interface and of nothing else, found \`${name}\`, which is also that of a ${what} in the rules: one could not be renamed without the other; give the ${what} another name there`;
      return [{ path: [role, 'interfaces', name], at: 'key', message }];
    });
  });
}

function namesIn(node: NodeTexts): (readonly [string, string])[] {
  const text = textsOf(node)
    .map(([, one]) => one)
    .join('\n');
  return declarations.flatMap(([pattern, what]) =>
    [...text.matchAll(pattern)].map(([, name = '']) => [name, what] as const),
  );
}
