import { iptablesFlavours } from '../../src/contracts/words/nodes.js';
import { withIptables } from '../../src/scenario/library/withIptables.js';
import type { Scenario } from '../../src/scenario/model/scenario.js';
import { makeShape } from '../../src/scenario/plan/shape.js';
import { LabError } from '../../src/support/errors.js';
import type { Recorded } from './recorded.js';
import type { ScaleMatrix } from './simulate.js';

/** Names and networks that stand for all there may be, so that shapes are equal where their labs are. */
const anyLab = { runId: 'any', lab: 1, subnets: { lan: '198.18.0.0/24', front: '198.18.1.0/24' } };

/** The recorded scenarios, with both flavours, on so many kernels and images; shapes are those that the lab makes. Throws LabError where the library has not one of them. */
export function matrixOf(
  recorded: Recorded,
  library: readonly Scenario[],
  { kernels, images }: Pick<ScaleMatrix, 'kernels' | 'images'>,
): ScaleMatrix {
  const jobs = Object.entries(recorded.scenarios).flatMap(([id, seconds]) => {
    const scenario = library.find((one) => one.id === id);
    if (scenario === undefined)
      throw new LabError(`expected the recorded scenario ${id} in the library, found none of that name`, {
        hint: 'record anew: npm run bench:scale -- --help',
      });
    return iptablesFlavours.map((flavour) => ({
      name: `${id}@${flavour}`,
      shape: JSON.stringify(makeShape(withIptables(scenario, flavour), anyLab)),
      seconds,
    }));
  });
  return { kernels, images, jobs };
}
