import type { NotRunReason } from '../../run/model/notRun.js';

const words: Readonly<Record<NotRunReason, string>> = {
  interrupted: 'the run was interrupted before',
  deadline: 'the time that --deadline gave was over before',
  stopped: 'another job did not pass before, and --stop-on-failure was given',
  'no-engine': 'no engine could be opened',
  'ended-early': 'the run ended before',
};

/** Why a job was not started, in words that follow `not run:`. */
export function notRunText(why: NotRunReason): string {
  return words[why];
}
