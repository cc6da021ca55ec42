import { unknownNode } from '../checks/addressProblems.js';
import type { CrossProblem } from '../checks/problem.js';
import { type NodeCounts, nodesOf } from '../../model/nodesOf.js';
import type { Topology } from '../../model/scenario.js';
import type { ScenarioFile } from '../schema/file.js';

/** Problems of connections that are made on another node than the client. */
export function loadFromProblems(
  { load: { from }, flows }: ScenarioFile,
  layout: NodeCounts & Pick<Topology, 'localRealserver'>,
): readonly CrossProblem[] {
  if (from === undefined) return [];
  const path = ['load', 'from'];
  const problems: (CrossProblem | false)[] = [
    !mayConnect(layout).includes(from) && {
      ...{ path, at: 'value' },
      message: unknownNode(from, mayConnect(layout)),
    },
    flows !== undefined && {
      ...{ path, at: 'key' },
      message:
        "expected no `from` of the load beside `flows`, found it; flows, and the connections beside them, are the client's",
    },
    from === 'director' &&
      layout.localRealserver && {
        ...{ path, at: 'value' },
        message:
          'expected a realserver with `topology.local-realserver`, found `director`; what a director sends to itself passes no interface that is captured',
      },
    layout.directors === 2 && {
      ...{ path, at: 'key' },
      message:
        'expected no `from` of the load with `topology.directors: 2`, found it; which of them has the VIP decides what their own connections do',
    },
  ];
  return problems.filter((one) => one !== false);
}

/** The nodes on which connections can be made beside the client. */
function mayConnect(layout: NodeCounts): readonly string[] {
  return nodesOf(layout)
    .filter(({ name, role }) => name === 'director' || role === 'realserver')
    .map(({ name }) => name);
}
