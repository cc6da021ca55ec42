import { z } from 'zod';
import type { SiteInterface } from '../model/site.js';
import type { SourceFile } from '../model/sourceFile.js';
import { jsonIn, type Reading } from './readingOf.js';

const listed = z.array(
  z.object({
    ifname: z.string().optional(),
    addr_info: z.array(z.object({ local: z.string(), prefixlen: z.number() })).optional(),
  }),
);

/** Reads what `ip address` and `ip -j address` print. */
export function readIpAddress({ name, text }: SourceFile): Reading<SiteInterface> {
  if (!text.trimStart().startsWith('[')) return { found: fromText(text), problems: [] };
  const read = jsonIn(listed, text, name);
  if ('problem' in read) return { found: [], problems: [read.problem] };
  return {
    found: read.value.flatMap(({ ifname, addr_info = [] }): SiteInterface[] =>
      ifname === undefined
        ? []
        : [{ name: ifname, addresses: addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`) }],
    ),
    problems: [],
  };
}

/** `2: eth0@if5: <BROADCAST,...` and below it `inet 192.0.2.1/24 scope global eth0`. */
function fromText(text: string): readonly SiteInterface[] {
  const found: { name: string; addresses: string[] }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, name] = /^\d+: ([^:@\s]+)/.exec(line) ?? [];
    // `ip -o address` has both on a line, and a line for each address.
    const [, address] = /\binet6? ([\da-fA-F.:]+(?:\/\d+)?)/.exec(line) ?? [];
    if (name !== undefined && found.every((one) => one.name !== name)) found.push({ name, addresses: [] });
    const own = name === undefined ? found.at(-1) : found.find((one) => one.name === name);
    if (address !== undefined) own?.addresses.push(address);
  }
  return found;
}
