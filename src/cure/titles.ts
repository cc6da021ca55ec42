import type { Method } from './candidates/changes.js';

const titles: Readonly<Record<Method | 'tracking', string>> = {
  'by-flags':
    'accept what is refused of the service by its TCP flags, or else by its state, before the line that refuses it',
  'by-state': 'accept what is refused of the service by its state, before the line that refuses it',
  'port-rule-states': "accept more states by the rules of the service's port",
  'port-rule-without-state': "accept the service's port whatever the state",
  'by-address': "accept the service's address and port whatever the state, before the line that refuses them",
  'port-rule-first': "put the rule of the service's port before the one that refuses",
  'drop-last': "put the rule that refuses behind those of the service's port",
  'drop-narrowed': "let the rule that refuses ask for other addresses than the service's",
  untracked: 'keep conntrack from looking at the service, and accept what is UNTRACKED',
  tracking: 'let IPVS keep entries of conntrack: net.ipv4.vs.conntrack=1',
};

/** What a cure does, in words. */
export function titleOf(way: Method | 'tracking'): string {
  return titles[way];
}

/** What a cure brings beside what it lets in. */
export function costsOf(way: Method | 'tracking'): readonly string[] {
  if (way === 'tracking')
    return [
      'the director keeps an entry of conntrack for each connection: memory, and a table that can be full (net.netfilter.nf_conntrack_max)',
      'rules for ESTABLISHED and RELATED take packets of the services from now on',
    ];
  if (way === 'untracked')
    return [
      'rules for NEW, ESTABLISHED and INVALID take no packet of the service any more, and nat does not see it',
    ];
  return [];
}
