import { wordsOf } from './words.js';

/** Sets that the input of `ipset restore` makes, with their elements. Kinds that do not begin with an address have none that can be told. */
export function readSets(text: string): ReadonlyMap<string, readonly string[]> {
  const sets = new Map<string, string[]>();
  const unknown = new Set<string>();
  for (const line of text.split('\n')) {
    const [verb = '', name = '', value = ''] = wordsOf(line);
    if (['create', '-N', 'n'].includes(verb)) {
      sets.set(name, sets.get(name) ?? []);
      if (!/^(?:hash:(?:ip|net)|bitmap:ip)|^(?:iphash|nethash|ipmap|iptree)/.test(value)) unknown.add(name);
    } else if (['add', '-A', 'a'].includes(verb)) sets.get(name)?.push(value);
  }
  return new Map(
    [...sets].map(([name, elements]): [string, readonly string[]] => [
      name,
      unknown.has(name) ? [] : elements,
    ]),
  );
}
