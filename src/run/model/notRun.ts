/**
 * Why a job that was asked for was never started.
 *
 * - `interrupted`: somebody ended the run (Ctrl-C, SIGTERM).
 * - `deadline`: the time that `--deadline` gave was over.
 * - `stopped`: another job did not pass, and `--stop-on-failure` was given.
 * - `no-engine`: no engine could be opened.
 * - `ended-early`: the run ended before it, for another reason or without a word.
 */
export const notRunReasons = ['interrupted', 'deadline', 'stopped', 'no-engine', 'ended-early'] as const;
export type NotRunReason = (typeof notRunReasons)[number];
