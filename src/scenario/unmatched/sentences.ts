import type { Lacking } from './lacking.js';

/** Says, of something that nodes of a role do not have, what that means for a rule that names it. */
export function lackingSentence(
  { kind, name, how }: Lacking,
  role: string,
  interfaces: readonly string[],
): string {
  const nodes = `the lab's ${role}`;
  switch (kind) {
    case 'interface':
      return `${nodes} has no interface \`${name}\` (it has ${interfaces.join(', ')}): ${consequence(how)}`;
    case 'address':
      return how === 'unknown'
        ? `whether the lab has an address in \`${name}\` depends on the network that a run takes: fix it with \`topology.subnet\``
        : `nobody in the lab has an address in \`${name}\`: ${consequence(how)}`;
    case 'set':
      return how === 'unmade'
        ? `nobody makes the set \`${name}\` on ${nodes}: a run ends where its rules are refused`
        : `nobody in the lab has an address in the set \`${name}\`: ${consequence(how)}`;
    case 'mark':
      return `nothing on ${nodes} sets the mark \`${name}\`: ${consequence(how)}`;
    case 'user':
      return `no program on ${nodes} runs as \`${name}\`, all are root's: ${consequence(how)}`;
  }
}

function consequence(how: Lacking['how']): string {
  switch (how) {
    case 'always':
      return 'a rule that asks for another is met by every packet';
    case 'partly':
      return 'that part of a list can match nothing';
    case 'cannot':
    case 'unknown':
    case 'unmade':
      return 'a rule that asks for it can match nothing';
  }
}
