import { listScenarios } from '../../../src/scenario/library/library.js';
import { describeRunOf } from '../support/describeRunOf.js';
import { isLongStorm } from '../support/libraryCheck.js';
import { sampleOf } from '../support/librarySample.js';

// Its twins, where something is broken and the verdict changes, are in verdict.test.ts and mutations.test.ts.
describeRunOf(
  'a sample of the library',
  sampleOf((await listScenarios()).filter((scenario) => !isLongStorm(scenario))),
);
