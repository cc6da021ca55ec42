/** The two times that a scenario's load is driven: before any rule is loaded, and with the rules. */
export const phases = ['control', 'measured'] as const;
export type Phase = (typeof phases)[number];

/** Whether the measured run finds the nodes as after a restart, or with all that the control run taught them. */
export const starts = ['cold', 'warm'] as const;
export type Start = (typeof starts)[number];
