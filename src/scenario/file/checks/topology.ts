import { addressProblems, unknownNode } from './addressProblems.js';
import { hasNat, nodeNames } from './layout.js';
import type { CrossProblem } from './problem.js';
import { serviceProblems } from './services.js';
import { type AnyMap, isMap } from './anyMap.js';

/**
 * All contradictions between the keys of the `topology` section. Takes any contents of a file, with defaults filled in; parts that are
 * invalid by themselves are skipped.
 */
export function topologyProblems(topology: unknown): readonly CrossProblem[] {
  if (!isMap(topology)) return [];
  return [
    ...networkProblems(topology),
    ...directorProblems(topology),
    ...serviceProblems(topology),
    ...linkProblems(topology),
    ...deviceProblems(topology),
    ...addressProblems(topology),
    ...sideProblems(topology),
  ];
}

/** What comes from realservers is known by their addresses, and replies through the director have the VIP's. */
function sideProblems({ devices, replies }: AnyMap): CrossProblem[] {
  const sides = isMap(devices) ? devices['director'] : undefined;
  if (!isMap(sides) || replies !== 'director' || sides['clients'] === sides['realservers']) return [];
  const message =
    'expected one interface for both sides with `replies: director`, found two; the lab tells what realservers send by their addresses, and these replies have the VIP as their source';
  return [{ path: ['devices', 'director'], at: 'value', message }];
}

function networkProblems(topology: AnyMap): CrossProblem[] {
  const { forwarding, network, replies } = topology;
  if (hasNat(topology) && network === 'flat') {
    const message =
      'expected `routed` with `forwarding: nat`, found `flat`; ' +
      "on the client's own network a realserver would answer it directly, past the director that must translate the reply";
    return [{ path: ['network'], at: 'value', message }];
  }
  if (replies !== 'director') return [];
  if (forwarding === 'nat') {
    const message =
      'expected no `replies` with `forwarding: nat`, found `director`; the replies go that way as it is';
    return [{ path: ['replies'], at: 'key', message }];
  }
  if (network === 'routed' || hasNat(topology)) return [];
  const message =
    'expected `network: routed` with `replies: director`, found a flat one; ' +
    'there the client is a neighbour of the realservers, and they would need no default route to answer it';
  return [{ path: ['replies'], at: 'value', message }];
}

function directorProblems({ sync, directors }: AnyMap): CrossProblem[] {
  if (sync !== true || directors === 2) return [];
  const message = 'expected `directors: 2` with `sync: true`, found one director, which has none to tell';
  return [{ path: ['sync'], at: 'value', message }];
}

function deviceProblems(topology: AnyMap): CrossProblem[] {
  const nodes = nodeNames(topology);
  const { devices } = topology;
  if (nodes === undefined || !isMap(devices)) return [];
  const names = [...new Set([...nodes, 'realserver'])];
  return Object.entries(devices).flatMap(([name, given]): CrossProblem[] => {
    const path = ['devices', name];
    if (!names.includes(name)) return [{ path, at: 'key', message: unknownNode(name, names) }];
    if (isMap(given) && name !== 'director') {
      const message = `expected a name, found names for two sides; only \`director\`, which stands for all directors, has them`;
      return [{ path, at: 'value', message }];
    }
    if (name === 'director2' && isMap(devices['director'])) {
      const message = 'expected a name for director2 or names for the two sides of `director`, found both';
      return [{ path, at: 'key', message }];
    }
    const list: readonly unknown[] = Array.isArray(given) ? given : [given];
    const most = name === 'router' ? 2 : 1;
    if (list.length > most) {
      const message = `expected one name, as ${name} has one interface, found ${list.length}`;
      return [{ path, at: 'value', message }];
    }
    if (new Set(list).size === list.length) return [];
    return [{ path, at: 'value', message: 'expected two names, found the same twice' }];
  });
}

function linkProblems(topology: AnyMap): CrossProblem[] {
  const names = nodeNames(topology);
  const { links } = topology;
  if (names === undefined || !isMap(links)) return [];
  return Object.keys(links)
    .filter((name) => !names.includes(name))
    .map((name) => ({ path: ['links', name], at: 'key', message: unknownNode(name, names) }));
}
