import { didYouMean } from '../../../support/suggest.js';

/** What a line that none of these readers understands should have been. */
export const lineExpected = 'expected a line of `ipvsadm -Sn`, which begins with `-A` or `-a`';

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

/** Those of scripts and of services that a lab cannot have. */
const foreign = {
  edit: { names: ['-E', '--edit-service'], takes: 'nothing' },
  editServer: { names: ['-e', '--edit-server'], takes: 'nothing' },
  sctp: { names: ['--sctp-service'], takes: 'value' },
  numeric: { names: ['-n', '--numeric'], takes: 'nothing' },
  most: { names: ['-x', '--u-threshold'], takes: 'value' },
  least: { names: ['-y', '--l-threshold'], takes: 'value' },
  tunnel: { names: ['--tun-type'], takes: 'value' },
  tunnelPort: { names: ['--tun-port'], takes: 'value' },
  tunnelSum: { names: ['--tun-nocsum', '--tun-csum', '--tun-remcsum'], takes: 'nothing' },
} as const;

const all = { ...options, ...foreign };

type OptionName = keyof typeof all;

const namesOf = (of: Partial<typeof all>) =>
  new Map(
    Object.entries(of).flatMap(([key, { names }]) =>
      names.map((name) => [name as string, key as OptionName] as const),
    ),
  );
const ofLabs = namesOf(options);
const ofSites = namesOf(all);

/** Options by their own names, each with its value; of one that takes none it is empty. */
export type OptionValues = ReadonlyMap<OptionName, string>;

/**
 * The options of a line with their values; a string: why it cannot be read. An unknown option is refused in what a lab is to have (`lab`), and
 * told to `passOver` in what sites have (`site`).
 */
export function readOptions(
  words: readonly string[],
  of: 'lab' | 'site',
  passOver: (word: string) => void,
): OptionValues | string {
  const given = new Map<OptionName, string>();
  const known = of === 'lab' ? ofLabs : ofSites;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const name = known.get(word);
    if (name === undefined) {
      if (index === 0) return `${lineExpected}, found \`${shown(words.join(' '))}\``;
      if (of === 'site') {
        passOver(word);
        continue;
      }
      const suggestion = word.startsWith('--') ? didYouMean(word, [...known.keys()]) : '';
      return `expected an option of \`ipvsadm -Sn\` that the lab can have, found \`${shown(word)}\`${suggestion}`;
    }
    const next = words[index + 1];
    const { takes } = all[name];
    if (takes === 'value' && next === undefined) return `expected a value behind \`${word}\`, found none`;
    const takesNext = takes === 'value' || (takes === 'number' && next !== undefined && /^\d+$/.test(next));
    given.set(name, takesNext ? (next ?? '') : '');
    if (takesNext) index += 1;
  }
  return given;
}

/** Commands of scripts that are about no service, by what they do. */
const others: Readonly<Record<string, 'empties' | 'times' | 'else'>> = {
  ...{ '-C': 'empties', '--clear': 'empties', '--set': 'times' },
  ...{ '--start-daemon': 'else', '--stop-daemon': 'else' },
};

/** What a line does that is about no service; undefined: it is about one. */
export function otherCommand(words: readonly string[]): 'empties' | 'times' | 'else' | undefined {
  const [first = ''] = words;
  return Object.hasOwn(others, first) ? others[first] : undefined;
}

/** A text of the line, as much of it as a message has room for. */
export function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
