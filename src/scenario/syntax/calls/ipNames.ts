import { addressOf, after, isAddress } from './callArguments.js';
import type { ShellWord } from '../shellVariables.js';
import type { Word } from '../word.js';

/** What a call of `ip` names. */
export interface IpNames {
  readonly interfaces: readonly Word[];
  /** Of those the names that it makes. */
  readonly makes?: readonly string[];
  readonly addresses?: readonly Word[];
  /** Marks that packets are to have, with their masks. */
  readonly marks?: readonly Word[];
  /** Addresses that it gives to the node. */
  readonly gives?: readonly string[];
}

const objects: readonly string[] = [
  'link',
  'address',
  'addr',
  'route',
  'rule',
  'neighbour',
  'neighbor',
  'tunnel',
  'tuntap',
  'maddress',
];
const making: readonly string[] = ['add', 'replace', 'change', 'append', 'prepend'];
/** Words of `ip` that stand alone, where an interface's name may stand as well. */
const flags: readonly string[] = [
  ...['up', 'down', 'nomaster', 'permanent', 'primary', 'secondary', 'dynamic', 'onlink', 'noprefixroute'],
  ...['nodad', 'home', 'tentative', 'deprecated', 'pr', 'pi', 'one_queue', 'multi_queue', 'vnet_hdr'],
];

/** `ip [OPTIONS] OBJECT COMMAND ...`; objects and commands may be cut short. */
export function namesOfIp(all: readonly ShellWord[]): IpNames {
  const start = all.findIndex(
    ({ text }, index) => !text.startsWith('-') && !/^-(?:n|netns|f|family)$/.test(all[index - 1]?.text ?? ''),
  );
  const [first, ...rest] = start < 0 ? [] : all.slice(start);
  const object = objects.find((name) => name.startsWith(first?.text ?? '?')) ?? '';
  const verb = rest[0]?.text ?? 'show';
  const args = rest.slice(1);
  const named = after(['dev', 'iif', 'oif', 'master', ...(object === 'link' ? ['link'] : [])], args);
  const isMaking = making.some((name) => verb.length > 0 && name.startsWith(verb));
  switch (object) {
    case 'link':
    case 'tunnel':
    case 'tuntap': {
      const called = after(['name'], args);
      const isNamed = after(['dev'], args).length > 0 || (isMaking && called.length > 0);
      const devices = isNamed ? [] : devicesAmong(args).slice(0, 1);
      const made = isMaking ? [...called, ...devices, ...(object === 'tuntap' ? named : [])] : [];
      const isSetting = verb.startsWith('s');
      return {
        interfaces: [...named, ...called, ...devices],
        makes: [...made, ...(isSetting ? called : [])].map(({ text }) => text),
      };
    }
    case 'address':
    case 'addr': {
      const shown =
        isMaking || verb.startsWith('d') ? [] : devicesAmong(args).filter((one) => !isAddress(one));
      const given = args.filter((one, index) => index === 0 && isAddress(one));
      return {
        interfaces: [...named, ...shown.slice(0, 1)],
        gives: isMaking ? given.map(addressOf) : [],
        addresses: isMaking ? [] : given,
      };
    }
    case 'route':
      return { interfaces: named, addresses: after(['via', 'src', 'from'], args).filter(isAddress) };
    case 'rule':
      return {
        interfaces: named,
        addresses: after(['from', 'to'], args).filter(isAddress),
        marks: verb.startsWith('d') ? [] : after(['fwmark'], args),
      };
    case 'neighbour':
    case 'neighbor':
      return { interfaces: named, addresses: args.filter((one, index) => index === 0 && isAddress(one)) };
    default:
      return { interfaces: named };
  }
}

/** Arguments that are neither options, nor keywords of a setting, nor the value behind such a keyword. */
function devicesAmong(args: readonly ShellWord[]): readonly ShellWord[] {
  const found: ShellWord[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index];
    const text = word?.text ?? '';
    // What is behind these is about them.
    if (['type', 'vf', 'xdp'].includes(text)) break;
    if (flags.includes(text) || word === undefined) continue;
    if (settings.includes(text)) index += 1;
    else found.push(word);
  }
  return found;
}

const settings: readonly string[] = [
  ...[
    'dev',
    'name',
    'link',
    'master',
    'mode',
    'mtu',
    'address',
    'addr',
    'alias',
    'group',
    'netns',
    'arp',
    'multicast',
  ],
  ...[
    'allmulticast',
    'promisc',
    'txqueuelen',
    'qlen',
    'txqlen',
    'broadcast',
    'brd',
    'local',
    'remote',
    'ttl',
    'tos',
    'key',
  ],
  ...[
    'ikey',
    'okey',
    'label',
    'scope',
    'peer',
    'vrf',
    'user',
    'to',
    'metric',
    'numtxqueues',
    'numrxqueues',
    'addrgenmode',
    'index',
  ],
];
