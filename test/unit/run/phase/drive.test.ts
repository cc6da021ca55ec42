import { expect, it } from 'vitest';
import { drivingIn } from '../../../../src/run/phase/drive.js';
import type { Plan } from '../../../../src/scenario/model/planTypes.js';
import { planOf } from '../../scenario/planning.js';

type Lab = Parameters<typeof drivingIn>[0];
const [agent, clientAgent] = ['there', 'client'] as unknown as Lab['agent'][];

it.each([
  ['control', 'client', 'own'],
  ['measured', 'there', 'other'],
  ['traced', 'there', 'other'],
] as const)('the connections of the %s run are made by the program of %s', async (phase, by, target) => {
  const plan = await planOf();
  const drive = { ...plan.drive, target: 'other' };
  const controlDrive = { ...plan.drive, target: 'own' };
  const lab = (part: Partial<Plan>): Lab => ({
    agent: agent!,
    clientAgent: clientAgent!,
    plan: { ...plan, ...part },
  });
  const driving = drivingIn(lab({ drive, controlDrive }), phase);
  expect([driving.agent, driving.order.target]).toEqual([by, target]);
  // Where the control run has no order of its own, it has the same.
  expect(drivingIn(lab({ drive }), phase).order).toBe(drive);
});
