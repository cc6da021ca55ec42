import type { LabEvent } from '../../run/model/labEvents.js';
import { isRefusal } from '../../run/nodes/rulesError.js';
import { downloadText } from '../phrases/downloadText.js';
import { engineText } from '../phrases/engineText.js';
import { cut } from '../text/cut.js';
import { flowProgressText, loadOwnerText } from '../phrases/flowProgressText.js';
import { estimateText } from '../phrases/estimateText.js';
import { countText } from '../text/countText.js';
import { skippedText } from '../phrases/skippedText.js';
import { fixedFlavourText } from '../phrases/fixedFlavourText.js';
import { durationText } from '../../support/duration.js';

/** One line of plain text for each event. */
export function eventText(event: LabEvent): string {
  switch (event.type) {
    case 'engine-step':
      return `engine: ${event.step}${stepText(event)}`;
    case 'engine-download':
      return `engine: ${event.step}: ${downloadText(event)}`;
    case 'engine-note':
      return `engine: ${event.message}`;
    case 'engine-ready':
      return `engine: ready in ${durationText(event.seconds)}: ${engineText(event.identity)}`;
    case 'run-started':
      return `run ${event.runId}: ${jobsText(event.scenarios)}, evidence in ${event.directory}`;
    case 'scenario-started':
      return `${event.scenario}: ${event.title}`;
    case 'stage-started':
      return `${event.scenario}: ${event.stage} ...`;
    case 'stage-finished':
      return `${event.scenario}: ${event.stage} done in ${durationText(event.seconds)}`;
    case 'flows':
      return `${loadOwnerText(event)}: ${flowProgressText(event)}`;
    case 'left-out':
      return skippedText(event);
    case 'estimated':
      return estimateText(event);
    case 'own-flavour':
      return fixedFlavourText(event.scenarios);
    case 'control-kept':
      return `${event.scenario}: the control run that was kept with the lab's saved state counts for it`;
    case 'scenario-finished':
      return `${event.scenario}: ${event.verdict.result.toUpperCase()} in ${durationText(event.seconds)}`;
    case 'scenario-broke':
      return `${event.scenario}: ${isRefusal(event.error) ? 'REFUSED' : 'BROKE'} after ${durationText(event.seconds)}: ${cut(event.error.message)}`;
    case 'cleanup-problem':
      return `cleanup: could not remove ${event.what}: ${cut(event.error.message)}; \`lvs-lab clean\` tries again`;
    case 'run-finished':
      return `run ${event.runId}: over after ${durationText(event.seconds)}`;
    default:
      return event satisfies never;
  }
}

function stepText({ state, seconds }: Extract<LabEvent, { type: 'engine-step' }>): string {
  if (state === 'started') return ' ...';
  if (state === 'failed') return ': did not come to its end';
  return `: done${seconds === undefined ? '' : ` in ${durationText(seconds)}`}`;
}

/** The number of jobs: `2 scenarios`, or if some of them run more than once, `2 scenarios in 6 jobs`. */
function jobsText(jobs: readonly string[]): string {
  // `TARGET: id@legacy#2` is the second time of one scenario, somewhere.
  const scenarios = new Set(jobs.map((job) => job.replace(/^.*: /, '').replace(/(@\w+)?(#\d+)?$/, ''))).size;
  return `${countText(scenarios, 'scenario')}${scenarios === jobs.length ? '' : ` in ${countText(jobs.length, 'job')}`}`;
}
