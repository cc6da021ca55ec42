import type { Prediction } from '../../prediction/predict.js';
import type { SiteProblem } from '../../site/model/siteProblem.js';
import type { Paint } from '../text/colour.js';
import { serviceText } from './serviceText.js';

/** How an answer was found: it is said with each. */
export const wayUsed = 'predicted from the rules; not run';

/** What `check` prints; `cure` is what it has to say of cures. */
export function predictionText({ services, problems }: Prediction, cure: string, paint: Paint): string {
  const parts = [
    ...services.map((service) => serviceText(service, paint)),
    ...(cure === '' ? [] : [cure]),
    ...(problems.length === 0 ? [] : [`${problems.map(problemText).join('\n')}\n`]),
    `${wayUsed}\n`,
  ];
  return parts.join('\n');
}

/** `my.iptables:12: expected ..., found ...`. */
export function problemText({ done, at, message }: SiteProblem): string {
  const place = at === undefined ? '' : `${at.file}:${at.line}: `;
  return `${place}${message}${done === 'left out' ? ' (left out)' : ''}`;
}
