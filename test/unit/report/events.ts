import type { LabEvent } from '../../../src/run/model/labEvents.js';
import { LabError } from '../../../src/support/errors.js';
import { flowSecond } from '../evidence/flowSamples.js';
import { identity, passed } from './samples.js';

const scenario = 'close/server-first';

/** One event of each kind, in an order that could happen. */
export const story: readonly LabEvent[] = [
  { type: 'engine-note', message: 'took vm: this kernel has no IPVS' },
  { type: 'engine-step', step: 'booting the guest', state: 'started' },
  {
    ...{ type: 'engine-download', step: 'booting the guest', isOver: true },
    ...{ bytes: 60_817_408, total: 60_817_408, bytesPerSecond: 3_145_728 },
  },
  { type: 'engine-step', step: 'booting the guest', state: 'finished', seconds: 23.04 },
  { type: 'engine-ready', identity, seconds: 23.5 },
  { type: 'left-out', why: 'takes-minutes', scenarios: ['load/rst-storm', 'load/story'] },
  { type: 'estimated', scenarios: 1, jobs: 1, unknown: 0, seconds: 80 },
  { type: 'run-started', runId: 'k3v9q2xa', directory: '/tmp/r', scenarios: [scenario], lanes: 1 },
  { type: 'scenario-started', scenario, title: 'The director refuses the FIN' },
  { type: 'control-kept', scenario },
  { type: 'stage-started', scenario, stage: 'measured' },
  { type: 'flows', scenario, phase: 'measured', requested: 4, second: flowSecond() },
  { type: 'stage-finished', scenario, stage: 'measured', seconds: 61.2 },
  { type: 'scenario-finished', scenario, verdict: passed, directory: '/tmp/r/s', seconds: 80 },
  {
    type: 'scenario-broke',
    scenario,
    error: new LabError('QEMU was killed'),
    directory: '/tmp/r/s',
    seconds: 3,
  },
  { type: 'cleanup-problem', what: 'network lvs-lab-k3v9q2xa', error: new Error('timeout') },
  { type: 'run-finished', runId: 'k3v9q2xa', directory: '/tmp/r', seconds: 90 },
];
