import { ruleTextKeys } from '../../contracts/words/rules.js';
import type { CrossProblem } from './checks/problem.js';
import { type AnyMap, isMap } from './checks/anyMap.js';

/** A file's data after its mutation, without the `mutation` section. Problems are located in the file as it is. */
export interface MutatedData {
  readonly data: AnyMap;
  readonly problems: readonly CrossProblem[];
}

type Section = Record<string, unknown>;

interface Replacement {
  readonly find: string;
  readonly with: string;
}

/** Applies the mutation to the plain data of a valid file: each of its keys replaces the file's, and null removes it. */
export function mutate(data: AnyMap): MutatedData {
  const file: Section = structuredClone(data);
  const changes = file['mutation'];
  delete file['mutation'];
  const problems: CrossProblem[] = [];
  for (const [name, change] of Object.entries(isMap(changes) ? changes : {})) {
    if (name === 'what') continue;
    if (!isMap(change)) {
      // Events: a list is one value, not keys; null leaves none.
      file[name] = change ?? [];
      continue;
    }
    if (name !== 'nodes') {
      file[name] = changed(file[name], change, [name], problems);
      continue;
    }
    const nodes: AnyMap = isMap(file[name]) ? file[name] : {};
    const made = Object.entries(change).map(([node, keys]) => [
      node,
      isMap(keys) ? changed(nodes[node], keys, [name, node], problems) : null,
    ]);
    // A node without keys of its own is gone from the section.
    file[name] = merge(nodes, Object.fromEntries(made) as AnyMap);
  }
  return { data: file, problems };
}

/** A section after its changes; what cannot be replaced in it is added to the problems. */
function changed(given: unknown, change: AnyMap, path: readonly string[], problems: CrossProblem[]): Section {
  const { replace, ...keys } = change as AnyMap & { readonly replace?: readonly Replacement[] };
  const section = merge(given, keys);
  problems.push(...replaceAll(path, section, replace ?? []));
  return section;
}

function merge(section: unknown, keys: AnyMap): Section {
  const all = Object.entries({ ...(isMap(section) ? section : {}), ...keys });
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}

function replaceAll(
  path: readonly string[],
  section: Section,
  replacements: readonly Replacement[],
): CrossProblem[] {
  return replacements.flatMap((replacement, index) => {
    const found = replaceOnce(section, replacement);
    if (found === 1) return [];
    const places = found === 0 ? 'nowhere' : `${found} times`;
    const message = `expected this text exactly once in the rules and commands of \`${path.join('.')}\`, found it ${places}`;
    return [{ path: ['mutation', ...path, 'replace', index, 'find'], at: 'value', message }];
  });
}

/** Replaces a text in a section's rules and commands if it occurs exactly once; returns how often it occurs. */
function replaceOnce(section: Section, { find, with: other }: Replacement): number {
  const commands: unknown[] = Array.isArray(section['commands']) ? section['commands'] : [];
  const found = [...ruleTextKeys.map((key) => section[key]), ...commands]
    .map((text) => (typeof text === 'string' ? text.split(find).length - 1 : 0))
    .reduce((sum, count) => sum + count, 0);
  if (found !== 1) return found;
  // Not String.replace, to which `$&` in the new text would mean something.
  const replaced = (text: unknown) => (typeof text === 'string' ? text.split(find).join(other) : text);
  for (const key of ruleTextKeys) if (section[key] !== undefined) section[key] = replaced(section[key]);
  if (commands.length > 0) section['commands'] = commands.map(replaced);
  return found;
}
