import type { UnmatchedName } from '../model/unmatchedName.js';
import { interfacesOf } from './lab/nodeFacts.js';
import { type Checked, type Part, placeIn } from './parts.js';
import type { PortRange } from '../syntax/ports.js';
import type { Condition } from './rules/rule.js';
import { servedRanges } from './lab/packetsAtHooks.js';
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

/** Reports the rules of a director that name ports, where none names a port of the service. */
export function otherPorts(part: Part, checked: Checked): readonly UnmatchedName[] {
  const { role, path, filters } = part;
  if (role !== 'director' || path[0] === 'events') return [];
  const found = [...filters.sources].map(([{ asked }, source]) => ({ source, ranges: tcpPorts(asked) }));
  const ranges = found.flatMap((one) => one.ranges);
  const served = servedRanges(checked.scenario.topology);
  if (ranges.some(([from, to]) => served.some(([first, last]) => from <= last && first <= to))) return [];
  const named = [...new Set(ranges.map(rangeText))].slice(0, 8);
  const own = served.map(rangeText).join(', ');
  const message = `the director's rules name the TCP ports ${named.join(', ')} and none of the service (${own}): say what it serves with \`topology.services\``;
  return found
    .filter((one) => one.ranges.length > 0)
    .map(({ source }) => {
      const place = placeIn(part, source, checked);
      return { kind: 'port', name: own, place, lines: [], message, counts: false };
    });
}

function rangeText([from, to]: PortRange): string {
  return from === to ? String(from) : `${from}-${to}`;
}

/** The destination ports that a rule about TCP asks for. */
function tcpPorts(asked: readonly Condition[]): readonly PortRange[] {
  if (!asked.some((one) => one.kind === 'protocol' && one.names.includes('tcp'))) return [];
  return asked.flatMap((one) => (one.kind === 'ports' && one.side !== 'source' ? one.ranges : []));
}
