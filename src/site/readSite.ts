import { cutOff } from './files/cutOff.js';
import { kindOfFile } from './files/detect.js';
import { otherText } from './files/otherText.js';
import { splice } from './files/splice.js';
import { withoutEmptyTables } from './files/withoutEmptyTables.js';
import { withStandIns } from './files/withStandIns.js';
import type { SiteRuleFile, Site, SiteInterface, SiteRoute, SiteService } from './model/site.js';
import type { SiteProblem } from './model/siteProblem.js';
import type { FileKind, PlacedFile, SourceFile } from './model/sourceFile.js';
import type { StandIn } from './model/standIn.js';
import { readIpAddress } from './parsers/ipAddress.js';
import { readIpRoute } from './parsers/ipRoute.js';
import { readIpvsadm } from './parsers/ipvsadm.js';
import { readKeepalived } from './parsers/keepalived.js';
import type { DroppedAddress } from './parsers/keepalivedGlobals.js';
import { keepalivedTable } from './parsers/keepalivedTable.js';
import { readLdirectord } from './parsers/ldirectord.js';
import type { Reading } from './parsers/readingOf.js';
import { readSysctl } from './parsers/sysctl.js';

/**
 * Reads the files of a site, each as what its content says it is, and those that others include in their places. What is not understood is
 * among the problems.
 */
export function readSite(given: readonly SourceFile[], standIns: readonly StandIn[] = []): Site {
  const { files, used } = withStandIns(given, standIns);
  const kinds = new Map(files.map((file) => [file, kindOfFile(file.text, file.name)]));
  const spliced = files.map((file) => ({ file, ...splicedWith(file, kinds.get(file), files) }));
  const included = new Set(spliced.flatMap(({ names }) => names));
  const reader = new SiteReader();
  for (const { file, whole, problems } of spliced) {
    if (included.has(file.name)) continue;
    reader.read(whole, kinds.get(file));
    reader.tell(problems);
  }
  return { ...reader.site(), standIns: used };
}

function splicedWith(file: SourceFile, kind: FileKind | undefined, files: readonly SourceFile[]) {
  const spliced = kind === undefined ? undefined : splice(file, kind, files);
  return {
    whole: spliced?.file ?? file,
    names: spliced?.included ?? [],
    problems: spliced?.problems ?? [],
  };
}

class SiteReader {
  readonly #files: { readonly name: string; readonly kind: FileKind }[] = [];
  readonly #rules: SiteRuleFile[] = [];
  readonly #services: SiteService[] = [];
  readonly #dropped: DroppedAddress[] = [];
  readonly #problems: SiteProblem[] = [];
  #interfaces: SiteInterface[] | undefined;
  #routes: SiteRoute[] | undefined;
  #sysctls: Map<string, string> | undefined;

  tell(problems: readonly SiteProblem[]): void {
    this.#problems.push(...problems);
  }

  read(file: PlacedFile, kind: FileKind | undefined): void {
    const { name, text } = file;
    if (kind === undefined) {
      this.#problems.push({
        done: file.isNamed === true ? 'refused' : 'left out',
        ...unreadable(name, text),
      });
      return;
    }
    this.#files.push({ name, kind });
    this.tell(cutOff(file, kind));
    this.#readAs(kind, file);
  }

  site(): Omit<Site, 'standIns'> {
    return {
      files: this.#files,
      rules: this.#allRules(),
      services: this.#services,
      interfaces: this.#interfaces,
      routes: this.#routes,
      sysctls: this.#sysctls,
      problems: this.#problems,
    };
  }

  #readAs(kind: FileKind, file: PlacedFile): void {
    switch (kind) {
      case 'iptables-save':
      case 'ip6tables-save':
      case 'nft':
      case 'ipset':
        this.#rules.push({ ...file, kind });
        break;
      case 'ipvsadm':
        this.#services.push(...this.#found(readIpvsadm(file)));
        break;
      case 'ldirectord':
        this.#services.push(...this.#found(readLdirectord(file)));
        break;
      case 'keepalived':
        this.#readKeepalived(file);
        break;
      case 'sysctl':
        this.#sysctls = new Map([...(this.#sysctls ?? []), ...this.#found(readSysctl(file))]);
        break;
      case 'ip-address':
        this.#interfaces = [...(this.#interfaces ?? []), ...this.#found(readIpAddress(file))];
        break;
      case 'ip-route':
        this.#routes = [...(this.#routes ?? []), ...this.#found(readIpRoute(file))];
        break;
      case 'about':
        break;
    }
  }

  #readKeepalived(file: PlacedFile): void {
    const { dropped, ...reading } = readKeepalived(file);
    this.#services.push(...this.#found(reading));
    this.#dropped.push(...dropped);
  }

  /** All rules, with those that no file has and keepalived loads itself. */
  #allRules(): readonly SiteRuleFile[] {
    const implied = keepalivedTable(this.#dropped, this.#rules);
    const rules = withoutEmptyTables(this.#rules);
    return implied === undefined ? rules : [...rules, implied];
  }

  #found<T>({ found, problems }: Reading<T>): readonly T[] {
    this.#problems.push(...problems);
    return found;
  }
}

/** Says what was expected in a file that has nothing that is read here, what it is where that is known, and what to give in its place. */
function unreadable(file: string, text: string): Pick<SiteProblem, 'at' | 'message'> {
  if (text.trim() === '')
    return { at: { file, line: 1 }, message: 'expected something in it, found nothing' };
  const expected =
    'expected rules (iptables-save, nft list ruleset, ipset save), services (ipvsadm -Sn, keepalived.conf, ldirectord.cf), or what `sysctl -a`, `ip address` or `ip route` print, found';
  const other = otherText(text);
  return other === undefined
    ? { at: { file, line: 1 }, message: `${expected} none of these` }
    : {
        at: { file, line: other.line },
        message: `${expected} ${other.what}; give ${other.instead}`,
      };
}
