import type { Prediction } from '../../prediction/predict.js';
import type { VirtualService } from '../../prediction/model/question.js';
import type { ServiceProof } from '../../proof/serviceProof.js';
import type { SiteProblem } from '../../site/model/siteProblem.js';
import type { Paint } from '../text/colour.js';
import { serviceText } from './serviceText.js';

/** How an answer was found: it is said with each. */
export const waysUsed = {
  predicted: 'predicted from the rules; not run',
  run: 'run in the lab, and predicted from the rules',
} as const;

/** What a lab came to, where there was one. */
export interface ShownProof {
  readonly services: ReadonlyMap<VirtualService, ServiceProof>;
  /** Where its evidence is; undefined: nothing was run. */
  readonly directory: string | undefined;
  /** In what the lab is not as the site is, and what was not run and why. */
  readonly lines: readonly string[];
}

/** What `check` prints; `cure` is what it has to say of cures. */
export function predictionText(
  { services, problems }: Prediction,
  { services: proofs, directory, lines, cure }: ShownProof & { readonly cure: string },
  paint: Paint,
): string {
  const parts = [
    ...services.map((prediction) => serviceText(prediction, proofs.get(prediction.service), paint)),
    ...(cure === '' ? [] : [cure]),
    ...(problems.length === 0 ? [] : [`${problems.map(problemText).join('\n')}\n`]),
    ...(lines.length === 0 ? [] : [`${lines.join('\n')}\n`]),
    `${wayUsed(proofs)}${directory === undefined ? '' : `: ${directory}`}\n`,
  ];
  return parts.join('\n');
}

/** How the answers were found. */
export function wayUsed({ size }: ShownProof['services']): (typeof waysUsed)[keyof typeof waysUsed] {
  return size === 0 ? waysUsed.predicted : waysUsed.run;
}

/** `my.iptables:12: expected ..., found ...`. */
export function problemText({ done, at, message }: SiteProblem): string {
  const place = at === undefined ? '' : `${at.file}:${at.line}: `;
  return `${place}${message}${done === 'left out' ? ' (left out)' : ''}`;
}
