import { nearest } from '../../../support/suggest.js';
import { sysctlNames } from './sysctlNames.js';

/** A sysctl of an interface: what comes before its name, the name, what comes after it. */
const ofInterface = /^(net\.ipv[46]\.(?:conf|neigh)\.)(.+)(\.[^.]+)$/;

/** Interfaces of every kernel with tunnels, and the words that sysctls have for all of them. */
export const builtInInterfaces: readonly string[] = ['tunl0', 'ip6tnl0', 'all', 'default'];

/** What is wrong with a sysctl's name. */
export interface SysctlProblem {
  readonly kind: 'interface' | 'sysctl';
  readonly name: string;
  /** The name that was probably meant; undefined: none is close. */
  readonly meant: string | undefined;
}

/** What is wrong with a sysctl's name, given with dots: no kernel has it, or the node lacks its interface. Undefined: nothing. */
export function sysctlProblem(key: string, interfaces: readonly string[]): SysctlProblem | undefined {
  const [, before = '', device, after = ''] = ofInterface.exec(key) ?? [];
  const general =
    device === undefined ? key.replace(/^(net\.netfilter\.nf_log\.)\d+$/, '$1*') : `${before}*${after}`;
  if (!sysctlNames.includes(general)) {
    const meant = nearest(general, sysctlNames);
    return { kind: 'sysctl', name: key, meant: device === undefined ? meant : meant?.replace('*', device) };
  }
  if (device === undefined || [...builtInInterfaces, ...interfaces].includes(device.replaceAll('/', '.')))
    return undefined;
  return { kind: 'interface', name: device.replaceAll('/', '.'), meant: undefined };
}
