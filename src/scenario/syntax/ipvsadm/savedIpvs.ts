import { type OptionValues, lineExpected, otherCommand, readOptions, shown } from './ipvsadmOptions.js';
import { type Forwarding, type IpvsProtocol, ipvsProtocols } from '../../../contracts/words/network.js';

/** An address and a port as a line writes them; the port is undefined where it has none. */
export interface SavedEndpoint {
  readonly address: string;
  readonly port: number | undefined;
}

/** A realserver of a saved service. */
export interface SavedDestination {
  readonly end: SavedEndpoint;
  readonly forwarding: Forwarding;
  readonly weight: number;
  /** From how many connections on it gets no more, and below how many again (`-x`, `-y`); undefined: it gets any number. */
  readonly most?: string | undefined;
  readonly least?: string | undefined;
  /** `gue` or `gre` of `--tun-type`; undefined: IP in IP, where there is a tunnel. */
  readonly encapsulation?: string | undefined;
  readonly line: number;
}

/** A virtual service as `ipvsadm -Sn` saves it. */
export interface SavedService {
  /** `-t`, `-u`, `--sctp-service` or `-f`. */
  readonly kind: IpvsProtocol | 'mark';
  /** Undefined: it is found by its mark. */
  readonly end: SavedEndpoint | undefined;
  readonly mark: number | undefined;
  readonly isIpv6: boolean;
  readonly scheduler: string | undefined;
  readonly flags: readonly string[];
  readonly persistent: number | undefined;
  readonly netmask: string | undefined;
  readonly engine: string | undefined;
  readonly onePacket: boolean;
  readonly destinations: readonly SavedDestination[];
  readonly line: number;
}

/** What is wrong with a line, counted from 1. */
export interface SavedProblem {
  readonly line: number;
  readonly message: string;
}

/** How long `-p` keeps a client where it has no number, in seconds. */
const defaultPersistence = 300;

/** An address and a port; a string: why it is none. */
export type EndpointReader = (text: string) => SavedEndpoint | string;

/** A service, to which lines below it may add realservers. */
type UnfinishedService = SavedService & { readonly destinations: SavedDestination[]; readonly key: string };

/** Reads lines as `ipvsadm -Sn` prints them, one by one. */
export class IpvsadmReader {
  readonly #services: UnfinishedService[] = [];
  readonly #passedOver: SavedProblem[] = [];

  /** `of`: of a lab only what it can have is read, of a site also what scripts do. */
  constructor(
    private readonly of: 'lab' | 'site',
    private readonly readEnd: EndpointReader,
  ) {}

  /** The services that were read, in their order. */
  get services(): readonly SavedService[] {
    return this.#services;
  }

  /** What lines of a site have that nobody here knows, or that is no part of a service. */
  get passedOver(): readonly SavedProblem[] {
    return this.#passedOver;
  }

  /** Reads one line. Gives what is wrong with it; undefined: nothing. */
  line(text: string, line: number): string | undefined {
    const words = text
      .trim()
      .replace(/^(?:\/\S*\/)?ipvsadm\s+/, '')
      .split(/\s+/);
    const passOver = (message: string) => void this.#passedOver.push({ line, message });
    const other = this.of === 'site' ? otherCommand(words) : undefined;
    if (other === 'empties') this.#services.length = 0;
    if (other === 'times')
      passOver('the lab keeps entries of IPVS as long as the kernel does by itself, not as `--set` says');
    if (other !== undefined) return undefined;
    const given = readOptions(words, this.of, (word) => {
      passOver(`\`${shown(word)}\` is no option of ipvsadm that is known here, and is passed over`);
    });
    if (typeof given === 'string') return given;
    if (given.has('add') || given.has('edit')) return this.#service(given, line);
    if (given.has('server') || given.has('editServer')) return this.#server(given, line);
    return `${lineExpected}, found \`${shown(text)}\``;
  }

  #service(given: OptionValues, line: number): string | undefined {
    const selected = this.#selector(given);
    if (typeof selected === 'string') return selected;
    const known = this.#services.findIndex(({ key }) => key === selected.key);
    if (known >= 0 && this.of === 'lab') return 'expected each service once, found one again';
    const persistent = given.get('persistent');
    const service = {
      ...selected,
      isIpv6: given.has('ipv6') || selected.end?.address.includes(':') === true,
      scheduler: given.get('scheduler'),
      flags: given.get('flags')?.split(',') ?? [],
      persistent: persistent === undefined ? undefined : Number(persistent || defaultPersistence),
      netmask: given.get('netmask'),
      engine: given.get('engine'),
      onePacket: given.has('onePacket'),
      destinations: this.#services[known]?.destinations ?? [],
      line,
    };
    this.#services.splice(known < 0 ? this.#services.length : known, 1, service);
    return undefined;
  }

  #server(given: OptionValues, line: number): string | undefined {
    const selected = this.#selector(given);
    if (typeof selected === 'string') return selected;
    const service = this.#services.find(({ key }) => key === selected.key);
    if (service === undefined) return 'expected a realserver of a service above, found one of none';
    const end = this.readEnd(given.get('realserver') ?? '');
    if (typeof end === 'string') return end;
    const weight = Number(given.get('weight') ?? 1);
    if (!Number.isInteger(weight) || weight < 0 || weight > 65_535)
      return `expected a weight from 0 to 65535, found \`${shown(given.get('weight') ?? '')}\``;
    const forwarding = given.has('nat') ? 'nat' : given.has('tun') ? 'tun' : 'dr';
    const { destinations } = service;
    const known = destinations.findIndex(
      (one) => one.end.address === end.address && one.end.port === end.port,
    );
    const isChanged = known >= 0 && given.has('editServer');
    const tunnel = given.get('tunnel');
    destinations.splice(isChanged ? known : destinations.length, 1, {
      ...{ end, forwarding, weight, line },
      ...{ most: given.get('most'), least: given.get('least') },
      encapsulation: forwarding === 'tun' && tunnel !== 'ipip' ? tunnel : undefined,
    });
    return undefined;
  }

  #selector(given: OptionValues): Selected | string {
    const mark = given.get('mark');
    if (mark !== undefined) {
      if (!/^[1-9]\d{0,9}$/.test(mark))
        return `expected a mark as a number above 0, found \`${shown(mark)}\``;
      return {
        kind: 'mark',
        end: undefined,
        mark: Number(mark),
        key: `${mark} ${String(given.has('ipv6'))}`,
      };
    }
    const kind = ipvsProtocols.find((one) => given.has(one)) ?? 'tcp';
    const text = given.get(kind);
    if (text === undefined)
      return 'expected the service that the line is about (`-t`, `-u` or `-f`), found none';
    const end = this.readEnd(text);
    if (typeof end === 'string') return end;
    return { kind, end, mark: undefined, key: `${kind} ${text}` };
  }
}

type Selected = Pick<SavedService, 'kind' | 'end' | 'mark'> & { readonly key: string };

/** Reads what `ipvsadm -Sn` prints: the services in their order, and what is wrong with lines. */
export function readSavedIpvs(text: string): {
  readonly services: readonly SavedService[];
  readonly problems: readonly SavedProblem[];
} {
  const reader = new IpvsadmReader('lab', readEnd);
  const problems: SavedProblem[] = [];
  for (const [index, written] of text.split('\n').entries()) {
    if (/^\s*(?:#|$)/.test(written)) continue;
    const message = reader.line(written, index + 1);
    if (message !== undefined) problems.push({ line: index + 1, message });
  }
  return { services: reader.services, problems };
}

/** `192.0.2.1:80`, `[2001:db8::1]:80`, `${VIP}:80`; a string: why it is none. */
function readEnd(text: string): SavedEndpoint | string {
  const [, six, four, port] =
    /^(?:\[([0-9A-Fa-f:.]+|\$\{\w+\})\]|(\d+(?:\.\d+){3}|\$\{\w+\}))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const address = six ?? four;
  if (address === undefined || Number(port ?? 0) > 65_535)
    return `expected an address and a port such as \`192.0.2.1:80\`, found \`${shown(text)}\`; \`ipvsadm -Sn\` prints numbers`;
  return { address, port: port === undefined ? undefined : Number(port) };
}
