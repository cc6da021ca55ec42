import type { UnmatchedName } from '../model/unmatchedName.js';
import { interfacesOf } from './lab/nodeFacts.js';
import type { Checked, Part } from './parts.js';
import { sysctlText } from './sentences.js';
import { sysctlProblem } from './lab/sysctlProblem.js';

/** Sysctls that no kernel has, or of interfaces that the nodes do not have. */
export function namesInSysctls(
  { role, path, sysctls }: Part,
  { scenario, placeOf }: Checked,
): readonly UnmatchedName[] {
  const interfaces = interfacesOf(role, scenario);
  return Object.keys(sysctls).flatMap((key): UnmatchedName[] => {
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

/** Reports a director whose rules name ports, but no port of the service. */
export function otherPorts(
  { role, path, filters }: Part,
  { scenario: { topology }, placeOf }: Checked,
): readonly UnmatchedName[] {
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
