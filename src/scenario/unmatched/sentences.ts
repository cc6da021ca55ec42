import type { Family } from '../../contracts/words/network.js';
import type { KeptName } from '../network/interfaceNames.js';
import type { UnmatchedTerm } from './lab/unmatchedTerm.js';
import type { SysctlProblem } from './lab/sysctlProblem.js';

/** Something unmatched, of a rule, or as a command names it; `computed`: a shell makes the name as it runs. */
type Named = Omit<UnmatchedTerm, 'how'> & { readonly how: UnmatchedTerm['how'] | 'command' | 'computed' };

/** Says that a role's rules are of the other address family than the service; `hint` says under which key rules of the service's family go. */
export function otherFamilyText(rules: string, service: Family, hint: string): string {
  return `${rules}, and the service is ${familyText(service)}: they see none of its packets. Its own go ${hint}`;
}

/** Says that no packet comes to a role's rules: to a table of iptables, or to those of nft. */
export function uncalledText(role: string, table: string | undefined): string {
  const [chain, tool] =
    table === undefined
      ? ['a chain with a hook (`type filter hook input ...`)', 'nft list ruleset']
      : [`a chain of table ${table} that the kernel calls (INPUT, ...)`, 'iptables-save'];
  return `no packet comes to these rules of the ${role}: there is not ${chain}, so they are a part of a site's; give all that \`${tool}\` prints`;
}

/** A family as people write it. */
export function familyText(family: Family): string {
  return family === 'ipv4' ? 'IPv4' : 'IPv6';
}

/** Says what it means for a rule that it names something that the nodes of a role do not have. */
export function unmatchedMessageText(
  { kind, name, how }: Named,
  role: string,
  interfaces: readonly string[],
): string {
  const nodes = `the lab's ${role}`;
  switch (kind) {
    case 'interface':
      return how === 'computed'
        ? `what interface \`${name}\` is can be told only when the shell runs: one that ${nodes} does not have would match nothing (it has ${interfaces.join(', ')})`
        : `${nodes} has no interface \`${name}\` (it has ${interfaces.join(', ')}): ${how === 'unmade' ? 'a chain or flowtable of it is refused, or sees no packet' : consequence(how)}`;
    case 'address':
      return how === 'unknown'
        ? `whether the lab has an address in \`${name}\` depends on the network that a run takes: fix it with \`topology.subnet\``
        : `nobody in the lab has an address in \`${name}\`: ${consequence(how)}`;
    case 'mac':
      return `nobody in the lab has the hardware address \`${name}\`: ${consequence(how)}`;
    case 'set':
      return how === 'unmade'
        ? `nobody makes the set \`${name}\` on ${nodes}: a run ends where its rules are refused`
        : `nobody in the lab is in the set \`${name}\`: ${consequence(how)}`;
    case 'mark':
      return `nothing on ${nodes} sets the mark \`${name}\`: ${consequence(how)}`;
    case 'devgroup':
      return `no interface of ${nodes} is in the group \`${name}\`: ${consequence(how)}`;
    case 'realm':
      return `no route of ${nodes} has the realm \`${name}\`: ${consequence(how)}`;
    case 'cgroup':
      return `no program on ${nodes} is in the control group \`${name}\`: ${consequence(how)}`;
    case 'user':
    case 'group':
      return `no program on ${nodes} runs as ${kind === 'group' ? 'the group ' : ''}\`${name}\`, all are root's: ${consequence(how)}`;
  }
}

function consequence(how: Named['how']): string {
  switch (how) {
    case 'always':
      return 'a rule that asks for another is met by every packet';
    case 'partly':
      return 'that part of a list can match nothing';
    case 'target':
      return 'packets that a rule sends there, or as if they came from there, get no answer';
    case 'command':
      return 'a command that names it fails, or does nothing for the service';
    case 'cannot':
    case 'unknown':
    case 'unmade':
    case 'computed':
      return 'a rule that asks for it can match nothing';
  }
}

/** Says why a name below `interfaces:` is kept as it is in a place. */
export function keptNameText({ name, why }: KeptName, meant: string): string {
  const because = {
    variable: 'the variable that it comes from is used for something else, too',
    'put together': 'the shell puts it together of several parts',
    program: 'nothing is known here of the arguments of that program',
  }[why];
  return `\`${name}\` stays as it is, as it cannot be told whether it is an interface here, and \`${meant}\` in the lab: ${because}; write it out for the lab`;
}

/** Says of a set that a command needs it, and nobody makes it. */
export function unmadeText(name: string, role: string): string {
  return `nobody makes the set \`${name}\` on the lab's ${role}: ${consequence('command')}`;
}

/** Says of a user that a command needs it. */
export function noUserText(name: string, role: string): string {
  return `the lab's ${role} has no user \`${name}\`: ${consequence('command')}`;
}

/** Says of a sysctl that no kernel has it. */
export function sysctlText({ name, meant }: SysctlProblem): string {
  return `no kernel that is known here has the sysctl \`${name}\`${meant === undefined ? '' : ` (\`${meant}\`?)`}: a run ends when its kernel has none either`;
}
