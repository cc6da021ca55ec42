import type { NodeFacts } from './nodeFacts.js';
import type { PacketKind } from './packetsAtHooks.js';
import type { PortRange } from '../../syntax/ports.js';
import type { MatchTerm, Condition, Rule } from '../rules/rule.js';

/** Whether packets of a kind meet a condition, as far as that is known before there are any. */
type Match = 'never' | 'perhaps' | 'always';

/** Whether a rule can take packets of the kind, what the node lacks left out of account. */
export function canMatch({ asked }: Rule, passing: PacketKind, node: NodeFacts): Match {
  const each = asked.map((one) => holding(one, passing, node));
  return allHold(each);
}

function allHold(each: readonly Match[]): Match {
  if (each.includes('never')) return 'never';
  return each.every((one) => one === 'always') ? 'always' : 'perhaps';
}

function holding(asked: MatchTerm, passing: PacketKind, node: NodeFacts): Match {
  const found = plainly(asked, passing, node);
  if (!asked.negated || found === 'perhaps') return found;
  return found === 'always' ? 'never' : 'always';
}

function plainly(asked: Condition, passing: PacketKind, node: NodeFacts): Match {
  switch (asked.kind) {
    case 'protocol':
      return asked.names.some((name) => passing.protocols.includes(name)) ? 'always' : 'never';
    case 'ports': {
      if (passing.ports === undefined) return 'never';
      const { source, destination } = passing.ports;
      const sides = { source: [source], destination: [destination], either: [source, destination] }[
        asked.side
      ];
      const each = sides.map((ports) => portsHold(asked.ranges, ports));
      return each.includes('always') ? 'always' : each.includes('perhaps') ? 'perhaps' : 'never';
    }
    case 'interface': {
      if (asked.way === 'bridge') return 'perhaps';
      const devices = asked.way === 'in' ? passing.comesIn : passing.goesOut;
      const has = (device: string) =>
        asked.names.some(
          (name) => name === device || (name.endsWith('*') && device.startsWith(name.slice(0, -1))),
        );
      if (devices.every(has)) return 'always';
      // The service's packets never come by these; what is not there is what this is about.
      return asked.names.every((name) => ['lo', ...node.aside].includes(name)) ? 'never' : 'perhaps';
    }
    case 'address':
      return asked.ranges.some((range) => /^(?:0\.0\.0\.0|::)\/0$/.test(range)) ? 'always' : 'perhaps';
    case 'tuples': {
      const each = asked.tuples.map((tuple) => allHold(tuple.map((one) => plainly(one, passing, node))));
      return each.includes('always') ? 'always' : each.every((one) => one === 'never') ? 'never' : 'perhaps';
    }
    case 'family':
      return asked.families.includes(passing.family) ? 'always' : 'never';
    case 'mark':
    case 'set':
    case 'mac':
    case 'user':
    case 'group':
    case 'devgroup':
    case 'realm':
    case 'cgroup':
    case 'state':
    case 'other':
      return 'perhaps';
  }
}

function portsHold(ranges: readonly PortRange[], ports: readonly PortRange[]): Match {
  const isWithin = ([from, to]: PortRange) => ranges.some(([first, last]) => first <= from && to <= last);
  if (ports.every(isWithin)) return 'always';
  const meets = ([from, to]: PortRange) => ranges.some(([first, last]) => first <= to && from <= last);
  return ports.some(meets) ? 'perhaps' : 'never';
}
