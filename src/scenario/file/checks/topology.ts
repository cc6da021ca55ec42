import { addressProblems, unknownNode } from './addresses.js';
import { nodeNames } from './layout.js';
import type { CrossProblem } from './problem.js';
import { type AnyMap, isMap } from './values.js';

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
    ...addressProblems(topology),
    ...sideProblems(topology),
  ];
}

/** What comes from realservers is known by their addresses, and replies through the director have the VIP's. */
function sideProblems({ sides, replies }: AnyMap): CrossProblem[] {
  if (!isMap(sides) || replies !== 'director' || sides['clients'] === sides['realservers']) return [];
  const message =
    'expected one interface for both sides with `replies: director`, found two; the lab tells what realservers send by their addresses, and these replies have the VIP as their source';
  return [{ path: ['sides'], at: 'key', message }];
}

function networkProblems({ forwarding, network, replies }: AnyMap): CrossProblem[] {
  if (forwarding === 'nat' && network === 'flat') {
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
  if (network === 'routed') return [];
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

function serviceProblems({ services }: AnyMap): CrossProblem[] {
  if (!Array.isArray(services)) return [];
  const all = services.map((service: unknown) => (isMap(service) ? service : {}));
  return all.flatMap((service, index) => {
    const earlier = all.slice(0, index);
    return [...portProblem(service, index, earlier), ...markProblem(service, index, earlier)];
  });
}

function portProblem({ port }: AnyMap, index: number, earlier: readonly AnyMap[]): CrossProblem[] {
  if (typeof port !== 'number' || !earlier.some((other) => other['port'] === port)) return [];
  const message = `expected a port of its own, found \`${port}\`, which an earlier service has`;
  return [{ path: ['services', index, 'port'], at: 'value', message }];
}

/** Refuses services with one mark that are balanced differently: the kernel has one service per mark. */
function markProblem(service: AnyMap, index: number, earlier: readonly AnyMap[]): CrossProblem[] {
  const mark = service['fwmark'];
  if (typeof mark !== 'number') return [];
  const same = earlier.find((other) => other['fwmark'] === mark);
  if (same === undefined) return [];
  const key = ['scheduler', 'persistent'].find((one) => same[one] !== service[one]);
  if (key === undefined) return [];
  const message = `expected the same \`${key}\` as the earlier service with this mark, found another; services with one mark are one service`;
  return [{ path: ['services', index, 'fwmark'], at: 'key', message }];
}

function linkProblems(topology: AnyMap): CrossProblem[] {
  const names = nodeNames(topology);
  const { links } = topology;
  if (names === undefined || !isMap(links)) return [];
  return Object.keys(links)
    .filter((name) => !names.includes(name))
    .map((name) => ({ path: ['links', name], at: 'key', message: unknownNode(name, names) }));
}
