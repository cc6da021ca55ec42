/** Whether this machine has a thing that the lab needs. `warning`: the lab can do without, and not as well. */
export const requirementStates = ['ok', 'missing', 'warning'] as const;
export type RequirementState = (typeof requirementStates)[number];
