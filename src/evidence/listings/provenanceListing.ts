import { EvidenceError } from '../text/error.js';
import type { KernelProvenance, RoleProvenance } from '../model/provenance.js';
import { buildIds, bytesOfDump, fileHeads } from './provenanceNotes.js';

/** What `lab/node/versions.sh` printed on a node. */
export interface VersionListing {
  readonly kernel: KernelProvenance;
  readonly role: RoleProvenance;
}

const sysctlRoot = '/proc/sys/';

/** Reads the output of `lab/node/versions.sh`. Throws EvidenceError when it is incomplete. */
export function parseVersions(listing: string): VersionListing {
  const parts = partsOf(listing);
  if (!parts.has('end')) {
    throw new EvidenceError(
      `expected versions.sh to end with its part \`end\`, found ${[...parts.keys()].join(', ') || 'no part at all'}`,
    );
  }
  const lines = (part: string): readonly string[] => parts.get(part) ?? [];
  const [release, version] = lines('kernel');
  if (release === undefined || version === undefined) {
    throw new EvidenceError('expected release and version of the kernel from versions.sh, found none');
  }
  const buildId = buildIds(bytesOfDump(lines('notes')))[0];
  const sha256 = /^[0-9a-f]{64}/.exec(lines('config')[0] ?? '')?.[0];
  return {
    kernel: {
      release,
      version,
      ...(buildId === undefined ? {} : { buildId }),
      ...(sha256 === undefined ? {} : { config: { sha256, from: '/proc/config.gz' } }),
      modules: modulesOf(bytesOfDump(lines('modules'))),
    },
    role: {
      system: (lines('system')[0] ?? '').replaceAll(/^["']|["']$/g, ''),
      iptables: lines('iptables')[0] ?? '',
      packages: sorted(lines('packages').map((line) => pair(line, ' '))),
      sysctls: sorted(
        lines('sysctls').map((line) => {
          const [file, value] = pair(line, ':');
          return [file.replace(sysctlRoot, '').replaceAll('/', '.'), value.replaceAll('\t', ' ')];
        }),
      ),
    },
  };
}

/** The build id of each module, of what `head -v` printed of their notes. Throws EvidenceError where a module has none. */
function modulesOf(heads: Buffer): Readonly<Record<string, string>> {
  return sorted(
    fileHeads(heads).map(({ file, content }) => {
      const name = /\/module\/([^/]+)\/notes\//.exec(file)?.[1];
      const [buildId] = buildIds(content);
      if (name === undefined || buildId === undefined) {
        throw new EvidenceError(`expected a module's build id in ${file} from versions.sh, found none`);
      }
      return [name, buildId];
    }),
  );
}

function partsOf(listing: string): ReadonlyMap<string, readonly string[]> {
  const parts = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of listing.split('\n')) {
    const name = /^## (\S+)$/.exec(line)?.[1];
    if (name === undefined) {
      if (line !== '') lines.push(line);
    } else {
      lines = [];
      parts.set(name, lines);
    }
  }
  return parts;
}

/** Splits a line at the first separator: `name 1.2 beta` into the name and the rest. */
function pair(line: string, separator: string): readonly [string, string] {
  const at = line.indexOf(separator);
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}

function sorted(entries: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries([...entries].sort(([one], [other]) => (one < other ? -1 : 1)));
}
