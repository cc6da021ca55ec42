import { listScenarios } from '../../src/scenario/library/library.js';
import { describeRunOf } from '../integration/support/describeRunOf.js';
import { isLongStorm } from '../integration/support/libraryCheck.js';

const scenarios = await listScenarios();

describeRunOf(
  'the library but for its long storms',
  scenarios.filter((scenario) => !isLongStorm(scenario)),
);
describeRunOf('the long storms of the library', scenarios.filter(isLongStorm));
