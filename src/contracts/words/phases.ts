/**
 * The times that a scenario's load is driven: first without rules (`control`), then with them (`measured`). With `--explain` it is driven once more,
 * by as few connections as show it, while packets are followed through the rules (`traced`).
 */
export const phases = ['control', 'measured', 'traced'] as const;
export type Phase = (typeof phases)[number];

/**
 * The state of the nodes at the start of the measured run: as after a restart (`cold`), or with all that they learned in the control run
 * (`warm`).
 */
export const starts = ['cold', 'warm'] as const;
export type Start = (typeof starts)[number];
