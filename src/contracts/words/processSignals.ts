/** The signals that ask a process of this program to end. (scripts/bootstrap has them once more: it runs before there is TypeScript.) */
export const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type EndingSignal = (typeof endingSignals)[number];
