import { didYouMean } from '../../../support/suggest.js';
import type { Forwarding } from '../../../contracts/words/network.js';

/** An address and a port as a line writes them; the port is undefined where it has none. */
export interface SavedEnd {
  readonly address: string;
  readonly port: number | undefined;
}

/** A realserver of a saved service. */
export interface SavedDestination {
  readonly end: SavedEnd;
  readonly forwarding: Forwarding;
  readonly weight: number;
  readonly line: number;
}

/** A virtual service as `ipvsadm -Sn` saves it. */
export interface SavedService {
  /** `-t`, `-u` or `-f`. */
  readonly kind: 'tcp' | 'udp' | 'mark';
  /** Undefined: it is found by its mark. */
  readonly end: SavedEnd | undefined;
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

/** Each option by its names, with what follows it. */
const options = {
  add: { names: ['-A', '--add-service'], takes: 'nothing' },
  server: { names: ['-a', '--add-server'], takes: 'nothing' },
  tcp: { names: ['-t', '--tcp-service'], takes: 'value' },
  udp: { names: ['-u', '--udp-service'], takes: 'value' },
  mark: { names: ['-f', '--fwmark-service'], takes: 'value' },
  ipv6: { names: ['-6', '--ipv6'], takes: 'nothing' },
  scheduler: { names: ['-s', '--scheduler'], takes: 'value' },
  flags: { names: ['-b', '--sched-flags'], takes: 'value' },
  persistent: { names: ['-p', '--persistent'], takes: 'number' },
  netmask: { names: ['-M', '--netmask'], takes: 'value' },
  engine: { names: ['--pe'], takes: 'value' },
  onePacket: { names: ['-o', '--ops'], takes: 'nothing' },
  realserver: { names: ['-r', '--real-server'], takes: 'value' },
  dr: { names: ['-g', '--gatewaying'], takes: 'nothing' },
  tun: { names: ['-i', '--ipip'], takes: 'nothing' },
  nat: { names: ['-m', '--masquerading'], takes: 'nothing' },
  weight: { names: ['-w', '--weight'], takes: 'value' },
} as const;

type OptionName = keyof typeof options;

const named = Object.entries(options).flatMap(([key, { names }]) =>
  names.map((name) => [name, key as OptionName] as const),
);
const optionOf = new Map<string, OptionName>(named);

/** How long `-p` keeps a client where it has no number, in seconds. */
const defaultPersistence = 300;

/** Reads what `ipvsadm -Sn` prints: the services in their order, and what is wrong with lines. */
export function readSavedIpvs(text: string): {
  readonly services: readonly SavedService[];
  readonly problems: readonly SavedProblem[];
} {
  const services: (SavedService & { readonly destinations: SavedDestination[]; readonly key: string })[] = [];
  const problems: SavedProblem[] = [];
  for (const [index, written] of text.split('\n').entries()) {
    const line = index + 1;
    const words = written
      .trim()
      .replace(/^(?:\/\S*\/)?ipvsadm\s+/, '')
      .split(/\s+/);
    if (words[0] === '' || words[0]?.startsWith('#')) continue;
    const given = readOptions(words);
    const problem =
      typeof given === 'string'
        ? given
        : given.has('add')
          ? addService(given, line, services)
          : given.has('server')
            ? addServer(given, line, services)
            : `expected a line of \`ipvsadm -Sn\`, which begins with \`-A\` or \`-a\`, found \`${shown(written)}\``;
    if (problem !== undefined) problems.push({ line, message: problem });
  }
  return { services, problems };
}

type Given = ReadonlyMap<OptionName, string>;
type Growing = SavedService & { readonly destinations: SavedDestination[]; readonly key: string };

/** The options of a line with their values; a string: why it cannot be read. */
function readOptions(words: readonly string[]): Given | string {
  const given = new Map<OptionName, string>();
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const name = optionOf.get(word);
    if (name === undefined) {
      if (index === 0)
        return `expected a line of \`ipvsadm -Sn\`, which begins with \`-A\` or \`-a\`, found \`${shown(words.join(' '))}\``;
      const known = [...optionOf.keys()];
      return `expected an option of \`ipvsadm -Sn\` that the lab can have, found \`${shown(word)}\`${word.startsWith('--') ? didYouMean(word, known) : ''}`;
    }
    const next = words[index + 1];
    const { takes } = options[name];
    if (takes === 'value' && next === undefined) return `expected a value behind \`${word}\`, found none`;
    const takesNext = takes === 'value' || (takes === 'number' && next !== undefined && /^\d+$/.test(next));
    given.set(name, takesNext ? (next ?? '') : '');
    if (takesNext) index += 1;
  }
  return given;
}

function addService(given: Given, line: number, services: Growing[]): string | undefined {
  const selected = selectorOf(given);
  if (typeof selected === 'string') return selected;
  if (services.some(({ key }) => key === selected.key)) return 'expected each service once, found one again';
  const persistent = given.get('persistent');
  services.push({
    ...selected,
    isIpv6: given.has('ipv6') || selected.end?.address.includes(':') === true,
    scheduler: given.get('scheduler'),
    flags: given.get('flags')?.split(',') ?? [],
    persistent: persistent === undefined ? undefined : Number(persistent || defaultPersistence),
    netmask: given.get('netmask'),
    engine: given.get('engine'),
    onePacket: given.has('onePacket'),
    destinations: [],
    line,
  });
  return undefined;
}

function addServer(given: Given, line: number, services: readonly Growing[]): string | undefined {
  const selected = selectorOf(given);
  if (typeof selected === 'string') return selected;
  const service = services.find(({ key }) => key === selected.key);
  if (service === undefined) return 'expected a realserver of a service above, found one of none';
  const end = readEnd(given.get('realserver') ?? '');
  if (typeof end === 'string') return end;
  const weight = Number(given.get('weight') ?? 1);
  if (!Number.isInteger(weight) || weight < 0 || weight > 65_535)
    return `expected a weight from 0 to 65535, found \`${shown(given.get('weight') ?? '')}\``;
  const forwarding = given.has('nat') ? 'nat' : given.has('tun') ? 'tun' : 'dr';
  service.destinations.push({ end, forwarding, weight, line });
  return undefined;
}

type Selected = Pick<SavedService, 'kind' | 'end' | 'mark'> & { readonly key: string };

function selectorOf(given: Given): Selected | string {
  const mark = given.get('mark');
  if (mark !== undefined) {
    if (!/^[1-9]\d{0,9}$/.test(mark)) return `expected a mark as a number above 0, found \`${shown(mark)}\``;
    return { kind: 'mark', end: undefined, mark: Number(mark), key: `${mark} ${String(given.has('ipv6'))}` };
  }
  const kind = given.has('udp') ? 'udp' : 'tcp';
  const text = given.get(kind);
  if (text === undefined)
    return 'expected the service that the line is about (`-t`, `-u` or `-f`), found none';
  const end = readEnd(text);
  if (typeof end === 'string') return end;
  return { kind, end, mark: undefined, key: `${kind} ${text}` };
}

/** `192.0.2.1:80`, `[2001:db8::1]:80`, `${VIP}:80`; a string: why it is none. */
function readEnd(text: string): SavedEnd | string {
  const [, six, four, port] =
    /^(?:\[([0-9A-Fa-f:.]+|\$\{\w+\})\]|(\d+(?:\.\d+){3}|\$\{\w+\}))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const address = six ?? four;
  if (address === undefined || Number(port ?? 0) > 65_535)
    return `expected an address and a port such as \`192.0.2.1:80\`, found \`${shown(text)}\`; \`ipvsadm -Sn\` prints numbers`;
  return { address, port: port === undefined ? undefined : Number(port) };
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
