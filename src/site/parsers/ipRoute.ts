import { z } from 'zod';
import type { SiteRoute } from '../model/site.js';
import { familyOfAddress } from '../model/addressRange.js';
import type { SourceFile } from '../model/sourceFile.js';
import { jsonIn, type Reading } from './readingOf.js';

const listed = z.array(
  z.object({ dst: z.string(), dev: z.string().optional(), gateway: z.string().optional() }),
);

/** Reads what `ip route` and `ip -j route` print, of one family or both. */
export function readIpRoute({ name, text }: SourceFile): Reading<SiteRoute> {
  const read = text.trimStart().startsWith('[') ? jsonIn(listed, text, name) : undefined;
  if (read !== undefined && 'problem' in read) return { found: [], problems: [read.problem] };
  const routes =
    read?.value.map(({ dst, dev, gateway }) => ({ to: dst, device: dev, by: gateway })) ??
    text.split(/\r?\n/).map(fromLine);
  return {
    found: routes.flatMap((route): SiteRoute[] => {
      if (route?.device === undefined) return [];
      const family =
        familyOfAddress(route.to.replace(/\/.*/, '')) ?? familyOfAddress(route.by ?? '') ?? 'ipv4';
      return [{ to: route.to, device: route.device, family }];
    }),
    problems: [],
  };
}

/** `default via 192.0.2.1 dev eth0`, `192.0.2.0/24 dev eth0 proto kernel`. */
function fromLine(
  line: string,
): { to: string; device: string | undefined; by: string | undefined } | undefined {
  const [, to] = /^(?:unicast )?(default|[\da-fA-F.:]+(?:\/\d+)?)\s/.exec(line) ?? [];
  if (to === undefined) return undefined;
  return { to, device: /\bdev (\S+)/.exec(line)?.[1], by: /\bvia (?:inet6? )?(\S+)/.exec(line)?.[1] };
}
