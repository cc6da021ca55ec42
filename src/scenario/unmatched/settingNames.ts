import type { Unmatched } from '../model/unmatchedName.js';
import { interfacesOf } from './lab/nodeFacts.js';
import type { Checked, Part } from './parts.js';
import { sysctlText } from './sentences.js';
import { sysctlProblem } from './lab/sysctlProblem.js';

/** Sysctls that no kernel has, or of interfaces that the nodes do not have. */
export function namesInSysctls(
  { role, path, sysctls }: Part,
  { scenario, placeOf }: Checked,
): readonly Unmatched[] {
  const interfaces = interfacesOf(role, scenario);
  return Object.keys(sysctls).flatMap((key): Unmatched[] => {
    const problem = sysctlProblem(key, interfaces);
    if (problem === undefined) return [];
    const { kind, name } = problem;
    const message =
      kind === 'interface'
        ? `the lab's ${role} has no interface \`${name}\` (it has ${interfaces.join(', ')}): a run ends when it comes to set \`${key}\``
        : sysctlText(problem);
    return [{ kind, name, place: placeOf([...path, 'sysctls', key]), lines: [], message, counts: false }];
  });
}

/** A node's rules that are all of the other family see none of the service's packets. */
export function otherFamily(
  { role, path, rules }: Part,
  { scenario: { topology }, placeOf }: Checked,
): readonly Unmatched[] {
  const [other, key, right] =
    topology.family === 'ipv6'
      ? (['IPv4', 'rules', 'rules6'] as const)
      : (['IPv6', 'rules6', 'rules'] as const);
  if (
    rules[key] === undefined ||
    rules[right] !== undefined ||
    rules.nftables !== undefined ||
    rules.commands.length > 0
  )
    return [];
  const message = `the rules of the ${role} are ${other}'s, and the service is ${topology.family === 'ipv6' ? 'IPv6' : 'IPv4'}: they see none of its packets. Its own go under \`${right}\``;
  return [{ kind: 'family', name: other, place: placeOf([...path, key]), lines: [], message, counts: true }];
}

/** Reports a director whose rules name ports, but no port of the service. */
export function otherPorts(
  { role, path, filters }: Part,
  { scenario: { topology }, placeOf }: Checked,
): readonly Unmatched[] {
  if (role !== 'director' || path[0] === 'events') return [];
  const rules = [...filters.sources.keys()].filter(({ asked }) =>
    asked.some((one) => one.kind === 'protocol' && one.names.includes('tcp')),
  );
  const ranges = rules.flatMap(({ asked }) =>
    asked.flatMap((one) => (one.kind === 'ports' && one.side !== 'source' ? one.ranges : [])),
  );
  const served = topology.services.map(({ port }) => port);
  if (ranges.length === 0 || ranges.some(([from, to]) => served.some((port) => from <= port && port <= to)))
    return [];
  const named = [
    ...new Set(ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`))),
  ].slice(0, 8);
  const message = `the director's rules name the TCP ports ${named.join(', ')} and none of the service (${served.join(', ')}): say what it serves with \`topology.services\``;
  return [{ kind: 'port', name: served.join(', '), place: placeOf(path), lines: [], message, counts: false }];
}
