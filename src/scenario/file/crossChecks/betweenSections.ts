import { clientContradictions } from '../../../contracts/agents/loadContradictions.js';
import { roles } from '../../../contracts/words/nodes.js';
import { type NodeCounts, nodesOf, servingNodes } from '../../model/nodesOf.js';
import { serviceName } from '../../model/virtualServices.js';
import { didYouMean } from '../../../support/suggest.js';
import { placeholderNames } from '../../plan/commands/placeholders.js';
import type { ScenarioFile } from '../schema/file.js';
import type { Topology } from '../../model/scenario.js';
import { unknownNode } from '../checks/addressProblems.js';
import { toServices } from '../services/toServices.js';
import { layoutOf } from '../checks/layout.js';
import { loadFromProblems } from './loadFrom.js';
import { flowProblems } from './flowProblems.js';
import { placeholderProblems } from './placeholderProblems.js';
import type { NodeTexts } from './nodeTexts.js';
import type { CrossProblem } from '../checks/problem.js';
import { signalProblems } from './signal.js';
import { durationText } from '../../../support/duration.js';

type ServingLayout = NodeCounts & Pick<Topology, 'localRealserver' | 'vips'>;

/** All contradictions between sections that are valid by themselves. */
export function scenarioProblems(file: ScenarioFile): readonly CrossProblem[] {
  const { topology } = file;
  const layout: ServingLayout = {
    network: layoutOf(topology),
    vips: topology.vips,
    directors: topology.directors,
    realservers: topology.realservers,
    localRealserver: topology['local-realserver'],
  };
  return [
    ...routerProblems(file, layout),
    ...nodeProblems(file, layout),
    ...file.events.flatMap((event, index) => eventProblems(event, index, layout)),
    ...textProblems(file, layout),
    ...loadProblems(file),
    ...targetProblems(file),
    ...timeProblems(file),
    ...expectProblems(file),
    ...expectedNodes(file, layout),
    ...signalProblems(file),
    ...flowProblems(file),
    ...loadFromProblems(file, layout),
  ];
}

function routerProblems(
  { router, expect: { signal } }: ScenarioFile,
  { network }: ServingLayout,
): CrossProblem[] {
  if (network === 'routed') return [];
  const problems: CrossProblem[] = [];
  if (router !== undefined) {
    const message =
      'expected a `router` section with `topology.network: routed` only, found it in a flat network';
    problems.push({ path: ['router'], at: 'key', message });
  }
  if (signal !== undefined && signal.kind !== 'silence' && signal.from === 'router') {
    const path =
      signal.kind === 'icmp' ? ['expect', 'signal', 'from'] : ['expect', 'signal', 'tcp-reset', 'from'];
    const message =
      'expected a sender of this topology, found `router`; there is one with `topology.network: routed` only';
    problems.push({ path, at: 'value', message });
  }
  return problems;
}

function nodeProblems({ nodes }: ScenarioFile, layout: ServingLayout): CrossProblem[] {
  const names = nodesOf(layout).map(({ name }) => name);
  return Object.keys(nodes)
    .filter((name) => !names.includes(name))
    .map((name) => ({ path: ['nodes', name], at: 'key', message: unknownNode(name, names) }));
}

function eventProblems(
  { on, do: action }: ScenarioFile['events'][number],
  index: number,
  layout: ServingLayout,
): CrossProblem[] {
  const problem = (message: string): CrossProblem[] => [
    { path: ['events', index, 'on'], at: 'value', message },
  ];
  const names = nodesOf(layout).map(({ name }) => name);
  if (!names.includes(on)) return problem(unknownNode(on, names));
  const serving = servingNodes(layout);
  if (action === 'stop-server' && !serving.includes(on)) {
    return problem(
      `expected a node that serves (${serving.join(', ')}) for \`stop-server\`, found \`${on}\``,
    );
  }
  if (action === 'take-vip' && on !== 'director2') {
    return problem(
      `expected \`director2\` (with \`topology.directors: 2\`) for \`take-vip\`, found \`${on}\`; the director has the VIP from the start`,
    );
  }
  return [];
}

function textProblems(file: ScenarioFile, layout: ServingLayout): CrossProblem[] {
  const known = placeholderNames(layout);
  return [
    ...roles.flatMap((role) => placeholderProblems(file[role] ?? {}, [role], known)),
    ...Object.entries(file.nodes).flatMap(([name, texts]) =>
      placeholderProblems(withoutNull(texts), ['nodes', name], known),
    ),
    ...file.events.flatMap((event, index) => placeholderProblems(event, ['events', index], known)),
  ];
}

/** A node's own texts, without those that it does not take from its role. */
function withoutNull(texts: ScenarioFile['nodes'][string]): NodeTexts {
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== null));
}

/** Combinations of load keys that no client of the lab supports. */
function loadProblems({ load }: ScenarioFile): CrossProblem[] {
  return clientContradictions(load).map((one) => ({ ...one, path: ['load', ...one.path] }));
}

/** Refuses a load on services that the topology does not have. */
function targetProblems({ load, topology }: ScenarioFile): CrossProblem[] {
  const { to = [], datagrams } = load;
  const services = toServices(topology);
  const known = services.map(serviceName);
  const wanted = datagrams === undefined ? 'tcp' : 'udp';
  const isWanted = ({ protocol }: (typeof services)[number]) => (protocol ?? 'tcp') === wanted;
  if (services.length > 0 && !services.some(isWanted)) {
    const message =
      wanted === 'tcp'
        ? 'expected `datagrams` in a load on services of UDP, found none'
        : 'expected a service of UDP (`protocol: udp`) for `datagrams`, found none';
    return [{ path: ['load', ...(datagrams === undefined ? [] : ['datagrams'])], at: 'key', message }];
  }
  return to.flatMap((name, index) => {
    const named = services.find((service) => serviceName(service) === name);
    if (named !== undefined && !isWanted(named)) {
      const message = `expected a service of ${wanted.toUpperCase()}, as the load ${datagrams === undefined ? 'has no' : 'has'} \`datagrams\`, found \`${name}\``;
      return [{ path: ['load', 'to', index], at: 'value' as const, message }];
    }
    if (named !== undefined) return [];
    const message = `expected a service of this topology (${known.join(', ')}), found \`${name}\`${didYouMean(name, known)}`;
    return [{ path: ['load', 'to', index], at: 'value' as const, message }];
  });
}

/** Refuses a load that cannot end in time. Connections overlap, so it takes at least its openings and its longest wait. */
function timeProblems({ load, deadlines: { drive } }: ScenarioFile): CrossProblem[] {
  const {
    connections,
    every,
    later,
    idle,
    rate,
    upload,
    download,
    think = 0,
    close,
    datagrams,
    requests,
  } = load;
  const transfer = rate === 0 ? 0 : (upload + download) / rate;
  const pauses = (requests - 1) * (datagrams?.pause ?? 0);
  const openings =
    (connections - 1) * every + (later === undefined ? 0 : later.after + (later.connections - 1) * every);
  const least = openings + idle + transfer + think + close.after + pauses;
  if (least <= drive) return [];
  const message = `expected a load that can be over within \`deadlines.drive\`, ${durationText(drive, 'set')}, found one that takes ${durationText(Math.ceil(least), 'set')} or longer`;
  return [{ path: ['load'], at: 'key', message }];
}

/** Problems of expectations about nodes that the topology does not have, or that do not serve. */
function expectedNodes({ expect }: ScenarioFile, layout: ServingLayout): CrossProblem[] {
  const of = (key: 'realservers' | 'sockets', names: readonly string[]): CrossProblem[] =>
    Object.keys(expect[key] ?? {})
      .filter((name) => !names.includes(name))
      .map((name) => ({ path: ['expect', key, name], at: 'key', message: unknownNode(name, names) }));
  return [
    ...of('realservers', servingNodes(layout)),
    ...of(
      'sockets',
      nodesOf(layout).map(({ name }) => name),
    ),
  ];
}

function expectProblems({ flows, load, expect }: ScenarioFile): CrossProblem[] {
  const atLeast = expect.connections?.atLeast;
  const unknown = 'expected a `flows` section beside `expect.flows`, found none';
  const noneLater = 'expected connections in `load.later` beside `expect.later`, found none';
  return [
    ...(load.later === undefined && expect.later !== undefined
      ? [{ path: ['expect', 'later'], at: 'key' as const, message: noneLater }]
      : []),
    ...(flows === undefined && expect.flows !== undefined
      ? [{ path: ['expect', 'flows'], at: 'key' as const, message: unknown }]
      : []),
    ...(atLeast !== undefined && atLeast > load.connections
      ? [
          {
            path: ['expect', 'connections', 'at-least'],
            at: 'value' as const,
            message: `expected no more than the ${load.connections} of \`load.connections\`, found ${atLeast}`,
          },
        ]
      : []),
  ];
}
