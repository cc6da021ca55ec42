import type { RealserverSite } from '../../../prediction/predictRealservers.js';
import { familyOfAddress } from '../../../site/model/addressRange.js';
import type { SourceFile } from '../../../site/model/sourceFile.js';
import type { StandIn } from '../../../site/model/standIn.js';
import { readSite } from '../../../site/readSite.js';

/** What one `--realserver` names: `10.0.0.11=rs1.tar`, or a path alone. */
interface NamedRealserver {
  readonly address: string | undefined;
  readonly path: string;
}

/**
 * Reads the files of realservers. The address of a realserver is given before the path (`ADDRESS=PATH`), or in what its `ip address` printed.
 * Files for which neither says one count for all other realservers.
 */
export async function readRealserverFiles(
  values: readonly string[],
  read: (path: string) => Promise<readonly SourceFile[]>,
  standIns: readonly StandIn[],
): Promise<readonly RealserverSite[]> {
  const found: RealserverSite[] = [];
  const forAll: { readonly path: string; readonly files: readonly SourceFile[] }[] = [];
  for (const { address, path } of values.map(namedRealserver)) {
    const files = await read(path);
    const site = readSite(files, standIns);
    const own = site.interfaces?.flatMap(({ addresses }) => addresses.map((one) => one.replace(/\/.*/, '')));
    const addresses = address === undefined ? own : [address];
    if (addresses === undefined) forAll.push({ path, files });
    else found.push({ name: path, addresses, site });
  }
  if (forAll.length === 0) return found;
  return [
    ...found,
    {
      name: forAll.map(({ path }) => path).join(', '),
      addresses: undefined,
      site: readSite(
        forAll.flatMap(({ files }) => files),
        standIns,
      ),
    },
  ];
}

/** The file, folder, tar or host that one `--realserver` names. */
export function pathOf(value: string): string {
  return namedRealserver(value).path;
}

function namedRealserver(value: string): NamedRealserver {
  const [, address = '', path = ''] = /^([^=/]+)=(.+)$/.exec(value) ?? [];
  return familyOfAddress(address) === undefined ? { address: undefined, path: value } : { address, path };
}
