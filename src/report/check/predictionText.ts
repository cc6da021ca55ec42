import type { Prediction } from '../../prediction/predict.js';
import type { VirtualService } from '../../prediction/model/question.js';
import type { Predicted } from '../../prediction/model/predicted.js';
import type { ServiceProbe } from '../../probe/serviceProbe.js';
import type { ServiceProof } from '../../proof/serviceProof.js';
import type { SiteProblem } from '../../site/model/siteProblem.js';
import type { Paint } from '../text/colour.js';
import { serviceText } from './serviceText.js';

/** How an answer was found, in the words that are shown with each answer. */
export const waysUsed = {
  predicted: 'predicted from the rules; not run',
  probed:
    'probed: packets were sent through these rules as far as IPVS, in a network namespace of this machine, and predicted behind it; not run',
  run: 'run in the lab, and predicted from the rules',
} as const;

/** What a lab came to, where there was one. */
export interface ShownProof {
  readonly services: ReadonlyMap<VirtualService, ServiceProof>;
  /** What became of packets that were sent through the rules; empty: none were. */
  readonly probes: ReadonlyMap<VirtualService, ServiceProbe>;
  /** The kernel that had them; undefined: none. */
  readonly kernel: string | undefined;
  /** Where its evidence is; undefined: nothing was run. */
  readonly directory: string | undefined;
  /** In what the lab is not as the site is, and what was not run and why. */
  readonly lines: readonly string[];
}

/** What `check` prints; `cure` is what it has to say of cures. */
export function predictionText(
  { services, problems }: Prediction,
  shown: ShownProof & { readonly cure: string },
  paint: Paint,
): string {
  const { directory, lines, cure } = shown;
  const parts = [
    ...services.map((prediction) => {
      const outcome = outcomeThatCounts(prediction.service, shown) ?? prediction.outcome;
      const found = {
        proof: shown.services.get(prediction.service),
        probe: shown.probes.get(prediction.service),
        kernel: shown.kernel,
      };
      return serviceText({ ...prediction, outcome }, found, paint);
    }),
    ...(cure === '' ? [] : [cure]),
    ...(problems.length === 0 ? [] : [`${problems.map(problemText).join('\n')}\n`]),
    ...(lines.length === 0 ? [] : [`${lines.join('\n')}\n`]),
    `${wayUsed(shown)}${directory === undefined ? '' : `: ${directory}`}\n`,
  ];
  return parts.join('\n');
}

/** How the answers were found. */
export function wayUsed({
  services,
  probes,
}: Pick<ShownProof, 'services' | 'probes'>): (typeof waysUsed)[keyof typeof waysUsed] {
  if (services.size > 0) return waysUsed.run;
  return probes.size > 0 ? waysUsed.probed : waysUsed.predicted;
}

/** What a service came to where it was tried out; undefined: it was not. */
export function outcomeThatCounts(
  service: VirtualService,
  { services, probes }: Pick<ShownProof, 'services' | 'probes'>,
): Predicted | undefined {
  return services.get(service)?.outcome ?? probes.get(service)?.outcome;
}

/** `my.iptables:12: expected ..., found ...`. */
export function problemText({ done, at, message }: SiteProblem): string {
  const place = at === undefined ? '' : `${at.file}:${at.line}: `;
  return `${place}${message}${done === 'left out' ? ' (left out)' : ''}`;
}
